// SPDX-License-Identifier: Apache-2.0

import Synchronization
package import Transport
package import WireProtocols

/// What is known about one socket.
final class LiveChatAIMember: ConversationSubscriber {
    struct State {
        /// It has said which session it serves: a visitor's, never a dashboard's.
        var isVisitor = false
        var attached: [String] = []
        var lastTyping: (session: String, isTyping: Bool, at: Timestamp)?
        /// It hears what admins hear.
        var isAdmin = false

        /// True when that is news.
        mutating func becomes(admin: Bool) -> Bool {
            defer { isAdmin = admin }
            return isAdmin != admin
        }
    }

    let work = RunningWork()
    let state = Mutex(State())

    /// The channel tells rooms; a member alone is told nothing.
    func deliver(_ delivery: ConversationDelivery) {}
}

extension LiveChatAIChannel: SocketNamespace {
    static let maxSessionBytes = 256
    /// The same word about typing again within this time is not passed on.
    static let typingPause = Duration.milliseconds(300)

    /// Everybody may come; a token that is none is told at once, so that a dashboard can ask for a new login.
    package func refusal(of auth: JSONObject, _ handshake: EngineHandshake) -> SocketRefusal? {
        guard let token = auth["token"]?.text, admin(token: token) == nil else { return nil }
        return SocketRefusal("Invalid token")
    }

    package func joined(_ client: SocketClient) {
        let member = LiveChatAIMember()
        client.context = member
        services.metrics.socketsChanged(channel: name, by: 1)
        let identity = admin(token: ChannelStaff.token(client.auth, client.handshake))
        if identity != nil || settings?.hasLegacyAdmins == true { enterDashboard(client, member) }
        guard let expires = identity?.expires, let loop = client.loop else { return }
        // What was proven is proven until then.
        loop.after(max(.zero, expires - services.clock.now())) { [weak client] in
            client?.disconnect()
        }
    }

    package func left(_ client: SocketClient, rooms: [String]) {
        services.metrics.socketsChanged(channel: name, by: -1)
        guard let member = client.context as? LiveChatAIMember else { return }
        client.context = nil
        leaveDashboard(client, member)
        for id in member.state.withLock({ $0.attached }) { services.service.detach(member, from: id) }
    }

    package func snapshotChanged() {
        for client in endpoint.sockets?.members(of: Self.admins) ?? [] where !isAdmin(client) {
            if let member = client.context as? LiveChatAIMember { leaveDashboard(client, member) }
        }
    }

    /// Whether a socket may act as an admin: by its token, or, where the author allows it, by not being a visitor's.
    func isAdmin(_ client: SocketClient) -> Bool {
        if admin(token: ChannelStaff.token(client.auth, client.handshake)) != nil { return true }
        guard settings?.hasLegacyAdmins == true, let member = client.context as? LiveChatAIMember else {
            return false
        }
        return member.state.withLock { !$0.isVisitor }
    }

    package func received(_ event: SocketEvent, from client: SocketClient) {
        guard let member = client.context as? LiveChatAIMember, let fields = event.arguments.first?.members,
            let session = fields["sessionId"]?.text, !session.isEmpty,
            session.utf8.count <= Self.maxSessionBytes, !session.contains("\u{0}")
        else { return }
        switch event.name {
        case "user-typing": typing(fields, session, client, member, fromAdmin: false)
        case "admin-typing": typing(fields, session, client, member, fromAdmin: true)
        case "user-connected", "user-message", "admin-reply":
            let isAdmitted = member.work.run(event, of: client) { [self] in
                switch event.name {
                case "user-connected": await connect(session, fields, client, member)
                case "user-message": await userMessage(session, fields, client, member)
                default: await adminReply(session, fields, client)
                }
            }
            if !isAdmitted { tell(ServiceError(.busy, "too many messages of this socket are waiting")) }
        default: break
        }
    }

    private func typing(
        _ fields: JSONObject, _ session: String, _ client: SocketClient, _ member: LiveChatAIMember,
        fromAdmin: Bool
    ) {
        guard let isTyping = fields["isTyping"]?.flag, !fromAdmin || isAdmin(client) else { return }
        let now = services.clock.now()
        let isNews = member.state.withLock { state in
            if let last = state.lastTyping, last.session == session, last.isTyping == isTyping,
                now - last.at < Self.typingPause
            {
                return false
            }
            state.lastTyping = (session, isTyping, now)
            return true
        }
        guard isNews else { return }
        let told: JSON = ["sessionId": .string(session), "isTyping": .bool(isTyping)]
        if fromAdmin { toRoom(session, "admin-typing", told) } else { toAdmins("user-typing", told) }
    }
}

// MARK: visitors

extension LiveChatAIChannel {
    private func connect(
        _ session: String, _ fields: JSONObject, _ client: SocketClient, _ member: LiveChatAIMember
    ) async {
        member.state.withLock { $0.isVisitor = true }
        if !isAdmin(client) { leaveDashboard(client, member) }
        guard let found = await open(session, fields, client.handshake) else { return }
        client.join(session)
        let id = found.conversation.id
        let isNew = member.state.withLock { state in
            guard state.attached.count < 64, !state.attached.contains(id) else { return false }
            state.attached.append(id)
            return true
        }
        guard isNew else { return }
        _ = try? await services.service.attach(member, to: id, caller: visitor(session))
        if client.context == nil { services.service.detach(member, from: id) }
    }

