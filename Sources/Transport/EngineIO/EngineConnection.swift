// SPDX-License-Identifier: Apache-2.0
internal import Synchronization
package import WireProtocols

/// One Engine.IO session with what carries it: a poll that waits, or a WebSocket.
///
///     any thread --> state machine (under the lock) --> outbox --> one drainer, in order --> socket, poll, receiver
///
/// Whoever puts something into an outbox that nobody drains, drains it: so calls come back in at any time and from any
/// thread, and what they cause still goes out in one order.
package final class EngineConnection: Sendable {
    private struct State {
        var session: EngineSession
        var socket: WebSocket?
        var probe: WebSocket?
        var poll: UnsafeContinuation<[UInt8]?, Never>?
        var outbox: [EngineSession.Output]
        var isDraining: Bool
        var receiver: (any EngineReceiver)?
        /// Taken by ``opened(_:)`` of a session that begins with a WebSocket.
        var handshake: EngineHandshake?
    }

    private static let probePause = Duration.milliseconds(20)

    /// What the client calls the session.
    package let id: String
    private let server: EngineServer
    private let state: Mutex<State>

    init(_ server: EngineServer, id: String, over transport: EngineTransport, _ handshake: EngineHandshake) {
        self.server = server
        self.id = id
        var outputs: [EngineSession.Output] = []
        let session = EngineSession(
            id: id, over: transport, settings: server.settings, now: server.now(), into: &outputs)
        // Without its WebSocket nothing can go out yet.
        let waits = transport == .websocket
        state = Mutex(
            State(
                session: session, outbox: outputs, isDraining: waits, handshake: waits ? handshake : nil))
    }

    /// How its requests must come; nil when it is over.
    package var transport: EngineTransport? { state.withLock { $0.session.transport } }

    /// The loop of its WebSocket, where work for its client is at home; nil while it polls.
    package var loop: EventLoop? { state.withLock { $0.socket?.loop } }

    /// Whether a last poll would still be answered.
    var owesRelease: Bool { state.withLock { $0.session.owesRelease } }

    func begin(_ receiver: any EngineReceiver) { state.withLock { $0.receiver = receiver } }

    /// Sends a frame; what cannot go out in time ends the session.
    package func send(_ frame: EngineFrame) {
        let socket: WebSocket? = state.withLock { state in
            // The common case needs no outbox.
            guard !state.isDraining, state.session.isOnWebSocket, state.outbox.isEmpty else { return nil }
            state.isDraining = state.socket != nil
            return state.socket
        }
        guard let socket else { return perform { $0.session.send(frame, into: &$0.outbox) } }
        socket.send(bytes: frame.bytes, isText: frame.isText)
        drain()
    }

    /// Ends the session.
    package func close(_ reason: EngineCloseReason = .serverClosed) {
        perform { $0.session.close(reason, into: &$0.outbox) }
    }

    /// Time has passed; when to come again, nil when it is over.
    func visit(now: Int) -> Int? {
        perform { $0.session.tick(now: now, into: &$0.outbox) }
        let wish = state.withLock { $0.receiver }?.visit(now: now)
        guard let deadline = state.withLock({ $0.session.nextDeadline }) else { return nil }
        return min(deadline, wish ?? deadline)
    }

    private func perform<Value: Sendable>(_ change: (inout sending State) -> sending Value) -> Value {
        let (value, drains) = state.withLock { state in
            let value = change(&state)
            let drains = !state.isDraining && !state.outbox.isEmpty
            if drains { state.isDraining = true }
            return (value, drains)
        }
        if drains { drain() }
        return value
    }

    private func drain() {
        while true {
            let batch: [EngineSession.Output]? = state.withLock { state in
                guard !state.outbox.isEmpty else {
                    state.isDraining = false
                    return nil
                }
                defer { state.outbox = [] }
                return state.outbox
            }
            guard let batch else { return }
            for output in batch { carryOut(output) }
        }
    }

    private func carryOut(_ output: EngineSession.Output) {
        switch output {
        case .message(let message): state.withLock { $0.receiver }?.received(message)
        case .send(let frame):
            state.withLock { $0.socket }?.send(bytes: frame.bytes, isText: frame.isText)
        case .sendToProbe(let frame):
            state.withLock { $0.probe }?.send(bytes: frame.bytes, isText: frame.isText)
        case .answerPoll(let body): takePoll()?.resume(returning: body)
        case .promoteProbe:
            state.withLock { state in
                state.socket = state.probe
                state.probe = nil
            }
        case .closeProbe: takeProbe()?.close()
        case .closeSocket: state.withLock { $0.socket }?.close()
        case .closed(let reason): finish(reason)
        }
    }

    private func finish(_ reason: EngineCloseReason) {
        server.ended(self)
        takeProbe()?.close()
        takePoll()?.resume(returning: nil)
        let receiver = state.withLock { state in
            defer { state.receiver = nil }
            return state.receiver
        }
        receiver?.closed(reason)
    }

    private func takePoll() -> UnsafeContinuation<[UInt8]?, Never>? {
        state.withLock { state in
            defer { state.poll = nil }
            return state.poll
        }
    }

    private func takeProbe() -> WebSocket? {
        state.withLock { state in
            defer { state.probe = nil }
            return state.probe
        }
    }
}

