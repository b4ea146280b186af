// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

extension LiveChatAIChannel {
    static let maxListed = 1000
    static let maxMessages = 10_000

    /// What can go wrong with a request, with the contract's words.
    struct Failure: Error {
        var status: Int
        var message: String
        /// What is wrong with a change of the settings, as `validate` says it.
        var diagnostics: JSON?
        var retryAfter: Int?

        init(_ status: Int, _ message: String, diagnostics: JSON? = nil, retryAfter: Int? = nil) {
            self.status = status
            self.message = message
            self.diagnostics = diagnostics
            self.retryAfter = retryAfter
        }

        static let noToken = Failure(401, "No token provided")
        static let badToken = Failure(401, "Invalid token")
    }

    /// What can be asked for; the text is the pattern that the log shows.
    private enum Route: String {
        case root = "/"
        case health = "/health"
        case login = "/api/auth/login"
        case verify = "/api/auth/verify"
        case listChats = "/api/chats"
        case createChat = "POST /api/chats"
        case chat = "/api/chats/{sessionId}"
        case messages = "/api/messages/{sessionId}"
        case markRead = "/api/messages/{id}"
        case config = "/api/ai/config"
        case changeConfig = "PUT /api/ai/config"
        case toggle = "/api/ai/toggle"
        case testAI = "/api/ai/test"
        case nothing = "-"
    }

    /// Answers what is not Socket.IO.
    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        let route = Self.find(request)
        var response: HTTPResponse
        do throws(Failure) {
            response = .json(200, try await perform(route, request))
        } catch {
            var body = JSONObject([.init(name: "error", value: .string(error.message))])
            if let diagnostics = error.diagnostics { body["diagnostics"] = diagnostics }
            response = .json(error.status, .object(body))
            if let seconds = error.retryAfter { response.headers.add("Retry-After", String(seconds)) }
            if error.status < 500 { response.rejection = "request-refused" }
        }
        response.route = route.rawValue
        // The contract lets pages of any origin call it; only sockets are for the listed ones.
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response
    }

    private static func find(_ request: HTTPRequest) -> Route {
        let path = request.looseSegments
        let method = request.method == "HEAD" ? "GET" : request.method
        if path.isEmpty { return method == "GET" ? .root : .nothing }
        let isOne = path.count == 3 && path[0] == "api"
        // No segment of these holds a slash of its own.
        switch (method, path.contains { $0.contains("/") } ? "" : path.joined(separator: "/")) {
        case ("GET", "health"): return .health
        case ("POST", "api/auth/login"): return .login
        case ("GET", "api/auth/verify"): return .verify
        case ("GET", "api/chats"): return .listChats
        case ("POST", "api/chats"): return .createChat
        case ("GET", "api/ai/config"): return .config
        case ("PUT", "api/ai/config"): return .changeConfig
        case ("POST", "api/ai/toggle"): return .toggle
        case ("POST", "api/ai/test"): return .testAI
        case ("GET", _) where isOne && path[1] == "chats": return .chat
        case ("GET", _) where isOne && path[1] == "messages": return .messages
        case ("PATCH", _) where isOne && path[1] == "messages": return .markRead
        default: return .nothing
        }
    }

    private func perform(_ route: Route, _ request: HTTPRequest) async throws(Failure) -> JSON {
        let last = request.looseSegments.last ?? ""
        switch route {
        case .root: return ["message": "Chatbot API Server"]
        case .health: return ["status": "ok"]
        case .login: return try await login(request)
        case .verify:
            _ = try checkAdmin(request)
            return ["valid": true]
        case .listChats: return try await listChats(request)
        case .createChat: return try await createChat(request)
        case .chat: return try await chat(last, request)
        case .messages: return try await messages(last)
        case .markRead: return try await markRead(last, request)
        case .config:
            _ = try checkAdmin(request)
            return config()
        case .changeConfig: return try await changeConfig(request)
        case .toggle: return try await toggleAI(request)
        case .testAI: return try await testAI(request)
        case .nothing: throw Failure(404, "Not found")
        }
    }

    /// Throws for everybody but an admin.
    func checkAdmin(_ request: HTTPRequest) throws(Failure) -> Identity {
        let headers = request.headers.all("Authorization")
        guard headers.count == 1, let token = ChannelStaff.bearer(headers[0]) else { throw .noToken }
        guard let identity = admin(token: token) else { throw .badToken }
        return identity
    }

    /// The members of a body.
    func fields(_ request: HTTPRequest) throws(Failure) -> JSONObject {
        guard let body = try? JSON.parse(request.body, maxDepth: settings?.limits.jsonDepth ?? 64) else {
            throw Failure(400, "Malformed JSON")
        }
        guard let fields = body.members else { throw Failure(400, "A JSON object is expected") }
        return fields
    }
}

