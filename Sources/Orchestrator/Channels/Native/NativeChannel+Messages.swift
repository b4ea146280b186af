// SPDX-License-Identifier: Apache-2.0

import Transport

extension NativeChannel {
    func listMessages(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        let after = try call.number("after", default: 0, in: 0...Int.max)
        let limit = try call.number("limit", default: 50, in: 1...200)
        let caller = try call.bearer().caller
        let record = try await conversation(call)
        do throws(ServiceError) {
            let page = try await settings.service.messages(
                in: record.id, caller: caller, after: after, limit: limit)
            return .json(200, encoded: MessagePayload.encode(page))
        } catch {
            throw NativeError(error)
        }
    }

    func sendMessage(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        let identity = try call.bearer()
        let record = try await conversation(call)
        var fields = try call.fields()
        let text = fields.text("text", isRequired: true, atMost: call.limits.messageCharacters)
        let clientMessageID = fields.text("client_message_id", atMost: 128)
        try fields.check()
        guard let text else { throw .unprocessable([]) }
        let key = Self.key(identity, peer: call.request.peer)
        if case .refused(let quota) = admitFlood(key, call.limits, now: call.now) { throw .tooMany(quota) }
        try limitMessage(text, to: record.assistant, key: key, call.snapshot, now: call.now)
        let turn = TurnRequest(
            text: text, conversation: record.id, caller: identity.caller, clientMessageID: clientMessageID)
        if call.wantsEvents { return try await streamTurn(turn) }
        do throws(ServiceError) {
            return .json(200, encoded: MessagePayload.encode(try await submit(turn, progress: nil)))
        } catch {
            throw NativeError(error)
        }
    }

    func submit(
        _ turn: TurnRequest, progress: (any TurnProgress)?
    ) async throws(ServiceError) -> TurnAnswer {
        try await settings.service.submit(
            turn.text, to: turn.conversation, caller: turn.caller, clientMessageID: turn.clientMessageID,
            progress: progress)
    }
}

/// A message on its way to its turn.
struct TurnRequest: Sendable {
    var text: String
    var conversation: String
    var caller: Caller
    var clientMessageID: String?
}
