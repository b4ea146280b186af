// SPDX-License-Identifier: Apache-2.0
internal import Synchronization
package import WireProtocols

/// One Socket.IO endpoint: namespaces, rooms and recovery over Engine.IO.
package final class SocketServer: EngineApplication {
    /// What those that lost their connection may still be told.
    private final class Memory: Sendable {
        let state: Mutex<SocketRecovery>
        /// Clients that are here, by what they would come back with.
        let present = Mutex<[String: SocketClient]>([:])

        init(_ memory: SocketRecovery) { state = Mutex(memory) }
    }

    /// What it keeps to.
    package let settings: SocketSettings
    private let namespaces: [String: any SocketNamespace]
    let rooms = SocketRooms()
    private let recovery: Memory?

    /// An endpoint that serves those namespaces; `/` is the one that clients join when they name none.
    package init(settings: SocketSettings, namespaces: [String: any SocketNamespace]) {
        self.settings = settings
        self.namespaces = namespaces
        recovery = settings.recovery > 0 ? Memory(SocketRecovery(window: settings.recovery)) : nil
    }

    package func opened(
        _ connection: EngineConnection, _ handshake: EngineHandshake
    ) -> any EngineReceiver {
        SocketSession(self, connection, handshake, until: EngineWheel.now() + settings.connectTimeout)
    }

    func namespace(_ name: String) -> (any SocketNamespace)? { namespaces[name] }

    /// Says something to everybody in a room, encoded once.
    ///
    /// In one order for all of them, if calls for one room do not overlap.
    package func broadcast(_ packet: SocketPacket, to room: String) {
        guard let recovery else { return broadcast(packet.frames, to: room, in: packet.namespace) }
        // Together, so that whoever comes back has it either from the log or as a member.
        let (frames, members) = recovery.state.withLock { recovery in
            (Self.record(packet, for: room, &recovery), rooms.members(of: room, in: packet.namespace))
        }
        for member in members { member.send(frames) }
    }

    /// The same for what is encoded already.
    ///
    /// Nobody is told it again after coming back.
    package func broadcast(_ frames: [EngineFrame], to room: String, in namespace: String = "/") {
        for member in rooms.members(of: room, in: namespace) { member.send(frames) }
    }

    /// Everybody who is in a room now.
    package func members(of room: String, in namespace: String = "/") -> [SocketClient] {
        rooms.members(of: room, in: namespace)
    }

    /// Whether clients that lost their connection are taken back.
    package var recovers: Bool { recovery != nil }

    func emit(_ packet: SocketPacket, to client: SocketClient) {
        guard let recovery else { return client.send(packet.frames) }
        client.send(recovery.state.withLock { Self.record(packet, for: client.id, &$0) })
    }

    // The offset is the event's last argument, which clients remember.
    private static func record(
        _ packet: SocketPacket, for room: String, _ recovery: inout SocketRecovery
    ) -> [EngineFrame] {
        var packet = packet
        packet.data = .array((packet.data?.list ?? []) + [.string(recovery.nextOffset)])
        let frames = packet.frames
        recovery.record(frames, to: key(packet.namespace, room), now: EngineWheel.now())
        return frames
    }
}

// MARK: coming back

extension SocketServer {
    /// Makes a client of whoever joins: one that comes back gets its id and rooms, and what it missed is returned.
    ///
    /// It holds back what is said in its rooms until ``SocketClient/release(_:)``.
    func makeClient(_ arrival: SocketClient.Arrival) -> (client: SocketClient, missed: [[EngineFrame]]) {
        guard let recovery else { return (SocketClient(self, arrival, id: RandomName.make(), pid: nil), []) }
        // A client notices a cut before we do.
        let old = arrival.auth["pid"]?.text.flatMap { pid in recovery.present.withLock { $0[pid] } }
        if let old { retire(old) }
        let made: (client: SocketClient, missed: [[EngineFrame]]) = recovery.state.withLock { recovery in
            guard let pid = arrival.auth["pid"]?.text,
                let found = recovery.recover(
                    pid: pid, offset: arrival.auth["offset"]?.text, now: EngineWheel.now()),
                found.client.rooms.allSatisfy({ $0.hasPrefix(Self.key(arrival.namespace, "")) })
            else { return (SocketClient(self, arrival, id: RandomName.make(), pid: RandomName.make()), []) }
            let rooms = found.client.rooms.map { String($0.dropFirst(arrival.namespace.count + 1)) }
            let client = SocketClient(self, arrival, id: found.client.sid, pid: pid, isRecovered: true)
            for room in rooms where room != client.id { client.join(room) }
            return (client, found.missed)
        }
        if let pid = made.client.pid { recovery.present.withLock { $0[pid] = made.client } }
        return made
    }

    private func retire(_ client: SocketClient) {
        if let rooms = client.end() { remember(client, rooms: rooms) }
        client.disconnect()
    }

    /// A client is gone, whether it comes back or not.
    func forget(_ client: SocketClient) {
        guard let recovery, let pid = client.pid else { return }
        recovery.present.withLock { if $0[pid] === client { $0[pid] = nil } }
    }

    /// Remembers a client that lost its connection.
    func remember(_ client: SocketClient, rooms: [String]) {
        guard let recovery, let pid = client.pid else { return }
        let keys = (rooms + [client.id]).map { Self.key(client.namespace, $0) }
        recovery.state.withLock {
            $0.remember(.init(pid: pid, sid: client.id, rooms: keys, at: EngineWheel.now()))
        }
    }

    private static func key(_ namespace: String, _ room: String) -> String { "\(namespace)\n\(room)" }
}
