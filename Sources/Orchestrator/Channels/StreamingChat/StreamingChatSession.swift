// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Transport
import WireProtocols

/// One socket of a proven person, whose questions are answered in their order.
///
/// A person has one conversation on the channel, whichever socket they use: what staff say reaches all of them, what a
/// turn says only the one that asked.
final class StreamingChatSession: Sendable {
    /// Questions of one socket that may be on their way at once.
    static let maxRunning = 32
    /// The name of a person's conversation on this channel.
    static let alias = "session"

    private struct State {
        var conversation: String?
        var running = 0
        var isClosed = false
        /// Messages that went out as part of a turn's answer, so that they are not told again; the last few.
        var told: [String] = []
    }

    let channel: StreamingChatChannel
    let socket: any NativeSocket
    let identity: Identity
    private let token: String
    let member: SessionMember
    private let line: StreamingChatLine
    private let state = Mutex(State())

    init(_ channel: StreamingChatChannel, _ socket: any NativeSocket, identity: Identity, token: String) {
        self.channel = channel
        self.socket = socket
        self.identity = identity
        self.token = token
        line = StreamingChatLine { [socket] in _ = socket.send(bytes: $0, isText: true) }
        let role = channel.services.snapshots.current().parts.server.roles[identity.role]
        member = SessionMember(
            channel: channel.name, user: identity.user, role: identity.role, name: identity.name,
            isStaff: role?.isStaff ?? false, since: channel.services.clock.now())
    }

    private var now: Timestamp { channel.services.clock.now() }

    /// Serves the socket until it is closed.
    func run() async {
        let services = channel.services
        services.sockets.add(self)
        services.metrics.socketsChanged(channel: channel.name, by: 1)
        // What was taken back between the handshake and this line has told only those who were there.
        snapshotChanged()
        let cancelExpiry = identity.expires.map { end in
            socket.schedule(max(.zero, end - now)) { [weak self] in self?.end(.expired) }
        }
        send(StreamingChatPayload.connection(now))
        _ = await conversation()
        await withDiscardingTaskGroup { group in
            while let message = await socket.receive() {
                take(message, &group)
                if state.withLock(\.isClosed) { break }
            }
            leave()
            // Turns that still run are cut short, as for any client that leaves.
            group.cancelAll()
        }
        cancelExpiry?()
        services.sockets.remove(self)
        services.metrics.socketsChanged(channel: channel.name, by: -1)
    }

    func send(_ bytes: [UInt8]) { _ = socket.send(bytes: bytes, isText: true) }

    private func leave() {
        guard let id = state.withLock({ $0.conversation }) else { return }
        channel.services.service.detach(self, from: id)
    }

    private func take(_ message: WebSocketMessage, _ group: inout DiscardingTaskGroup) {
        let settings = channel.settings()
        let key = "user:" + identity.user
        guard case .admitted = channel.floods.admit(key, settings.limits.requests, factor: 20, now: now)
        else {
            return end(.flood)
        }
        switch StreamingChatFrame(message, depth: settings.limits.jsonDepth) {
        case .ping: send(StreamingChatPayload.pong(now))
        case .refused(let reason): send(StreamingChatPayload.error(reason, now))
        case .escalation(let words):
            send(StreamingChatPayload.escalation(now))
            group.addImmediateTask { [self] in await escalate(words) }
        case .chat(let text):
            guard admit() else {
                return send(StreamingChatPayload.error("Too many messages are waiting", now))
            }
            send(StreamingChatPayload.typing(now))
            let answer = answer()
            // Starts at once on this thread, so that questions take their places in the order in which they came.
            group.addImmediateTask { [self] in await say(text, answer) }
        }
    }

    private func admit() -> Bool {
        state.withLock { state in
            guard state.running < Self.maxRunning else { return false }
            state.running += 1
            return true
        }
    }

    private func say(_ text: String, _ answer: StreamingChatAnswer) async {
        defer { state.withLock { $0.running -= 1 } }
        guard let id = await conversation() else {
            return answer.fail("This assistant is not available to you")
        }
        var message = ChannelMessage(text)
        message.tellsFailure = true
        do throws(ServiceError) {
            let result = try await channel.services.service.submit(
                message, to: id, caller: identity.caller, progress: answer)
            remember(result.replies)
            if let cause = result.failure {
                return answer.fail(StreamingChatFailure.text(cause, detail: result.failureDetail))
            }
            let isEmergency = result.replies.contains { $0.safety?["level"] == "emergency" }
            answer.finish(result.replies, emergency: isEmergency)
        } catch {
            answer.fail(StreamingChatFailure.text(error))
        }
    }

