// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

extension ClinicSocket {
    /// Carries out one frame; the next is read after it, so one sender's messages keep their order.
    func take(_ message: WebSocketMessage) async {
        let limits = channel.limits(channel.services.snapshots.current())
        guard message.isText, let value = try? JSON.parse(message.bytes, maxDepth: limits.jsonDepth),
            let frame = value.members
        else { return refuse("Invalid message format", limits) }
        let type = frame["type"]?.text ?? ""
        guard admits(type, limits) else { return send(ClinicPayload.error("Too many requests")) }
        switch type {
        case "chat_message": await chat(frame)
        case "file_share": await share(frame)
        case "typing_indicator": await typing(frame)
        case "message_status": await status(frame)
        case "join_room": await join(frame)
        case "leave_room": if let room = await room(frame) { await leaveRoom(room) }
        case "get_active_users": activeUsers()
        case "ping": send(["type": "pong", "timestamp": stamp])
        default: refuse("Unknown message type: \(type.prefix(64))", limits)
        }
    }

    private var stamp: JSON { .string(channel.services.clock.now().iso8601) }

    // Signs of life and of typing cost nobody anything worth counting; a flood of them does.
    private func admits(_ type: String, _ limits: Limits) -> Bool {
        let isLight = ["ping", "typing_indicator", "message_status"].contains(type)
        let key = (isLight ? "light:" : "user:") + identity.user
        let decision = channel.requests.admit(
            key, limits.requests, factor: isLight ? 20 : 1, now: channel.services.clock.now())
        if case .refused = decision { return false }
        return true
    }

    /// The room that a frame names, if the person is a member of it; an administrator is let into all.
    private func room(_ frame: JSONObject) async -> ClinicRoom? {
        guard let name = frame["room_id"]?.text else { return nil }
        guard let room = try? await channel.room(name) else {
            return await channel.handedRoom(name, to: identity)
        }
        return room.has(identity.user) || identity.role == "ADMIN" ? room : nil
    }

    // Whoever leaves what they have taken over gives it back: it waits again.
    private func leaveRoom(_ room: ClinicRoom) async {
        leave(room)
        guard room.isHanded else { return }
        let staff = StaffMember(identity.caller, channel: channel.name)
        do throws(ServiceError) {
            try await channel.services.service.release(room.conversation, by: staff)
        } catch {
            send(ClinicPayload.error("Failed to process message"))
        }
    }

    private func chat(_ frame: JSONObject) async {
        guard frame["room_id"]?.text?.isEmpty == false else {
            return send(ClinicPayload.error("Room ID is required for chat messages"))
        }
        let type = frame["message_type"]?.text.flatMap { $0.utf8.count <= 64 ? $0 : nil } ?? "text"
        await post(
            ClinicPayload.chat(frame["content"]?.text ?? "", messageType: type), to: await room(frame),
            isText: true)
    }

    private func share(_ frame: JSONObject) async {
        guard frame["room_id"]?.text?.isEmpty == false, let info = frame["file_info"]?.members,
            !info.members.isEmpty
        else { return send(ClinicPayload.error("Room ID and file info are required")) }
        await post(ClinicPayload.file(info), to: await room(frame), isText: false)
    }

    private func post(_ message: ChannelMessage, to room: ClinicRoom?, isText: Bool) async {
        let isEmpty = isText && message.text.allSatisfy(\.isWhitespace)
        guard let room, room.has(identity.user), !isEmpty else {
            return send(ClinicPayload.error("Failed to send message"))
        }
        // Whoever writes in a room hears it.
        await enter(room)
        do throws(ServiceError) { try await channel.post(message, to: room, from: identity) } catch {
            send(ClinicPayload.error("Failed to send message"))
        }
    }

    private func typing(_ frame: JSONObject) async {
        guard let room = await room(frame) else {
            return send(ClinicPayload.error("Failed to process message"))
        }
        if room.isHanded {
            let isTyping = frame["is_typing"]?.flag ?? false
            _ = try? await channel.services.service.typing(
                isTyping, in: room.conversation, caller: identity.caller)
        }
        tellOthers(
            of: room,
            [
                "type": "typing_indicator", "room_id": .string(room.name), "user_id": .string(identity.user),
                "user_name": .string(identity.name ?? identity.user),
                "is_typing": .bool(frame["is_typing"]?.flag ?? false),
                "timestamp": stamp,
            ])
    }

    private func status(_ frame: JSONObject) async {
        guard let room = await room(frame), let id = frame["message_id"]?.text, id.utf8.count <= 64,
            let status = frame["status"]?.text, ["delivered", "read"].contains(status)
        else { return send(ClinicPayload.error("Failed to process message")) }
        if status == "read", let mark = id.firstIndex(of: "_") {
            await markRead(String(id[id.index(after: mark)...]), in: room)
        }
        tellOthers(
            of: room,
            [
                "type": "message_status", "room_id": .string(room.name), "message_id": .string(id),
                "status": .string(status), "user_id": .string(identity.user), "timestamp": stamp,
            ])
    }

    private func markRead(_ id: String, in room: ClinicRoom) async {
        let service = channel.services.service
        guard let message = try? await service.message(id), message.conversation == room.conversation,
            message.authorID != identity.user
        else { return }
        _ = try? await service.markRead(id)
    }

    private func tellOthers(of room: ClinicRoom, _ frame: JSON) {
        for socket in channel.sockets.of(room.members) where socket.member.user != identity.user {
            socket.send(frame)
        }
    }

    private func join(_ frame: JSONObject) async {
        var room = await room(frame)
        // What is announced as a handoff goes by its conversation's id; joining it is the claim.
        if room == nil, let id = frame["room_id"]?.text { room = await channel.claim(id, by: identity) }
        guard let room, await enter(room),
            let messages = try? await channel.services.service.latestMessages(
                in: room.conversation, limit: 50)
        else { return send(ClinicPayload.error("Failed to process message")) }
        send([
            "type": "chat_history", "room_id": .string(room.name),
            "messages": .array(messages.map { ClinicPayload.message($0, room: room.name) }),
        ])
    }

    private func activeUsers() {
        guard ["DOCTOR", "ADMIN"].contains(identity.role) else {
            return send(ClinicPayload.error("Access denied"))
        }
        send(["type": "active_users", "users": .array(channel.sockets.users().map(ClinicPayload.user))])
    }
}

extension ClinicChannel {
    /// Takes a person's socket; the id in the address must be theirs.
    func openSocket(_ call: ClinicCall, as user: String) throws(ClinicError) -> HTTPResponse {
        guard user == call.identity.user || call.isAdmin else { throw .forbidden }
        guard call.request.isUpgrade else { throw .status(426, "Upgrade Required") }
        let (identity, snapshot) = (call.identity, call.snapshot)
        let token = call.identity.token?.text.revealed ?? ""
        return HTTPResponse(
            status: 101,
            body: .webSocket(subprotocol: nil) { [self] socket in
                await ClinicSocket(self, socket, identity: identity, token: token, snapshot).run()
            })
    }
}
