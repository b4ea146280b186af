// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

extension NativeChannel {
    func listAssistants(_ call: NativeCall) -> HTTPResponse {
        let role = call.identity?.role ?? Identity.anonymousRole
        let assistants = call.snapshot.parts.assistants.values
            .filter {
                $0.parts.roles.contains(role) && offers($0.id, call.snapshot)
                    && call.identity?.reaches($0.id) ?? true
            }
            .sorted { $0.id < $1.id }
        let list: [JSON] = assistants.map {
            [
                "id": .string($0.id), "name": .string($0.parts.name),
                "description": .string($0.parts.description),
            ]
        }
        return .json(200, ["assistants": .array(list)])
    }

    func createConversation(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        var fields = try call.fields()
        let assistant = fields.text("assistant", isRequired: true)
        try fields.check()
        guard let assistant, mayBegin(assistant, call.identity, call.snapshot) else {
            throw NativeError(ServiceError(.unknownAssistant, "there is no such assistant"))
        }
        var token: String?
        var identity = call.identity
        if identity == nil {
            guard call.snapshot.assistant(assistant)?.parts.roles.contains(Identity.anonymousRole) == true
            else {
                throw .unauthenticated
            }
            let visitor = settings.visitors.newVisitor(call.snapshot.parts.server, now: call.now)
            (identity, token) = (visitor.identity, visitor.token)
        }
        guard let identity else { throw .unauthenticated }
        let record = try await begin(assistant, identity)
        var body = record.startPayload
        if let token { body["token"] = .string(token) }
        return .json(201, .object(body))
    }

    /// True for assistants of this listener, and for `none`, a conversation between people, where the role needs no
    /// safety floor.
    func mayBegin(_ assistant: String, _ identity: Identity?, _ snapshot: Snapshot) -> Bool {
        guard offers(assistant, snapshot), identity?.reaches(assistant) ?? true else { return false }
        guard assistant == ConversationService.relay else { return snapshot.assistant(assistant) != nil }
        return identity.flatMap { snapshot.parts.server.roles[$0.role] }?.requiresSafety == false
    }

    func begin(_ assistant: String, _ identity: Identity) async throws(NativeError) -> ConversationRecord {
        do throws(ServiceError) {
            return try await settings.service.begin(
                assistant: assistant, caller: identity.caller, channel: name)
        } catch {
            throw NativeError(error)
        }
    }

    func listConversations(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        let identity = try call.bearer()
        let limit = try call.number("limit", default: 50, in: 1...200)
        let cursor = call.request.queryValue("cursor")
        guard cursor.map({ ConversationCursor($0) != nil }) ?? true else {
            throw .unprocessable([NativeError.Detail(path: "cursor", message: "must be one that a list gave")]
            )
        }
        do throws(ServiceError) {
            let page = try await settings.service.list(caller: identity.caller, limit: limit, cursor: cursor)
            let shown = page.conversations.filter {
                offers($0.assistant, call.snapshot) && identity.reaches($0.assistant)
            }
            return .json(
                200,
                [
                    "conversations": .array(shown.map { .object($0.listPayload) }),
                    "cursor": page.cursor.map { .string($0) } ?? .null,
                ])
        } catch {
            throw NativeError(error)
        }
    }

    /// The conversation in the path, if the bearer has a right to it and this listener offers its assistant.
    func conversation(_ call: NativeCall) async throws(NativeError) -> ConversationRecord {
        try await conversation(call.parameters[0], try call.bearer(), call.snapshot)
    }

    func conversation(
        _ id: String, _ identity: Identity, _ snapshot: Snapshot
    ) async throws(NativeError) -> ConversationRecord {
        // Ids are UUIDs; anything longer is not worth asking the store for.
        guard id.utf8.count <= 64 else { throw .noConversation }
        let record: ConversationRecord
        do throws(ServiceError) {
            record = try await settings.service.conversation(id, caller: identity.caller)
        } catch {
            throw NativeError(error)
        }
        guard offers(record.assistant, snapshot), identity.reaches(record.assistant) else {
            throw .noConversation
        }
        return record
    }

    func getConversation(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        let record = try await conversation(call)
        return .json(200, .object(record.detailPayload(call.snapshot)))
    }
}

extension Identity {
    /// The person as conversations know them.
    var caller: Caller {
        var caller = Caller(user: user, role: role, name: name)
        caller.token = token
        return caller
    }
}
