// SPDX-License-Identifier: Apache-2.0
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1)))
struct ClinicRoomTests {
    static let room = "chat_doctor123_patient456"

    /// A fixture with the README's room.
    private func withRoom() async throws -> ClinicFixture {
        let fixture = try await ClinicFixture()
        let token = try fixture.token("doctor123", role: "DOCTOR", name: "Dr. Smith")
        let reply = try await fixture.ask(
            "POST", "/chat/rooms/create", token: token,
            body: ["doctor_id": "doctor123", "patient_id": "patient456"])
        try #require(reply.json["room_id"] == .string(Self.room), "\(reply.text)")
        return fixture
    }

    private func chat(_ text: String, in room: String = room) -> String {
        JSON.object(["type": "chat_message", "room_id": .string(room), "content": .string(text)]).encodedText
    }

    // MARK: - REST

    @Test(arguments: [
        ("doctor_123", "patient_456", "chat_doctor_123_patient_456"), ("z", "a", "chat_a_z"),
        ("2", "10", "chat_10_2"),
    ])
    func `S1.32, S1.33 a room is named after the two, the smaller id first, whoever asks`(
        doctor: String, patient: String, name: String
    ) async throws {
        let fixture = try await ClinicFixture()
        let body: JSON = ["doctor_id": .string(doctor), "patient_id": .string(patient)]
        var created: [JSON?] = []
        for (user, role) in [(doctor, "DOCTOR"), (patient, "PATIENT"), ("boss", "ADMIN")] {
            let reply = try await fixture.ask(
                "POST", "/chat/rooms/create", token: try fixture.token(user, role: role), body: body)
            #expect(reply.status == 200)
            #expect(reply.json["room_id"] == .string(name))
            #expect(reply.json["status"] == "active")
            created.append(reply.json["created_at"])
        }
        #expect(Set(created).count == 1)
        let stranger = try await fixture.ask(
            "POST", "/chat/rooms/create", token: try fixture.token("third", role: "DOCTOR"), body: body)
        #expect(stranger.status == 403)
    }