    /// The person's conversation here, begun with their first socket; nil when the assistant is not for them.
    private func conversation() async -> String? {
        if let id = state.withLock({ $0.conversation }) { return id }
        let service = channel.services.service
        guard let assistant = channel.settings().assistant else { return nil }
        let alias = ConversationAlias(channel: channel.name, user: identity.user, externalID: Self.alias)
        do throws(ServiceError) {
            let record = try await service.begin(
                assistant: assistant, caller: identity.caller, channel: channel.name, alias: alias)
            _ = try await service.attach(self, to: record.id, caller: identity.caller)
            let isFirst = state.withLock { state in
                defer { state.conversation = record.id }
                return state.conversation == nil
            }
            // Two questions at once may both have attached.
            if !isFirst { service.detach(self, from: record.id) }
            return record.id
        } catch {
            return nil
        }
    }

    private func answer() -> StreamingChatAnswer {
        StreamingChatAnswer(line, place: line.take()) { [clock = channel.services.clock] in clock.now() }
    }

    /// Calls people; that somebody comes has been said in the contract's words.
    private func escalate(_ words: String?) async {
        guard let id = await conversation() else { return }
        await note()
        if let words { await screen(words, id) }
        let service = channel.services.service
        do throws(ServiceError) {
            // Whoever waits already, for a doctor on call perhaps, goes on waiting there.
            let state = try await service.conversation(id, caller: identity.caller).state
            guard state == .assistant || state == .closed else { return }
            _ = try await service.requestHandoff(id, caller: identity.caller, isTold: true)
        } catch {
            // Without a queue the note is all there is.
            guard error.kind != .unknownQueue else { return }
            channel.services.log.log(.error, "escalation-unqueued", error.message)
        }
    }

    // What they say with it is theirs like any message: kept for staff, and never past the safety floor.
    private func screen(_ words: String, _ id: String) async {
        var message = ChannelMessage(words)
        message.isUnanswered = true
        guard
            let result = try? await channel.services.service.submit(message, to: id, caller: identity.caller),
            !result.replies.isEmpty
        else { return }
        remember(result.replies)
        answer().finish(result.replies, emergency: true)
    }

    private func note() async {
        let alias = ConversationAlias(channel: channel.name, user: identity.user, externalID: Self.alias)
        let noted = JSONObject([.init(name: "escalation_at", value: .string(now.iso8601))])
        do throws(ServiceError) {
            try await channel.services.service.setAttributes(noted, of: alias)
        } catch {
            channel.services.log.log(.error, "escalation-unstored", error.message)
        }
    }

    private func remember(_ replies: [MessageRecord]) {
        state.withLock { $0.told = Array(($0.told + replies.map(\.id)).suffix(64)) }
    }
}

// MARK: what comes from elsewhere

extension StreamingChatSession: ConversationSubscriber {
    /// Tells what staff say, and what is said without a question: when nobody came, for one.
    func deliver(_ delivery: ConversationDelivery) {
        guard case .message(let message) = delivery.event, message.author != .user, message.inReplyTo == nil,
            message.safety == nil, !state.withLock({ $0.told.contains(message.id) })
        else { return }
        answer().finish([message], emergency: true)
    }
}

extension StreamingChatSession: ChannelSession {
    /// This dialect has no frame for notices to staff.
    func tell(_ delivery: ConversationDelivery) {}

    func snapshotChanged() {
        let services = channel.services
        let snapshot = services.snapshots.current()
        do throws(TokenError) {
            let verifier = channel.verifier(channel.settings())
            let found = try verifier.verify(token, snapshot, now: services.clock.now())
            guard found.role == identity.role, found.user == identity.user else { return end(.revoked) }
        } catch {
            return end(error.kind == .unknownRole ? .roleGone : error.kind == .expired ? .expired : .revoked)
        }
        guard let assistant = channel.settings().assistant, assistant != ConversationService.relay else {
            return
        }
        if snapshot.assistant(assistant)?.parts.roles.contains(identity.role) != true { end(.roleGone) }
    }
}

// MARK: the end

extension StreamingChatSession {
    /// Why a socket is closed by the server.
    enum Ending: String {
        case expired = "expired-token"
        case revoked = "token-no-longer-valid"
        case roleGone = "unknown-role"
        case flood = "rate-limited"

        var code: UInt16 {
            switch self {
            case .expired, .revoked: 4401
            case .roleGone: 4403
            case .flood: 1008
            }
        }

        var message: String {
            switch self {
            case .expired: "Your session has expired, please log in again"
            case .revoked: "Your session is no longer valid, please log in again"
            case .roleGone: "You may not use this chat any more"
            case .flood: "Too many messages"
            }
        }
    }

    /// Says why, and closes.
    func end(_ ending: Ending) {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard isFirst else { return }
        send(StreamingChatPayload.error(ending.message, channel.services.clock.now()))
        socket.close(code: ending.code, reason: ending.rawValue)
        channel.services.log.log(
            .info, ending.rawValue, nil, JSONObject([.init(name: "channel", value: .string(channel.name))]))
    }
}
