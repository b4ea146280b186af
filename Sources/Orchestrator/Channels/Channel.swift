// SPDX-License-Identifier: Apache-2.0

package import Transport

/// What serves one listener: requests of one dialect in, answers out.
///
/// It lives as long as its listener. What it is judged by it reads from the snapshot on each request, so that
/// a reload acts at once.
package protocol Channel: Sendable {
    /// Answers a request; a WebSocket is an answer too.
    func handle(_ request: HTTPRequest) async -> HTTPResponse

    /// The limits of a body that ``handle(_:)`` reads piece by piece (`request.bodyReader`); nil for one that is read
    /// whole before.
    ///
    /// Asked on an event loop when the header is there, so it decides by method, path and header alone.
    func bodyLimits(_ request: HTTPRequest) -> HTTPBodyLimits?

    /// A new snapshot is being served; sockets whose right is gone are closed here.
    ///
    /// Sessions in the ``SocketDirectory`` are told besides.
    func snapshotChanged()

    /// The listener takes no more connections: what is kept beyond a connection ends here.
    func close() async
}

extension Channel {
    /// Answers a request; what a listener is given.
    package var handler: @Sendable (HTTPRequest) async -> HTTPResponse { { await handle($0) } }
    /// All bodies are read whole.
    package func bodyLimits(_ request: HTTPRequest) -> HTTPBodyLimits? { nil }
    /// Nothing to do.
    package func snapshotChanged() {}
    /// Nothing to do.
    package func close() async {}
}

/// A dialect behind what every listener does to a request first.
package struct FrontedChannel: Channel {
    private let channel: any Channel
    private let answer: @Sendable (HTTPRequest) async -> HTTPResponse

    /// A dialect behind a front.
    package init(_ front: ListenerFront, _ channel: any Channel) {
        self.channel = channel
        answer = front.before(channel.handler)
    }

    package func handle(_ request: HTTPRequest) async -> HTTPResponse { await answer(request) }
    package func bodyLimits(_ request: HTTPRequest) -> HTTPBodyLimits? { channel.bodyLimits(request) }
    package func snapshotChanged() { channel.snapshotChanged() }
    package func close() async { await channel.close() }
}
