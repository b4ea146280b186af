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

/// Bounds what one client has running.
///
/// Known clients ask for no acknowledgement, so what is refused is lost to them without a word: the bounds are far
/// beyond what a person, or a client that was offline, sends in one go.
final class RunningWork: Sendable {
    /// Events of one client that may be on their way at once.
    static let maxEvents = 1024
    /// The bytes of their texts.
    static let maxBytes = 4 << 20

    private let running = Mutex((events: 0, bytes: 0))

    /// Begins work for an event at once; false when there is too much already.
    func run(
        _ event: SocketEvent, of client: SocketClient, _ work: @escaping @Sendable () async -> Void
    ) -> Bool {
        let bytes = event.textBytes
        let isAdmitted = running.withLock { running in
            guard running.events < Self.maxEvents, running.bytes + bytes <= Self.maxBytes else {
                return false
            }
            running = (running.events + 1, running.bytes + bytes)
            return true
        }
        guard isAdmitted else { return false }
        client.run { [self] in
            await work()
            running.withLock { $0 = ($0.events - 1, $0.bytes - bytes) }
        }
        return true
    }
}

extension SocketEvent {
    /// What the texts of its payload take.
    fileprivate var textBytes: Int {
        (arguments.first?.members?.members ?? []).reduce(0) { $0 + ($1.value.text?.utf8.count ?? 0) }
    }
}
