// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Transport
import WireProtocols

extension ClinicChannel {
    /// Opens the room of a doctor and a patient, or returns it: both are members at once, connected or not.
    func createRoom(_ call: ClinicCall) async throws(ClinicError) -> HTTPResponse {
        var fields = try call.fields()
        let doctor = fields.text("doctor_id")
        let patient = fields.text("patient_id")
        try fields.check()
        guard let doctor, let patient else { throw .unknownRoute }
        guard call.isAdmin || [doctor, patient].contains(call.identity.user) else { throw .forbidden }
        guard doctor != patient else { throw .status(400, "A room needs two people") }
        let alias = ConversationAlias(channel: name, externalID: ClinicRoom.name(doctor, patient))
        let room: ClinicRoom
        do throws(ServiceError) {
            let isNew = try await services.service.aliased(alias) == nil
            _ = try await services.service.begin(
                assistant: ConversationService.relay, caller: Caller(user: patient, role: "PATIENT"),
                channel: name,
                alias: alias, participants: [doctor])
            guard let found = try await self.room(alias.externalID) else {
                throw ServiceError(.notFound, "no room")
            }
            room = found
            if isNew { roomCount.withLock { if let count = $0 { $0 = count + 1 } } }
        } catch {
            throw ClinicError(error)
        }
        for socket in sockets.of(room.members) { await socket.enter(room) }
        return .json(
            200,
            [
                "room_id": .string(room.name), "doctor_id": .string(doctor), "patient_id": .string(patient),
                "created_at": .string(room.createdAt.iso8601), "status": "active",
            ])
    }

    /// The room of that name; nil when there is none.
    func room(_ name: String) async throws(ServiceError) -> ClinicRoom? {
        guard name.utf8.count <= 600 else { return nil }
        return try await services.service.aliased(ConversationAlias(channel: self.name, externalID: name))
            .flatMap(
                ClinicRoom.init)
    }

    /// The rooms of a person, at most so many, the one that changed last first.
    func rooms(of user: String, limit: Int = 500) async throws(ServiceError) -> [ClinicRoom] {
        var query = AliasQuery(channel: name, limit: limit)
        query.user = ""
        query.person = user
        query.order = .active
        return try await services.service.aliased(query).compactMap(ClinicRoom.init)
    }

    func history(_ call: ClinicCall, of name: String) async throws(ClinicError) -> HTTPResponse {
        let limit = try ClinicFields.number(
            call.request.queryValue("limit"), "limit", default: 50, in: 1...ClinicRoom.keptMessages)
        do throws(ServiceError) {
            var room = try await room(name).flatMap { $0.has(call.identity.user) || call.isAdmin ? $0 : nil }
            if room == nil { room = await handedRoom(name, to: call.identity) }
            var messages: [MessageRecord] = []
            if let room {
                messages = try await services.service.latestMessages(in: room.conversation, limit: limit)
            }
            return .json(
                200,
                [
                    "room_id": .string(name),
                    "messages": .array(messages.map { ClinicPayload.message($0, room: name) }),
                    "total_messages": .integer(min(room?.count ?? 0, ClinicRoom.keptMessages)),
                    "retrieved_at": .string(call.now.iso8601),
                ])
        } catch {
            throw ClinicError(error)
        }
    }

    func rooms(_ call: ClinicCall, of user: String) async throws(ClinicError) -> HTTPResponse {
        guard call.isAdmin || user == call.identity.user else { throw .forbidden }
        do throws(ServiceError) {
            var rooms = try await rooms(of: user)
            if user == call.identity.user { rooms += await handedRooms(to: call.identity) }
            return .json(
                200,
                [
                    "user_id": .string(user), "rooms": .array(rooms.map { .string($0.name) }),
                    "total_rooms": .integer(rooms.count), "retrieved_at": .string(call.now.iso8601),
                ])
        } catch {
            throw ClinicError(error)
        }
    }

    /// Shares a file in a room.
    func shareFile(_ call: ClinicCall) async throws(ClinicError) -> HTTPResponse {
        var fields = try call.fields()
        let file = fields.object("file_info")
        let name = fields.text("room_id", atMost: 600)
        if let file {
            var parts = ClinicFields(file, at: ["body", "file_info"])
            for part in ["name", "type", "url"] { _ = parts.text(part, atMost: 2048) }
            _ = parts.number("size")
            fields.add(parts)
        }
        try fields.check()
        guard let file, let name else { throw .unknownRoute }
        do throws(ServiceError) {
            guard let room = try await room(name), room.has(call.identity.user) else {
                throw ClinicChannel.noMember
            }
            try await post(ClinicPayload.file(file), to: room, from: call.identity)
            return .json(
                200,
                [
                    "message": "File shared successfully", "room_id": .string(name),
                    "file_name": file["name"] ?? .null, "shared_at": .string(call.now.iso8601),
                ])
        } catch {
            throw ClinicError(error)
        }
    }

    static let noMember = ServiceError(.forbidden, "only the members of a room write there")

    /// Stores a message of a room; its members are told as they watch it.
    func post(_ message: ChannelMessage, to room: ClinicRoom, from identity: Identity)
        async throws(ServiceError)
    {
        guard room.has(identity.user) else { throw Self.noMember }
        var message = message
        var data = message.data?.members ?? JSONObject()
        data["role"] = .string(identity.role)
        message.data = .object(data)
        guard !room.isHanded else {
            let staff = StaffMember(identity.caller, channel: name)
            _ = try await services.service.reply(message, to: room.conversation, by: staff)
            return
        }
        _ = try await services.service.submit(message, to: room.conversation, caller: identity.caller)
    }
}
