// SPDX-License-Identifier: Apache-2.0
internal import Synchronization
internal import WireProtocols

/// The namespaces of one Engine.IO session.
///
/// What the client says comes in one call at a time, so the state is locked only against visits.
final class SocketSession: EngineReceiver {
    private struct State {
        var machine: SocketConnection
        var clients: [SocketClient] = []
    }

    private let server: SocketServer
    private let connection: EngineConnection
    private let handshake: EngineHandshake
    private let joinBy: Int
    private let state: Mutex<State>

    init(_ server: SocketServer, _ connection: EngineConnection, _ handshake: EngineHandshake, until: Int) {
        self.server = server
        self.connection = connection
        self.handshake = handshake
        joinBy = until
        state = Mutex(
            State(machine: SocketConnection(maxAttachmentBytes: server.settings.engine.maxPayload)))
    }

    func received(_ message: EngineMessage) {
        let input: SocketConnection.Input?
        do throws(SocketConnection.Failure) {
            input = try state.withLock { (state) throws(SocketConnection.Failure) in
                try state.machine.take(message)
            }
        } catch {
            return connection.close(.parseError)
        }
        switch input {
        case nil, .acknowledged: break
        case .join(let namespace, let auth): join(namespace, auth)
        case .event(let event, let namespace):
            guard let client = client(in: namespace) else { return }
            server.namespace(namespace)?.received(event, from: client)
        case .leave(let namespace): leave(namespace)
        }
    }

    private func client(in namespace: String) -> SocketClient? {
        state.withLock { $0.clients.first { $0.namespace == namespace } }
    }

    private func join(_ name: String, _ auth: JSONObject) {
        let refusal: SocketRefusal?
        let namespace = server.namespace(name)
        refusal = namespace.map { $0.refusal(of: auth, handshake) } ?? SocketRefusal("Invalid namespace")
        if let refusal {
            let packet = state.withLock { $0.machine.refuse(name, refusal.message, refusal.data) }
            return packet.frames.forEach(connection.send)
        }
        let (client, missed) = server.makeClient(
            .init(connection: connection, namespace: name, handshake: handshake, auth: auth))
        let packet = state.withLock { state in
            state.clients.append(client)
            return state.machine.accept(name, sid: client.id, pid: client.pid)
        }
        packet.frames.forEach(connection.send)
        client.release(missed)
        namespace?.joined(client)
    }

    private func leave(_ namespace: String) {
        let client = state.withLock { state -> SocketClient? in
            guard let index = state.clients.firstIndex(where: { $0.namespace == namespace }) else {
                return nil
            }
            return state.clients.remove(at: index)
        }
        // Who says goodbye does not come back.
        guard let client else { return }
        server.forget(client)
        server.namespace(namespace)?.left(client, rooms: client.end() ?? [])
    }

    func closed(_ reason: EngineCloseReason) {
        let clients = state.withLock { state in
            defer { state.clients = [] }
            return state.clients
        }
        for client in clients {
            let rooms = client.end()
            server.forget(client)
            if let rooms, reason == .clientClosed || reason == .pingTimeout {
                server.remember(client, rooms: rooms)
            }
            server.namespace(client.namespace)?.left(client, rooms: rooms ?? [])
        }
    }

    func visit(now: Int) -> Int? {
        guard state.withLock({ !$0.machine.hasJoined }) else { return nil }
        guard now >= joinBy else { return joinBy }
        connection.close()
        return nil
    }
}
