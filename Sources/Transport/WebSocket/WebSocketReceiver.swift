// SPDX-License-Identifier: Apache-2.0

/// Takes what a WebSocket brings, without a task that waits for it: what ten thousand silent sockets should cost.
///
/// Called on the socket's loop, one call at a time. Must not block.
public protocol WebSocketReceiver: AnyObject, Sendable {
    /// The socket is open.
    func opened(_ socket: WebSocket)
    /// A message has come; it is time to read on when this returns.
    func received(_ message: WebSocketMessage, from socket: WebSocket)
    /// No more messages will come or go.
    ///
    /// Called once.
    func ended(_ socket: WebSocket)
}
