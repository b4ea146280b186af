// SPDX-License-Identifier: Apache-2.0

/// A request that was turned away before routing.
public struct HTTPRefusal: Sendable, Equatable {
    /// The status of the answer.
    public let status: Int
    /// The kebab-case code in its body.
    public let code: String
    /// One sentence.
    public let message: String
    /// The id in `X-Request-Id` and in the body.
    public let requestID: String
    /// The client's address.
    public let peer: String
}

extension HTTPRefusal {
    /// `{"error":{"code","message","request_id"}}`.
    public var defaultResponse: HTTPResponse {
        // Codes and messages are our own words, ids are hexadecimal: nothing here needs escaping.
        let body = #"{"error":{"code":"\#(code)","message":"\#(message)","request_id":"\#(requestID)"}}"#
        return HTTPResponse(
            status: status, headers: ["Content-Type": "application/json"], body: .bytes(Array(body.utf8)))
    }
}
