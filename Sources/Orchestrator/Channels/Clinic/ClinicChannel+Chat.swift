// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

extension ClinicChannel {
    /// A conversation is continued without its id for so long.
    static let continued = Duration.seconds(1800)

    /// Says something to the assistant of a role.
    func chat(_ call: ClinicCall, as role: String) async throws(ClinicError) -> HTTPResponse {
        try call.require(role, "ADMIN")
        var fields = try call.fields()
        let text = fields.text("message", atMost: call.limits.messageCharacters)
        let given = fields.text("conversation_id", isRequired: false, atMost: 128)
        _ = fields.object("context", isRequired: false)
        try fields.check()
        guard let text, let assistant = call.snapshot.parts.server.channels[name]?.choices[role] else {
            throw .unknownRoute
        }
        do throws(ClinicError) { try count(call) } catch {
            // An emergency is answered however many messages came before it.
            guard NativeChannel.isEmergency(text, for: assistant, call.snapshot) else { throw error }
        }
        // An administrator speaks as one of those the assistant is for, with their own id: other people's rows
        // stay other people's.
        var caller = call.identity.caller
        caller.role = role
        do throws(ServiceError) {
            let conversation = try await conversation(given, assistant, caller, call.now)
            let answer = try await services.service.submit(text, to: conversation, caller: caller)
            let shown = given ?? conversation
            let response = ChatResponsePayload(
                answer, role: role, withStaff: withStaff(assistant, call.snapshot), conversation: shown,
                at: services.clock.now())
            return .json(200, response.json)
        } catch {
            if error.kind == .emptyMessage {
                throw .invalid([
                    [
                        "type": "string_too_short", "loc": ["body", "message"],
                        "msg": "String should have at least 1 character", "input": .string(text),
                    ]
                ])
            }
            throw ClinicError(error)
        }
    }

    /// The conversation that an id names, or the one that a person is in.
    private func conversation(
        _ given: String?, _ assistant: String, _ caller: Caller, _ now: Timestamp
    ) async throws(ServiceError) -> String {
        let service = services.service
        guard let given else { return try await current(assistant, caller, now) }
        let alias = ConversationAlias(
            channel: name, user: caller.user, externalID: "\(assistant):\(given)")
        if let known = try await service.aliased(alias) { return known.conversation.id }
        // The id may be one that we gave: a conversation's own.
        if given.utf8.count <= 64, let own = try? await service.conversation(given, caller: caller),
            own.assistant == assistant, own.channel == name
        {
            return own.id
        }
        return try await service.begin(assistant: assistant, caller: caller, channel: name, alias: alias).id
    }

    private func current(
        _ assistant: String, _ caller: Caller, _ now: Timestamp
    ) async throws(ServiceError) -> String {
        let service = services.service
        let alias = ConversationAlias(channel: name, user: caller.user, externalID: "\(assistant):")
        guard let known = try await service.aliased(alias)?.conversation else {
            return try await service.begin(assistant: assistant, caller: caller, channel: name, alias: alias)
                .id
        }
        if now - known.updatedAt < Self.continued, known.state != .closed { return known.id }
        let next = try await service.begin(assistant: assistant, caller: caller, channel: name)
        try await service.bind(alias, to: next.id)
        return next.id
    }

    private func withStaff(_ assistant: String, _ snapshot: Snapshot) -> String {
        let response =
            snapshot.assistant(assistant)?.parts.responses[BuiltinResponse.withStaff]
            ?? BuiltinResponse.named(BuiltinResponse.withStaff)
        guard let text = response?.alternatives.first else { return "" }
        return text.text(in: Scope(JSONObject(), time: LocalTime(now: services.clock.now())))
    }
}

/// What a message to an assistant is answered with.
///
/// A turn may say several things; this dialect has one text for them. Type, buttons and data are those of the first
/// text that has a type.
struct ChatResponsePayload: Sendable {
    let json: JSON

    init(_ answer: TurnAnswer, role: String, withStaff: String, conversation: String, at now: Timestamp) {
        let usual = role == "DOCTOR" ? "doctor_clarification" : "clarification"
        let typed = answer.replies.first { $0.type != nil }
        let isFailure = answer.failure != nil
        let said = answer.replies.map { $0.text }.joined(separator: "\n\n")
        let text = answer.replies.isEmpty ? withStaff : said
        let isPossible = answer.replies.contains { $0.safety?["level"]?.text == "possible" }
        let type =
            isFailure
            ? "error"
            : isPossible ? "clarification" : typed?.type ?? (answer.replies.isEmpty ? "clarification" : usual)
        json = [
            "response": .string(isFailure ? Self.failed(text) : text), "type": .string(type),
            "actions": typed?.buttons ?? [], "data": typed?.data ?? .null,
            "conversation_id": .string(conversation), "timestamp": .string(now.iso8601),
        ]
    }

    /// Clients look for these two words in a failure.
    private static func failed(_ text: String) -> String {
        text.contains("try again") ? text : (text.isEmpty ? "" : text + "\n\n") + "Please try again later."
    }
}
