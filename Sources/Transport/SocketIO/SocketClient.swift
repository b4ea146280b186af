// SPDX-License-Identifier: Apache-2.0
internal import Synchronization
package import WireProtocols

/// One client in one namespace.
package final class SocketClient: Sendable {
    private struct State {
        var rooms: [String] = []
        var context: (any AnyObject & Sendable)?
        var isGone = false
        /// What was said to it while it is told what it missed; nil once it is told everything at once.
        var held: [EngineFrame]?
    }

    /// Somebody who joins.
    struct Arrival {
        var connection: EngineConnection
        var namespace: String
        var handshake: EngineHandshake
        var auth: JSONObject
    }

    /// What the client is called here.
    package let id: String
    /// The namespace it is in.
    package let namespace: String
    /// Where it came from.
    package let handshake: EngineHandshake
    /// What it said about itself when it joined.
    package let auth: JSONObject
    /// Whether it came back, and is in the rooms it was in.
    package let isRecovered: Bool
    /// With which it may come back; nil when it may not.
    let pid: String?
    private let connection: EngineConnection
    private let server: SocketServer
    private let state: Mutex<State>

    init(_ server: SocketServer, _ arrival: Arrival, id: String, pid: String?, isRecovered: Bool = false) {
        self.server = server
        connection = arrival.connection
        namespace = arrival.namespace
        handshake = arrival.handshake
        auth = arrival.auth
        self.id = id
        self.pid = pid
        self.isRecovered = isRecovered
        state = Mutex(State(held: isRecovered ? [] : nil))
    }

    /// Whatever the namespace keeps about the client.
    package var context: (any AnyObject & Sendable)? {
        get { state.withLock { $0.context } }
        set { state.withLock { $0.context = newValue } }
    }

    /// The rooms it is in.
    package var rooms: [String] { state.withLock { $0.rooms } }

    /// Says something to this client alone.
    package func emit(_ name: String, _ arguments: JSON...) { emit(name, arguments) }

    /// The same with bytes among the arguments.
    package func emit(_ name: String, _ arguments: [JSON], attachments: [[UInt8]] = []) {
        server.emit(.event(name, arguments, namespace: namespace, attachments: attachments), to: self)
    }

    /// Answers an event; no effect when its sender did not ask.
    package func acknowledge(_ event: SocketEvent, _ arguments: [JSON], attachments: [[UInt8]] = []) {
        guard let id = event.id else { return }
        send(
            SocketPacket(
                .ack, namespace: namespace, id: id, data: .array(arguments), attachments: attachments
            ).frames)
    }

    /// Puts it into a room; false when it was there, or is gone.
    @discardableResult
    package func join(_ room: String) -> Bool {
        let isNew = state.withLock { state in
            guard !state.isGone, !state.rooms.contains(room) else { return false }
            state.rooms.append(room)
            return true
        }
        guard isNew else { return false }
        server.rooms.add(self, to: room)
        // Gone meanwhile: whoever cleared up did not see this room.
        if state.withLock({ $0.isGone }) { server.rooms.remove(self, from: room) }
        return true
    }

    /// Takes it out of a room; false when it was not there.
    @discardableResult
    package func leave(_ room: String) -> Bool {
        let wasThere = state.withLock { state in
            guard let index = state.rooms.firstIndex(of: room) else { return false }
            state.rooms.remove(at: index)
            return true
        }
        if wasThere { server.rooms.remove(self, from: room) }
        return wasThere
    }

    /// The loop where work for it is at home; nil while it polls.
    package var loop: EventLoop? { connection.loop }

    /// Closes its session, with every namespace it is in.
    package func disconnect() { connection.close() }

    func send(_ frames: [EngineFrame]) {
        if isRecovered && hold(frames) { return }
        for frame in frames { connection.send(frame) }
    }

    private func hold(_ frames: [EngineFrame]) -> Bool {
        state.withLock { state in
            state.held?.append(contentsOf: frames)
            return state.held != nil
        }
    }

    /// Tells it what it missed, then what was said meanwhile; from then on it is told at once.
    func release(_ missed: [[EngineFrame]]) {
        for frames in missed { frames.forEach(connection.send) }
        while true {
            let held: [EngineFrame] = state.withLock { state in
                let held = state.held ?? []
                state.held = held.isEmpty ? nil : []
                return held
            }
            if held.isEmpty { return }
            held.forEach(connection.send)
        }
    }

    /// The end: out of all rooms, which are returned; nil when it was over before.
    func end() -> [String]? {
        let rooms: [String]? = state.withLock { state in
            guard !state.isGone else { return nil }
            state.isGone = true
            defer { state.rooms = [] }
            return state.rooms
        }
        for room in rooms ?? [] { server.rooms.remove(self, from: room) }
        return rooms
    }
}
