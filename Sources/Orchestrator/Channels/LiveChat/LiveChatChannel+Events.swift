// SPDX-License-Identifier: Apache-2.0

import Synchronization
package import Transport
package import WireProtocols

/// What a socket has joined: keeps its conversations in memory, so that its messages take their places as they come.
final class LiveChatMember: ConversationSubscriber {
    /// Sessions that one socket may join.
    static let maxSessions = 64

    let work = RunningWork()
    private let conversations = Mutex<[(session: String, id: String)]>([])

    /// The channel tells the room; a member alone is told nothing.
    func deliver(_ delivery: ConversationDelivery) {}

    func conversation(of session: String) -> String? {
        conversations.withLock { $0.first { $0.session == session }?.id }
    }

    /// False when it is there already, or there are too many.
    func add(_ session: String, _ id: String) -> Bool {
        conversations.withLock { conversations in
            guard conversations.count < Self.maxSessions,
                !conversations.contains(where: { $0.session == session })
            else { return false }
            conversations.append((session, id))
            return true
        }
    }

    func takeAll() -> [String] {
        conversations.withLock { conversations in
            defer { conversations = [] }
            return conversations.map(\.id)
        }
    }
}

extension LiveChatChannel: SocketNamespace {
    static let maxSessionBytes = 256

    /// Everybody may come; who is staff is asked when they act as such.
    package func refusal(of auth: JSONObject, _ handshake: EngineHandshake) -> SocketRefusal? { nil }

    package func joined(_ client: SocketClient) {
        let member = LiveChatMember()
        client.context = member
        services.metrics.socketsChanged(channel: name, by: 1)
        guard client.isRecovered else { return }
        client.run { [self] in for session in client.rooms { await attach(session, client, member) } }
    }

    package func left(_ client: SocketClient, rooms: [String]) {
        services.metrics.socketsChanged(channel: name, by: -1)
        guard let member = client.context as? LiveChatMember else { return }
        client.context = nil
        for id in member.takeAll() { services.service.detach(member, from: id) }
    }

    package func received(_ event: SocketEvent, from client: SocketClient) {
        guard let member = client.context as? LiveChatMember else { return }
        let isAdmitted = member.work.run(event, of: client) { [self] in
            switch event.name {
            case "init_session": await initSession(event, client, member)
            case "user_message": await say(event, client, member, asStaff: false)
            case "admin_message": await say(event, client, member, asStaff: true)
            default: break
            }
        }
        if !isAdmitted { fail(event, client, "Too many messages are waiting") }
    }

    private func fail(_ event: SocketEvent, _ client: SocketClient, _ message: String) {
        client.acknowledge(event, [["ok": false, "error": .string(message)]])
    }
}

// MARK: sessions

extension LiveChatChannel {
    private func initSession(_ event: SocketEvent, _ client: SocketClient, _ member: LiveChatMember) async {
        let asked: String
        switch event.arguments.first ?? .null {
        case .null: asked = ""
        case .object(let fields) where fields["sessionId"]?.isNull ?? true: asked = ""
        case .object(let fields):
            guard let text = fields["sessionId"]?.text, text.utf8.count <= Self.maxSessionBytes else {
                return fail(event, client, "sessionId must be a string")
            }
            asked = text
        default: return fail(event, client, "init_session takes an object")
        }
        let session: String?
        if asked.isEmpty {
            session = await begin(client, member)
        } else {
            session = await resume(asked, client, member)
        }
        guard let session else { return fail(event, client, "The session could not be opened") }
        client.acknowledge(event, [["sessionId": .string(session)]])
    }

    // The id is the key to the session, so it is made where all ids are: unguessable.
    private func begin(_ client: SocketClient, _ member: LiveChatMember) async -> String? {
        let session = RandomID.uuid()
        let attributes: JSON = [
            "ip": .string(client.handshake.peer),
            "userAgent": client.handshake.userAgent.map { .string(String($0.prefix(512))) } ?? .null,
        ]
        do throws(ServiceError) {
            let record = try await services.service.begin(
                assistant: settings?.assistant ?? ConversationService.relay,
                caller: .guest(of: name, session), channel: name, alias: alias(session),
                attributes: attributes.members ?? JSONObject())
            await attach(session, record.id, client, member)
            return session
        } catch {
            tell(error)
            return nil
        }
    }

    private func resume(_ asked: String, _ client: SocketClient, _ member: LiveChatMember) async -> String? {
        if await attach(asked, client, member) { return asked }
        guard settings?.trustsUnknown == true else { return await begin(client, member) }
        // As the original: nobody asks whether it was ever given out, and nothing is stored for it.
        client.join(asked)
        return asked
    }

    /// False when the channel has no such session.
    @discardableResult
    private func attach(_ session: String, _ client: SocketClient, _ member: LiveChatMember) async -> Bool {
        guard let found = try? await services.service.aliased(alias(session)) else { return false }
        await attach(session, found.conversation.id, client, member)
        return true
    }

    private func attach(
        _ session: String, _ id: String, _ client: SocketClient, _ member: LiveChatMember
    ) async {
        guard member.add(session, id) else { return }
        client.join(session)
        _ = try? await services.service.attach(member, to: id, caller: .guest(of: name, session))
        // Gone meanwhile: whoever cleared up did not see this one.
        if client.context == nil { services.service.detach(member, from: id) }
    }

    func tell(_ error: ServiceError) {
        let fields: JSON = ["channel": .string(name)]
        services.log.log(.warning, error.kind.rawValue, error.message, fields.members ?? JSONObject())
    }
}

// MARK: messages

extension LiveChatChannel {
    private func say(
        _ event: SocketEvent, _ client: SocketClient, _ member: LiveChatMember, asStaff: Bool
    ) async {
        guard let fields = event.arguments.first?.members, let session = fields["sessionId"]?.text,
            let content = fields["content"]?.text
        else { return fail(event, client, "sessionId and content must be strings") }
        var caller = Caller.guest(of: name, session)
        if asStaff {
            guard let proven = staffCaller(client) else { return fail(event, client, "Not authorized") }
            caller = proven
        }
        guard session.utf8.count <= Self.maxSessionBytes,
            let id = await conversation(of: session, member)
        else { return fail(event, client, "Chat session not found") }
        do throws(ServiceError) {
            let message = try await store(content, in: id, caller)
            client.acknowledge(event, [["ok": true, "id": .string(CUID.text(message.id))]])
        } catch {
            fail(event, client, error.kind == .notFound ? "Chat session not found" : error.message)
        }
    }

    private func conversation(of session: String, _ member: LiveChatMember) async -> String? {
        if let known = member.conversation(of: session) { return known }
        return try? await services.service.aliased(alias(session))?.conversation.id
    }

    private func store(
        _ content: String, in id: String, _ caller: Caller
    ) async throws(ServiceError) -> MessageRecord {
        guard caller.staffOf == nil else {
            let staff = StaffMember(caller, channel: name)
            return try await services.service.reply(ChannelMessage(content), to: id, by: staff)
        }
        return try await services.service.submit(ChannelMessage(content), to: id, caller: caller).message
    }

    /// Whoever may act as staff: with `open` everybody, else who has the token.
    private func staffCaller(_ client: SocketClient) -> Caller? {
        guard let settings else { return nil }
        if settings.staffAccess == .open {
            return Caller(user: "\(name):admin", role: Identity.anonymousRole, staffOf: name)
        }
        let token = ChannelStaff.token(client.auth, client.handshake)
        guard let identity = staff.member(token: token) else { return nil }
        return Caller(user: identity.user, role: identity.role, name: identity.name, staffOf: name)
    }
}
