// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// A request that is not answered as asked: a status, a code, one sentence.
struct NativeError: Error, Sendable {
    /// One thing wrong with a body or query.
    struct Detail: Sendable, Hashable {
        var path: String
        var message: String
    }

    var status: Int
    var code: String
    var message: String
    var details: [Detail] = []
    var headers: [Header] = []

    /// A header field of the answer.
    struct Header: Sendable, Hashable {
        var name: String
        var value: String
    }

    init(_ status: Int, _ code: String, _ message: String, details: [Detail] = [], headers: [Header] = []) {
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.headers = headers
    }

    /// `{"error":{"code","message","request_id","details"?}}`.
    func body(requestID: String) -> JSON {
        var error = JSONObject()
        error["code"] = .string(code)
        error["message"] = .string(message)
        error["request_id"] = .string(requestID)
        if !details.isEmpty {
            error["details"] = .array(
                details.map { ["path": .string($0.path), "message": .string($0.message)] })
        }
        return ["error": .object(error)]
    }
}