// MARK: sessions and messages

extension LiveChatAIChannel {
    private func listChats(_ request: HTTPRequest) async throws(Failure) -> JSON {
        let staff = staffMember(try checkAdmin(request))
        var query = AliasQuery(channel: name, limit: Self.maxListed)
        query.order = .active
        do throws(ServiceError) {
            var sessions: [(JSONObject, String)] = []
            for found in try await services.service.aliased(query) {
                let last = try await services.service.latestMessages(in: found.conversation.id, limit: 1)
                var session = LiveChatAIPayload.session(found)
                let messages = last.map { LiveChatAIPayload.message($0, in: found.alias.externalID) }
                session["messages"] = .array(messages)
                sessions.append((session, session["lastActive"]?.text ?? ""))
            }
            // Some were claimed here before, and wait again.
            let known = Set(sessions.compactMap { $0.0["sessionId"] })
            for session in try await waiting(for: staff) where !known.contains(session["sessionId"] ?? .null)
            {
                sessions.append((session, session["lastActive"]?.text ?? ""))
            }
            // What a client touched without a message counts too.
            return .array(sessions.sorted { $0.1 > $1.1 }.map { .object($0.0) })
        } catch {
            throw Failure(500, "Failed to fetch chats")
        }
    }

    private func chat(_ session: String, _ request: HTTPRequest) async throws(Failure) -> JSON {
        let staff = staffMember(try checkAdmin(request))
        guard let found = await find(session) else {
            let waiting = try? await waiting(for: staff).first { $0["sessionId"]?.text == session }
            guard let waiting else { throw Failure(404, "Chat not found") }
            return .object(waiting)
        }
        var body = LiveChatAIPayload.session(found)
        body["messages"] = try await messages(session)
        return .object(body)
    }

    private func find(_ session: String) async -> AliasedConversation? {
        guard session.utf8.count <= Self.maxSessionBytes else { return nil }
        return try? await services.service.aliased(alias(session))
    }

    private func createChat(_ request: HTTPRequest) async throws(Failure) -> JSON {
        let fields = try fields(request)
        guard let session = fields["sessionId"]?.text, !session.isEmpty,
            session.utf8.count <= Self.maxSessionBytes, !session.contains("\u{0}")
        else { throw Failure(400, "sessionId is required") }
        guard await open(session, fields, nil) != nil else { throw Failure(500, "Failed to create chat") }
        let touched = JSONObject([.init(name: "lastActive", value: .string(services.clock.now().iso8601))])
        _ = try? await services.service.setAttributes(touched, of: alias(session))
        guard let found = await find(session) else { throw Failure(500, "Failed to create chat") }
        return .object(LiveChatAIPayload.session(found))
    }

    private func messages(_ session: String) async throws(Failure) -> JSON {
        guard let found = await find(session) else { return [] }
        do throws(ServiceError) {
            let messages = try await services.service.messages(
                in: found.conversation.id, after: 0, limit: Self.maxMessages)
            // The contract orders by the time that clients gave.
            let sorted = messages.sorted { ($0.createdAt, $0.sequence) < ($1.createdAt, $1.sequence) }
            return .array(sorted.map { LiveChatAIPayload.message($0, in: session) })
        } catch {
            throw Failure(500, "Failed to fetch messages")
        }
    }

    private func markRead(_ id: String, _ request: HTTPRequest) async throws(Failure) -> JSON {
        _ = try checkAdmin(request)
        do throws(ServiceError) {
            guard id.utf8.count <= 64, let message = try await services.service.message(id),
                let here = try await services.service.aliases(of: message.conversation)
                    .first(where: { $0.channel == name }),
                let read = try await services.service.markRead(id)
            else { throw ServiceError(.notFound, "there is no such message") }
            return LiveChatAIPayload.message(read, in: here.externalID)
        } catch {
            throw error.kind == .notFound
                ? Failure(404, "Message not found") : Failure(500, "Failed to update message")
        }
    }
}