    /// The session of that name, made if there is none.
    func open(
        _ session: String, _ fields: JSONObject, _ handshake: EngineHandshake?
    ) async -> AliasedConversation? {
        do throws(ServiceError) {
            if let known = try await services.service.aliased(alias(session)) { return known }
            let ip = fields["ipAddress"]?.text ?? handshake?.peer
            let agent = fields["userAgent"]?.text ?? handshake?.userAgent
            let attributes: JSON = [
                "ip": ip.map { .string(String($0.prefix(64))) } ?? .null,
                "userAgent": agent.map { .string(String($0.prefix(512))) } ?? .null,
            ]
            _ = try await services.service.begin(
                assistant: settings?.assistant ?? ConversationService.relay, caller: visitor(session),
                channel: name, alias: alias(session), attributes: attributes.members ?? JSONObject())
            return try await services.service.aliased(alias(session))
        } catch {
            tell(error)
            return nil
        }
    }

    private func userMessage(
        _ session: String, _ fields: JSONObject, _ client: SocketClient, _ member: LiveChatAIMember
    ) async {
        guard let text = fields["message"]?.text, let found = await open(session, fields, client.handshake)
        else { return }
        let ai = settings?.ai ?? ChannelAI()
        let asksForPeople = HandoffPhrase.isIn(text)
        let isHandedOff =
            found.attributes["handedOff"]?.flag == true || found.conversation.state == .human
        var message = ChannelMessage(text, clientMessageID: RandomID.uuid())
        message.createdAt = fields["timestamp"]?.text.flatMap { Timestamp(iso8601: $0) }
        message.isUnanswered = asksForPeople || !ai.isEnabled || isHandedOff
        message.asking = ai.asking
        message.tellsFailure = true
        await submit(message, session, found.conversation.id, client)
        if asksForPeople { await handOff(session, found.conversation.id) }
    }

    private func submit(_ message: ChannelMessage, _ session: String, _ id: String, _ client: SocketClient)
        async
    {
        let key = message.clientMessageID ?? ""
        state.withLock { $0.pending[key] = Pending(client: client, thinks: !message.isUnanswered) }
        do throws(ServiceError) {
            let answer = try await services.service.submit(message, to: id, caller: visitor(session))
            if answer.failure == nil {
                for reply in answer.replies {
                    toRoom(session, "ai-reply", LiveChatAIPayload.message(reply, in: session))
                    toAdmins("chat-list-update")
                }
            }
        } catch {
            tell(error)
        }
        let pending = state.withLock { $0.pending.removeValue(forKey: key) }
        if pending?.hasBegun == true { toRoom(session, "ai-thinking", Self.thinking(session, false)) }
    }

    /// The exact words: clients look for them.
    static let connecting = "Connecting you to our support team..."

    private func handOff(_ session: String, _ id: String) async {
        do throws(ServiceError) {
            try await services.service.setAttributes(
                JSONObject([.init(name: "handedOff", value: true)]), of: alias(session))
            toAdmins("handoff-requested", ["sessionId": .string(session)])
            _ = try await services.service.announce(Self.connecting, in: id, caller: visitor(session))
            if settings?.assistant != ConversationService.relay { try await call(id, session) }
        } catch {
            tell(error)
        }
    }

    // It waits in the assistant's queue, if there is one, where staff of other channels find it; whoever waits already
    // goes on waiting there.
    private func call(_ id: String, _ session: String) async throws(ServiceError) {
        let service = services.service
        let before = try await service.conversation(id, caller: visitor(session)).state
        guard before == .assistant || before == .closed else { return }
        // Admins here have just been told, and may be told by the queue before this returns.
        state.withLock { $0.called = Array(($0.called + [id]).suffix(256)) }
        var isAnnounced = false
        defer { if !isAnnounced { state.withLock { $0.called.removeAll { $0 == id } } } }
        do throws(ServiceError) {
            let record = try await service.requestHandoff(id, caller: visitor(session), isTold: true)
            let serves = settings?.serves ?? []
            isAnnounced =
                record.state == .waiting && record.queue.map(serves.contains) == true
                && state.withLock { $0.dashboard != nil }
        } catch {
            guard error.kind == .unknownQueue else { throw error }
        }
    }

    func tell(_ error: ServiceError) {
        let fields: JSON = ["channel": .string(name)]
        services.log.log(.warning, error.kind.rawValue, error.message, fields.members ?? JSONObject())
    }
}

extension ChannelAI {
    /// What is said to a provider about how to answer.
    var asking: ChannelMessage.Asking {
        var asking = ChannelMessage.Asking()
        asking.provider = provider
        asking.model = model
        asking.systemPrompt = systemPrompt
        asking.temperature = temperature
        asking.maxTokens = maxTokens
        return asking
    }
}
