// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Transport
import WireProtocols

/// One socket of a person, and the rooms it is in.
final class ClinicSocket: ChannelSession {
    /// Rooms of one socket.
    static let maxRooms = 500

    private struct State {
        /// By the conversation's id.
        var rooms: [String: ClinicRoom] = [:]
        var malformed = 0
        var isClosed = false
    }

    let channel: ClinicChannel
    let identity: Identity
    let member: SessionMember
    private let socket: any NativeSocket
    private let token: String
    private let state = Mutex(State())

    init(
        _ channel: ClinicChannel, _ socket: any NativeSocket, identity: Identity, token: String,
        _ snapshot: Snapshot
    ) {
        self.channel = channel
        self.socket = socket
        self.identity = identity
        self.token = token
        member = SessionMember(
            channel: channel.name, user: identity.user, role: identity.role, name: identity.name,
            isStaff: snapshot.parts.server.roles[identity.role]?.isStaff ?? false,
            since: channel.services.clock.now())
    }

    private var now: Timestamp { channel.services.clock.now() }

    /// Serves the socket until it is closed.
    func run() async {
        let services = channel.services
        send([
            "type": "connection_confirmed", "message": "Connected to MedReserve AI Chat",
            "user_info": [
                "user_id": .string(identity.user), "role": .string(identity.role),
                "name": .string(identity.name ?? identity.user),
            ],
            "timestamp": .string(now.iso8601),
        ])
        channel.sockets.add(self)
        services.sockets.add(self)
        services.metrics.socketsChanged(channel: channel.name, by: 1)
        let cancelExpiry = identity.expires.map { end in
            socket.schedule(max(.zero, end - now)) { [weak self] in self?.end(4401, "expired-token") }
        }
        if let rooms = try? await channel.rooms(of: identity.user, limit: Self.maxRooms) {
            for room in rooms { await enter(room) }
        }
        for room in await channel.handedRooms(to: identity) { await enter(room) }
        while let message = await socket.receive() {
            await take(message)
            if state.withLock(\.isClosed) { break }
        }
        cancelExpiry?()
        let rooms = state.withLock { state in
            state.isClosed = true
            defer { state.rooms = [:] }
            return Array(state.rooms.keys)
        }
        for conversation in rooms { services.service.detach(self, from: conversation) }
        channel.sockets.remove(self)
        services.sockets.remove(self)
        services.metrics.socketsChanged(channel: channel.name, by: -1)
    }

    /// Tells what happens in a room from now on; false when the person has no right to it.
    @discardableResult
    func enter(_ room: ClinicRoom) async -> Bool {
        let isNew = state.withLock { state in
            guard !state.isClosed, state.rooms[room.conversation] == nil, state.rooms.count < Self.maxRooms
            else {
                return false
            }
            state.rooms[room.conversation] = room
            return true
        }
        guard isNew else { return state.withLock { $0.rooms[room.conversation] != nil } }
        // An administrator looks on with the eyes of a member.
        var caller = identity.caller
        if !room.has(identity.user) { caller = Caller(user: room.members[0], role: "PATIENT") }
        if (try? await channel.services.service.attach(self, to: room.conversation, caller: caller)) != nil {
            return true
        }
        state.withLock { $0.rooms[room.conversation] = nil }
        return false
    }

    func leave(_ room: ClinicRoom) {
        guard state.withLock({ $0.rooms.removeValue(forKey: room.conversation) }) != nil else { return }
        channel.services.service.detach(self, from: room.conversation)
    }

    func send(_ frame: JSON) { _ = socket.send(bytes: frame.encoded(), isText: true) }

    /// Counts a frame that is none; true when there were too many.
    func refuse(_ message: String, _ limits: Limits) {
        send(ClinicPayload.error(message))
        let count = state.withLock { state in
            state.malformed += 1
            return state.malformed
        }
        if count >= limits.malformedFrames { end(1008, "too-many-malformed-frames") }
    }

    private func end(_ code: UInt16, _ reason: String) {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        if isFirst { socket.close(code: code, reason: reason) }
    }
}

extension ClinicSocket: ConversationSubscriber {
    /// Passes a room's messages on; who has given up a conversation, or lost it, leaves its room.
    func deliver(_ delivery: ConversationDelivery) {
        guard let room = state.withLock({ $0.rooms[delivery.conversation] }) else { return }
        switch delivery.event {
        case .message(let message): pass(message, delivery, room)
        case .typing(let user, let isOn) where room.isHanded && user != identity.user:
            send([
                "type": "typing_indicator", "room_id": .string(room.name), "user_id": .string(user),
                "user_name": .string(user), "is_typing": .bool(isOn), "timestamp": .string(now.iso8601),
            ])
        case .state(let current, _, let staff) where room.isHanded && staff != identity.user:
            leave(room)
            send(
                ClinicPayload.notification(
                    [
                        "kind": "handoff_ended", "room_id": .string(room.name),
                        "state": .string(current.rawValue),
                    ], at: now))
        default: break
        }
    }

    private func pass(_ message: MessageRecord, _ delivery: ConversationDelivery, _ room: ClinicRoom) {
        let bytes = delivery.encoded(for: "clinic") { _ in
            ClinicPayload.message(message, room: room.name).encoded()
        }
        _ = socket.send(bytes: bytes, isText: true)
    }

    /// An alarm, or a conversation that waits for staff.
    func tell(_ delivery: ConversationDelivery) {
        switch delivery.event {
        case .alert(let alert):
            send(
                ClinicPayload.notification(
                    [
                        "kind": "alert", "room_id": .string(alert.conversation),
                        "safety": alert.safety ?? .null,
                    ], at: now))
        case .queue(let notice) where notice.change == .waiting:
            send(
                ClinicPayload.notification(
                    [
                        "kind": "handoff", "room_id": .string(notice.conversation),
                        "queue": .string(notice.queue),
                        "summary": notice.summary.map(JSON.string) ?? .null,
                    ], at: now))
        default: break
        }
    }

    /// Closes when the token or the role is gone.
    func snapshotChanged() {
        let snapshot = channel.services.snapshots.current()
        do throws(TokenError) {
            let known = try channel.verifier(snapshot).verify(token, now: now)
            if known.user != identity.user || known.role != identity.role {
                end(4401, "token-no-longer-valid")
            }
        } catch {
            end(error.kind == .unknownRole ? 4403 : 4401, error.kind.rawValue)
        }
    }
}
