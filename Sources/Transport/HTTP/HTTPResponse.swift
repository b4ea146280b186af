// SPDX-License-Identifier: Apache-2.0

/// The answer to a request.
///
/// Date, length, connection and `X-Request-Id` are added on the way out.
public struct HTTPResponse: Sendable {
    /// The status code, from 200 to 599.
    public var status: Int
    /// Whatever else the answer says about itself.
    public var headers: HTTPHeaders
    /// See ``HTTPBody``.
    public var body: HTTPBody
    /// The pattern of the path that answered, `/v1/conversations/{id}`; for the log, never sent.
    public var route: String?
    /// The code under which the request was turned away; for the log, never sent.
    public var rejection: String?

    /// An answer of these parts.
    public init(status: Int, headers: HTTPHeaders = [:], body: HTTPBody = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// What follows the head of an answer.
public enum HTTPBody: Sendable {
    /// All of it, with its length.
    case bytes([UInt8])
    /// Pieces as they come.
    ///
    /// The task is cancelled when the client leaves.
    case stream(@Sendable (HTTPBodyWriter) async -> Void)
    /// The connection becomes a WebSocket that lives as long as the closure runs and the client stays; the
    /// task is cancelled when it leaves.
    ///
    /// `subprotocol` is the one chosen of those offered. Only for an upgrade request, at any path; any other is
    /// answered 426.
    case webSocket(
        subprotocol: String?, settings: WebSocketSettings = WebSocketSettings(),
        @Sendable (WebSocket) async -> Void)
    /// The connection becomes a WebSocket that is served by calls and lives until either side closes it.
    ///
    /// For an upgrade request too.
    case received(by: any WebSocketReceiver, settings: WebSocketSettings = WebSocketSettings())
}
