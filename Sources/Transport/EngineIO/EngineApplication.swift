// SPDX-License-Identifier: Apache-2.0
package import WireProtocols

/// What is known about a client from the request that opened its session.
package final class EngineHandshake: Sendable {
    /// The address it came from.
    package let peer: String
    /// What it calls itself.
    package let userAgent: String?
    /// The `Authorization` header.
    package let authorization: String?

    /// Takes what is kept of a request.
    package init(_ request: HTTPRequest) {
        peer = request.peer
        userAgent = request.headers["User-Agent"]
        authorization = request.headers["Authorization"]
    }
}

/// What is served over Engine.IO.
package protocol EngineApplication: AnyObject, Sendable {
    /// A session has begun; the result takes what its client says.
    func opened(_ connection: EngineConnection, _ handshake: EngineHandshake) -> any EngineReceiver
}

/// Takes what one session's client says: one call at a time, in order.
///
/// Must not block.
package protocol EngineReceiver: AnyObject, Sendable {
    /// A message has come.
    func received(_ message: EngineMessage)
    /// The session is over.
    func closed(_ reason: EngineCloseReason)
    /// Time has passed; when it wants to be asked again, nil for no matter when.
    func visit(now: Int) -> Int?
}