    @Test func `S1.34 the history is for its members, oldest first, at most as many as asked for`()
        async throws
    {
        let fixture = try await withRoom()
        let (socket, task) = try fixture.open("doctor123", role: "DOCTOR", name: "Dr. Smith")
        _ = await socket.next()
        for number in 1...3 {
            socket.put(chat("message \(number)"))
            _ = await socket.next()
        }
        socket.leave()
        await task.value
        let path = "/chat/rooms/\(Self.room)/history"
        let member = try fixture.token("patient456")
        let reply = try await fixture.ask("GET", path + "?limit=2", token: member)
        #expect(reply.json["messages"]?.list?.map { $0["content"] } == ["message 2", "message 3"])
        #expect(reply.json["total_messages"] == 3)
        #expect(
            try await fixture.ask("GET", path, token: try fixture.token("patient_1")).json["messages"] == [])
        for limit in ["0", "101", "x"] {
            #expect(try await fixture.ask("GET", path + "?limit=" + limit, token: member).status == 422)
        }
    }

    @Test func `S1.35 a person's rooms are for them and for administrators`() async throws {
        let fixture = try await withRoom()
        for (user, role, status) in [
            ("patient456", "PATIENT", 200), ("boss", "ADMIN", 200), ("doctor123", "DOCTOR", 403),
        ] {
            let reply = try await fixture.ask(
                "GET", "/chat/rooms/user/patient456", token: try fixture.token(user, role: role))
            #expect(reply.status == status)
            if status == 200 { #expect(reply.json["rooms"] == [.string(Self.room)]) }
        }
    }

    // MARK: - Sockets

    @Test func `S1.40, S1.43, S1.44 both members get a message, with the sender their token names`()
        async throws
    {
        let fixture = try await withRoom()
        let (doctor, first) = try fixture.open("doctor123", role: "DOCTOR", name: "Dr. Smith")
        let (patient, second) = try fixture.open("patient456", role: "PATIENT", name: "Pat")
        let greeting = await doctor.next()
        #expect(greeting["type"] == "connection_confirmed")
        #expect(greeting["user_info"] == ["user_id": "doctor123", "role": "DOCTOR", "name": "Dr. Smith"])
        _ = await patient.next()
        patient.put(#"{"type":"ping"}"#)
        #expect(await patient.next()["type"] == "pong")
        doctor.put(
            #"{"type":"chat_message","room_id":"\#(Self.room)","content":"How are you feeling today?","sender_id":"x","sender_role":"ADMIN"}"#
        )
        for socket in [doctor, patient] {
            let frame = await socket.next()
            #expect(frame["type"] == "chat_message")
            #expect(frame["room_id"] == .string(Self.room))
            #expect(frame["sender_id"] == "doctor123")
            #expect(frame["sender_name"] == "Dr. Smith")
            #expect(frame["sender_role"] == "DOCTOR")
            #expect(frame["content"] == "How are you feeling today?")
            #expect(frame["message_type"] == "text")
            #expect(frame["message_id"]?.text?.hasPrefix("msg_") == true)
            #expect(frame["timestamp"] == "2026-03-09T09:30:00.000Z")
        }
        doctor.leave()
        patient.leave()
        await first.value
        await second.value
        #expect(fixture.channel.sockets.count == 0)
    }

    @Test func `S1.48 every socket of a member gets the message`() async throws {
        let fixture = try await withRoom()
        let (one, first) = try fixture.open("patient456", role: "PATIENT")
        let (two, second) = try fixture.open("patient456", role: "PATIENT")
        for socket in [one, two] {
            _ = await socket.next()
            socket.put(#"{"type":"ping"}"#)
            _ = await socket.next()
        }
        one.put(chat("hello"))
        for socket in [one, two] {
            #expect(await socket.next()["content"] == "hello")
            socket.leave()
        }
        await first.value
        await second.value
    }

    @Test func `S1.45 typing is told to the others`() async throws {
        let fixture = try await withRoom()
        let (doctor, first) = try fixture.open("doctor123", role: "DOCTOR")
        let (patient, second) = try fixture.open("patient456", role: "PATIENT", name: "Pat")
        _ = await doctor.next()
        _ = await patient.next()
        patient.put(#"{"type":"typing_indicator","room_id":"\#(Self.room)","is_typing":true}"#)
        let frame = await doctor.next()
        #expect(frame["type"] == "typing_indicator")
        #expect(frame["user_id"] == "patient456")
        #expect(frame["user_name"] == "Pat")
        #expect(frame["is_typing"] == true)
        doctor.leave()
        patient.leave()
        await first.value
        await second.value
    }

    @Test func `S1.46 a shared file is told to all and stored, over the socket and over REST`() async throws {
        let fixture = try await withRoom()
        let (patient, task) = try fixture.open("patient456", role: "PATIENT")
        _ = await patient.next()
        let info: JSON = [
            "name": "lab_results.pdf", "size": 1_024_000, "type": "application/pdf",
            "url": "/uploads/files/lab_results.pdf",
        ]
        patient.put(
            JSON.object(["type": "file_share", "room_id": .string(Self.room), "file_info": info]).encodedText)
        var frame = await patient.next()
        #expect(frame["type"] == "file_share")
        #expect(frame["file_info"] == info)
        #expect(frame["message_id"]?.text?.hasPrefix("file_") == true)
        let body: JSON = ["file_info": info, "room_id": .string(Self.room)]
        let reply = try await fixture.ask(
            "POST", "/chat/upload-file", token: try fixture.token("doctor123", role: "DOCTOR"), body: body)
        #expect(reply.json["file_name"] == "lab_results.pdf")
        frame = await patient.next()
        #expect(frame["sender_id"] == "doctor123")
        let stranger = try await fixture.ask(
            "POST", "/chat/upload-file", token: try fixture.token("patient_1"), body: body)
        #expect(stranger.status == 403)
        patient.leave()
        await task.value
    }

    @Test func `who is not a member can neither write, nor join, nor hear`() async throws {
        let fixture = try await withRoom()
        let (stranger, task) = try fixture.open("patient_1", role: "PATIENT")
        _ = await stranger.next()
        stranger.put(chat("let me in"))
        #expect(await stranger.next() == ["type": "error", "message": "Failed to send message"])
        stranger.put(#"{"type":"join_room","room_id":"\#(Self.room)"}"#)
        #expect(await stranger.next()["type"] == "error")
        stranger.leave()
        await task.value
    }

    @Test func `joining shows the history; leaving ends the messages`() async throws {
        let fixture = try await withRoom()
        let (doctor, first) = try fixture.open("doctor123", role: "DOCTOR")
        let (patient, second) = try fixture.open("patient456", role: "PATIENT")
        _ = await doctor.next()
        _ = await patient.next()
        doctor.put(chat("one"))
        _ = await doctor.next()
        patient.put(#"{"type":"ping"}"#)
        while await patient.next()["type"] != "pong" {}
        patient.put(#"{"type":"join_room","room_id":"\#(Self.room)"}"#)
        let history = await patient.next()
        #expect(history["type"] == "chat_history")
        #expect(history["messages"]?.list?.map { $0["content"] } == ["one"])
        patient.put(#"{"type":"leave_room","room_id":"\#(Self.room)"}"#)
        patient.put(#"{"type":"ping"}"#)
        #expect(await patient.next()["type"] == "pong")
        doctor.put(chat("two"))
        _ = await doctor.next()
        patient.put(#"{"type":"ping"}"#)
        #expect(await patient.next()["type"] == "pong")
        doctor.leave()
        patient.leave()
        await first.value
        await second.value
    }

    @Test(arguments: [
        ("not json", "Invalid message format"), ("[]", "Invalid message format"),
        (#"{"type":"dance"}"#, "Unknown message type: dance"),
        (#"{"type":"chat_message","content":"x"}"#, "Room ID is required for chat messages"),
        (#"{"type":"file_share","room_id":"x"}"#, "Room ID and file info are required"),
    ])
    func `a frame that cannot be followed is told, and the socket stays open`(text: String, message: String)
        async throws
    {
        let fixture = try await ClinicFixture()
        let (socket, task) = try fixture.open("patient_1", role: "PATIENT")
        _ = await socket.next()
        socket.put(text)
        #expect(await socket.next() == ["type": "error", "message": .string(message)])
        socket.put(#"{"type":"ping"}"#)
        #expect(await socket.next()["type"] == "pong")
        socket.leave()
        await task.value
    }

    @Test func `S1.37, S1.38 who is connected, and how much there is`() async throws {
        let fixture = try await withRoom()
        let (socket, task) = try fixture.open("doctor123", role: "DOCTOR", name: "Dr. Smith")
        _ = await socket.next()
        let admin = try fixture.token("boss", role: "ADMIN")
        let users = try await fixture.ask("GET", "/chat/active-users", token: admin)
        #expect(users.json["total_active"] == 1)
        #expect(users.json["active_users"]?.list?.first?["user_id"] == "doctor123")
        let stats = try await fixture.ask("GET", "/chat/stats", token: admin)
        #expect(stats.json["active_connections"] == 1)
        #expect(stats.json["total_rooms"] == 1)
        #expect(stats.json["users_by_role"] == ["DOCTOR": 1])
        let sent = try await fixture.ask(
            "POST", "/chat/broadcast", token: admin, body: ["message": "maintenance"])
        #expect(sent.json["recipients"] == 1)
        #expect(await socket.next()["message"] == "maintenance")
        _ = try await fixture.ask("POST", "/chat/notify/doctor123", token: admin, body: ["kind": "lab"])
        #expect(await socket.next()["notification"] == ["kind": "lab"])
        socket.leave()
        await task.value
    }

    @Test func `S1.41 the id in the address is the token's, but for administrators; a bad token is 403`()
        async throws
    {
        let fixture = try await ClinicFixture()
        for (user, role, path, status) in [
            ("patient_1", "PATIENT", "patient_1", 426), ("patient_1", "PATIENT", "patient_2", 403),
            ("boss", "ADMIN", "patient_2", 426),
        ] {
            let token = try fixture.token(user, role: role)
            #expect(try await fixture.ask("GET", "/chat/ws/\(path)?token=\(token)").status == status)
        }
        #expect(try await fixture.ask("GET", "/chat/ws/patient_1").status == 403)
        #expect(try await fixture.ask("GET", "/chat/ws/patient_1?token=x").status == 403)
    }
}
