// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

extension ClinicChannel {
    func activeUsers(_ call: ClinicCall) throws(ClinicError) -> HTTPResponse {
        try call.require("DOCTOR", "ADMIN")
        let users = sockets.users().map(ClinicPayload.user)
        return .json(
            200,
            [
                "active_users": .array(users), "total_active": .integer(users.count),
                "retrieved_at": .string(call.now.iso8601),
            ])
    }

    func stats(_ call: ClinicCall) async throws(ClinicError) -> HTTPResponse {
        try call.require("ADMIN")
        let rooms: [ClinicRoom]
        do throws(ServiceError) {
            var query = AliasQuery(channel: name, limit: 10_000)
            query.user = ""
            rooms = try await services.service.aliased(query).compactMap(ClinicRoom.init)
        } catch {
            throw ClinicError(error)
        }
        let roles = Dictionary(grouping: sockets.users(), by: \.role).mapValues(\.count)
        let sizes = Dictionary(grouping: rooms, by: \.members.count).mapValues(\.count)
        return .json(
            200,
            [
                "active_connections": .integer(sockets.count), "total_rooms": .integer(rooms.count),
                "total_messages": .integer(rooms.reduce(0) { $0 + $1.count }),
                "users_by_role": .object(Self.counts(roles.map { ($0.key, $0.value) })),
                "rooms_by_participants": .object(Self.counts(sizes.map { (String($0.key), $0.value) })),
                "timestamp": .string(call.now.iso8601),
            ])
    }

    private static func counts(_ pairs: [(String, Int)]) -> JSONObject {
        JSONObject(pairs.sorted { $0.0 < $1.0 }.map { .init(name: $0.0, value: .integer($0.1)) })
    }

    func broadcast(_ call: ClinicCall) throws(ClinicError) -> HTTPResponse {
        try call.require("ADMIN")
        var fields = try call.fields()
        let text = fields.text("message", atMost: call.limits.messageCharacters)
        let type = fields.text("message_type", isRequired: false, atMost: 64) ?? "system"
        try fields.check()
        let frame: JSON = [
            "type": .string(type), "message": .string(text ?? ""), "timestamp": .string(call.now.iso8601),
        ]
        let told = sockets.all()
        for socket in told { socket.send(frame) }
        return .json(
            200,
            [
                "message": "Broadcast sent successfully", "recipients": .integer(told.count),
                "sent_at": .string(call.now.iso8601),
            ])
    }

    func notify(_ call: ClinicCall, _ user: String) throws(ClinicError) -> HTTPResponse {
        guard call.identity.user == user || ["DOCTOR", "ADMIN"].contains(call.role) else { throw .forbidden }
        let fields: JSON
        do throws(JSONError) {
            fields = try JSON.parse(call.request.body, maxDepth: call.limits.jsonDepth)
        } catch {
            _ = try call.fields()
            throw .unknownRoute
        }
        guard fields.members != nil else {
            _ = try call.fields()
            throw .unknownRoute
        }
        for socket in sockets.of([user]) { socket.send(ClinicPayload.notification(fields, at: call.now)) }
        return .json(
            200,
            [
                "message": "Notification sent successfully", "recipient": .string(user),
                "sent_at": .string(call.now.iso8601),
            ])
    }
}
