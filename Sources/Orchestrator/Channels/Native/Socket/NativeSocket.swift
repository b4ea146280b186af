// SPDX-License-Identifier: Apache-2.0

package import Transport

/// What a session needs of a socket; a test has one without a wire.
package protocol NativeSocket: AnyObject, Sendable {
    /// The next message; nil when there are no more.
    func receive() async -> WebSocketMessage?
    /// Queues a text message; false when the socket is closed.
    @discardableResult func send(bytes: [UInt8], isText: Bool) -> Bool
    /// Says why and ends.
    func close(code: UInt16, reason: String)
    /// Calls `action` once the time has come, unless the result is called before.
    func schedule(_ delay: Duration, _ action: @escaping @Sendable () -> Void) -> @Sendable () -> Void
}

extension WebSocket: NativeSocket {
    /// Uses the timers of the socket's own loop.
    package func schedule(
        _ delay: Duration, _ action: @escaping @Sendable () -> Void
    ) -> @Sendable () -> Void {
        let timer = loop.after(delay, action)
        return { timer.cancel() }
    }
}
