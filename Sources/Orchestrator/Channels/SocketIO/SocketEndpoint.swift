// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Transport
import WireProtocols

/// The Socket.IO endpoint of a channel.
///
/// Made with the first request, since only then its channel's settings are those of the snapshot being served.
final class SocketEndpoint: Sendable {
    private struct Parts: Sendable {
        let sockets: SocketServer
        let engine: EngineServer
    }

    private let parts = Mutex<Parts?>(nil)

    /// What speaks to rooms; nil before the first request.
    var sockets: SocketServer? { parts.withLock { $0?.sockets } }

    /// True for requests to it: with or without a slash at the end.
    static func owns(_ path: String) -> Bool { path == "/socket.io/" || path == "/socket.io" }

    /// Answers a request; which origins may come is the listener's affair.
    func handle(
        _ request: HTTPRequest, _ namespace: any SocketNamespace, _ channel: ChannelSettings?
    ) async -> HTTPResponse {
        let engine = parts.withLock { parts in
            if let parts { return parts.engine }
            let settings = channel.map(SocketSettings.init) ?? SocketSettings()
            let sockets = SocketServer(settings: settings, namespaces: ["/": namespace])
            let engine = EngineServer(settings: settings.engine, application: sockets) { .any }
            parts = Parts(sockets: sockets, engine: engine)
            return engine
        }
        var response = await engine.handle(request)
        response.route = "/socket.io/"
        return response
    }

    /// Says goodbye to everybody.
    func shutdown() { parts.withLock { $0?.engine }?.shutdown() }
}

extension SocketSettings {
    /// What a channel's author wrote, or its contract says.
    init(_ channel: ChannelSettings) {
        self.init()
        engine.pingInterval = Int(channel.limits.pingInterval / .milliseconds(1))
        engine.pingTimeout = Int(channel.limits.pingGrace / .milliseconds(1))
        engine.maxPayload = channel.limits.webSocketMessageBytes
        engine.maxBuffered = channel.limits.sendQueueBytes
        recovery = Int(channel.recovery / .milliseconds(1))
    }
}

extension HTTPRequest {
    /// The parts of the path; a slash at the end makes no difference, as in the systems whose clients come here.
    var looseSegments: [String] {
        var segments = pathSegments
        if segments.count > 1, segments.last?.isEmpty == true { segments.removeLast() }
        return segments
    }
}

extension SocketClient {
    /// Begins work for this client at once, on its loop, so that its messages keep their order.
    ///
    /// Ends by itself; what a client may have running at once is its namespace's to bound.
    func run(_ work: @escaping @Sendable () async -> Void) {
        Task.immediate(executorPreference: loop) { await work() }
    }
}

/// Counts what one client has running.
final class RunningWork: Sendable {
    /// Messages of one client that may be on their way at once.
    static let limit = 64

    private let count = Atomic<Int>(0)

    /// False when there is too much already; else it must ``end()``.
    func begin() -> Bool {
        if count.add(1, ordering: .relaxed).newValue <= Self.limit { return true }
        end()
        return false
    }

    func end() { count.subtract(1, ordering: .relaxed) }
}