// MARK: polling

extension EngineConnection {
    /// Waits for what there is to say; throws why the poll is refused, nil when the client has hung up.
    func poll() async throws(EngineRefusal) -> [UInt8]? {
        // What the probe has said already may be on its way on another loop, and comes first.
        if state.withLock({ $0.probe != nil }) { try? await Task.sleep(for: Self.probePause) }
        let refusal = Mutex<EngineRefusal?>(nil)
        let body = await withTaskCancellationHandler {
            await withUnsafeContinuation { (waiting: UnsafeContinuation<[UInt8]?, Never>) in
                let why: EngineRefusal? = perform { [now = server.now()] state in
                    let verdict = state.session.poll(now: now, into: &state.outbox)
                    if case .refused(let refusal) = verdict { return refusal }
                    state.poll = waiting
                    return nil
                }
                if let why {
                    refusal.withLock { $0 = why }
                    waiting.resume(returning: nil)
                } else if Task.isCancelled {
                    abandonPoll()
                }
            }
        } onCancel: {
            abandonPoll()
        }
        if let why = refusal.withLock({ $0 }) { throw why }
        return body
    }

    private func abandonPoll() {
        perform { $0.session.pollAbandoned(into: &$0.outbox) }
    }

    func push(_ body: [UInt8]) -> EngineSession.Push {
        perform { [now = server.now()] in $0.session.push(body, now: now, into: &$0.outbox) }
    }
}

// MARK: WebSockets

extension EngineConnection: WebSocketReceiver {
    private enum Arrival {
        case first(EngineHandshake)
        case probe, late
    }

    /// The session's own WebSocket is open, or one that wants to take it over.
    package func opened(_ socket: WebSocket) {
        let arrival: Arrival = state.withLock { state in
            if let handshake = state.handshake {
                state.handshake = nil
                state.socket = socket
                return .first(handshake)
            }
            guard state.session.acceptsProbe, state.probe == nil else { return .late }
            state.probe = socket
            return .probe
        }
        switch arrival {
        case .first(let handshake):
            server.begin(self, handshake)
            drain()
        case .probe:
            let limit = Duration.milliseconds(server.settings.upgradeTimeout)
            socket.loop.after(limit) { [weak self, weak socket] in
                if let self, let socket { dropProbe(socket) }
            }
        case .late: socket.close()
        }
    }

    private func dropProbe(_ socket: WebSocket) {
        guard state.withLock({ $0.probe === socket }) else { return }
        socket.close()
    }

    package func received(_ message: WebSocketMessage, from socket: WebSocket) {
        let frame = EngineFrame(message.bytes, isText: message.isText)
        perform { [now = server.now()] state in
            if state.socket === socket {
                state.session.receive(frame, now: now, into: &state.outbox)
            } else if state.probe === socket {
                state.session.receiveProbe(frame, now: now, into: &state.outbox)
            }
        }
    }

    package func ended(_ socket: WebSocket) {
        perform { state in
            if state.socket === socket {
                state.session.socketEnded(into: &state.outbox)
                state.socket = nil
            } else if state.probe === socket {
                state.probe = nil
                state.session.probeEnded()
            }
        }
    }
}
