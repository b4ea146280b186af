// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

extension NativeChannel {
    func tellEvent(_ call: NativeCall) async throws(NativeError) -> HTTPResponse {
        let poster = try call.bearer()
        var fields = try call.fields()
        let user = fields.text("user", isRequired: true)
        let data = fields.object("data")
        try fields.check()
        let key = try call.idempotencyKey()
        guard let user, let name = call.parameters.first else { throw .unprocessable([]) }
        if case .refused(let quota) = events.admit(user, call.limits.events, now: call.now) {
            throw .tooMany(quota)
        }
        let post = EventPost(event: name, user: user, data: data ?? JSONObject(), idempotencyKey: key)
        do throws(EventError) {
            let message = try await settings.service.tell(post, by: poster) { offers($0, call.snapshot) }
            return .json(
                202,
                [
                    "event": .string(name), "conversation": .string(message.conversation),
                    "message": .string(message.id),
                ])
        } catch {
            throw NativeError(error)
        }
    }
}

extension NativeCall {
    /// The header `Idempotency-Key`; nil without one.
    fileprivate func idempotencyKey() throws(NativeError) -> String? {
        let values = request.headers.all("Idempotency-Key")
        guard let key = values.first else { return nil }
        let isPlain = key.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        guard values.count == 1, isPlain, !key.isEmpty, key.utf8.count <= EventPost.maxKeyLength else {
            throw .unprocessable([
                NativeError.Detail(
                    path: "Idempotency-Key",
                    message: "must be one of at most \(EventPost.maxKeyLength) printable ASCII characters")
            ])
        }
        return key
    }
}
