// SPDX-License-Identifier: Apache-2.0
import OrchestratorTesting
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

/// Conversations of other channels that doctors take over.
@Suite(.timeLimit(.minutes(1)))
struct ClinicHandoffTests {
    private let patient = Caller(user: "patient_1", role: "PATIENT", name: "Pat")

    private func waiting(_ fixture: ClinicFixture) async throws -> String {
        let record = try await fixture.service.begin(
            assistant: "patient", caller: patient, channel: "streaming-chat")
        var first = ChannelMessage("I would like to speak to a doctor")
        first.isUnanswered = true
        _ = try await fixture.service.submit(first, to: record.id, caller: patient)
        _ = try await fixture.service.requestHandoff(record.id, caller: patient, queue: "on_call")
        return record.id
    }

    private func frame(_ type: String, _ room: String, _ content: String? = nil) -> String {
        var frame: JSONObject = ["type": .string(type), "room_id": .string(room)]
        if let content { frame["content"] = .string(content) }
        return JSON.object(frame).encodedText
    }

    @Test func `a doctor is told, claims by joining, talks, and gives back by leaving`() async throws {
        let fixture = try await ClinicFixture()
        let (doctor, task) = try fixture.open("doctor_1", role: "DOCTOR", name: "Dr. Smith")
        let (other, second) = try fixture.open("doctor_2", role: "DOCTOR")
        _ = await doctor.next()
        _ = await other.next()
        let id = try await waiting(fixture)
        let told = await doctor.next()["notification"]
        #expect(told?["kind"] == "handoff")
        #expect(told?["room_id"]?.text == id)
        #expect(told?["queue"] == "on_call")
        #expect(told?["summary"]?.text?.contains("I would like to speak to a doctor") == true)
        #expect(await other.next()["notification"]?["kind"] == "handoff")

        // Before the claim it is nobody's room.
        doctor.put(frame("chat_message", id, "hello?"))
        #expect(await doctor.next() == ["type": "error", "message": "Failed to send message"])
        let token = try fixture.token("doctor_1", role: "DOCTOR")
        #expect(
            try await fixture.ask("GET", "/chat/rooms/\(id)/history", token: token).json["messages"] == [])

        let person = EventRecorder()
        _ = try await fixture.service.attach(person, to: id, caller: patient)
        doctor.put(frame("join_room", id))
        let history = await doctor.next()
        #expect(history["type"] == "chat_history")
        #expect(history["messages"]?.list?.first?["content"] == "I would like to speak to a doctor")
        #expect(history["messages"]?.list?.first?["sender_role"] == "PATIENT")
        doctor.put(frame("chat_message", id, "Good morning"))
        #expect(await doctor.next()["content"] == "Good morning")
        #expect(person.lines.contains { $0.hasSuffix("staff Good morning") })
        _ = try await fixture.service.submit("My knee hurts", to: id, caller: patient)
        let heard = await doctor.next()
        #expect(heard["content"] == "My knee hurts")
        #expect(heard["sender_id"] == "patient_1")
        #expect(heard["room_id"]?.text == id)
        let rooms = try await fixture.ask("GET", "/chat/rooms/user/doctor_1", token: token).json["rooms"]
        #expect(rooms == [.string(id)])

        // It is taken.
        other.put(frame("join_room", id))
        #expect(await other.next() == ["type": "error", "message": "Failed to process message"])

        doctor.put(frame("leave_room", id))
        #expect(await other.next()["notification"]?["kind"] == "handoff")
        #expect(try await fixture.service.conversation(id, caller: patient).state == .waiting)
        other.put(frame("join_room", id))
        #expect(await other.next()["type"] == "chat_history")
        doctor.leave()
        other.leave()
        _ = await (task.value, second.value)
    }

    @Test func `patients join nothing of others, and doctors nothing that does not wait for them`()
        async throws
    {
        let fixture = try await ClinicFixture()
        let id = try await waiting(fixture)
        let quiet = try await fixture.service.begin(
            assistant: "patient", caller: patient, channel: "streaming-chat")
        for (user, role, room) in [("patient_2", "PATIENT", id), ("doctor_1", "DOCTOR", quiet.id)] {
            let (socket, task) = try fixture.open(user, role: role)
            _ = await socket.next()
            socket.put(frame("join_room", room))
            #expect(await socket.next() == ["type": "error", "message": "Failed to process message"])
            socket.leave()
            await task.value
        }
    }

    @Test func `who lost the conversation to its end is told, and hears no more`() async throws {
        let fixture = try await ClinicFixture()
        let id = try await waiting(fixture)
        let (doctor, task) = try fixture.open("doctor_1", role: "DOCTOR")
        _ = await doctor.next()
        doctor.put(frame("join_room", id))
        _ = await doctor.next()
        let staff = StaffMember(Caller(user: "doctor_1", role: "DOCTOR"), channel: "clinic")
        try await fixture.service.close(id, by: staff)
        var ended = await doctor.next()
        while ended["type"] != "notification" { ended = await doctor.next() }
        #expect(ended["notification"]?["kind"] == "handoff_ended")
        _ = try await fixture.service.submit("hello", to: id, caller: patient)
        doctor.put(#"{"type":"ping"}"#)
        #expect(await doctor.next()["type"] == "pong")
        doctor.leave()
        await task.value
    }
}

/// Files of rooms.
@Suite(.timeLimit(.minutes(1)))
struct ClinicFileTests {
    private static let room = "chat_doctor123_patient456"
    private static let pdf = "%PDF-1.7 blood test"

    private func upload(_ fixture: ClinicFixture, token: String, content: String = pdf) async throws
        -> NativeReply
    {
        let body =
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"report.pdf\"\r\n\r\n\(content)\r\n--b--\r\n"
        let headers: HTTPHeaders = [
            "Host": "localhost:8001", "Authorization": "Bearer " + token,
            "Content-Type": "multipart/form-data; boundary=b",
        ]
        let request = try #require(
            HTTPRequest(
                method: "POST", target: "/chat/rooms/\(Self.room)/files", headers: headers,
                body: Array(body.utf8)))
        let response = await fixture.channel.handle(request)
        guard case .bytes(let bytes) = response.body else {
            return NativeReply(status: response.status, headers: response.headers, text: "")
        }
        return NativeReply(
            status: response.status, headers: response.headers, text: String(decoding: bytes, as: UTF8.self))
    }

    @Test func `S1.46 S1.47 a file is uploaded into a room, shared there, and served to its members alone`()
        async throws
    {
        let fixture = try await ClinicFixture()
        let doctor = try fixture.token("doctor123", role: "DOCTOR", name: "Dr. Smith")
        _ = try await fixture.ask(
            "POST", "/chat/rooms/create", token: doctor,
            body: ["doctor_id": "doctor123", "patient_id": "patient456"])
        let (socket, task) = try fixture.open("patient456", role: "PATIENT")
        _ = await socket.next()
        let reply = try await upload(fixture, token: doctor)
        #expect(reply.status == 200, "\(reply.text)")
        #expect(reply.json["file_name"] == "report.pdf")
        let shared = await socket.next()
        #expect(shared["type"] == "file_share")
        #expect(shared["file_info"] == reply.json["file_info"])
        let url = try #require(reply.json["file_info"]?["url"]?.text)
        #expect(url.hasPrefix("/uploads/files/"))
        #expect(reply.json["file_info"]?["type"] == "application/pdf")

        let member = try fixture.token("patient456")
        #expect(try await fixture.ask("GET", url, token: member).status == 200)
        #expect(try await fixture.ask("GET", url + "?token=" + member).status == 200)
        let boss = try fixture.token("boss", role: "ADMIN")
        #expect(try await fixture.ask("GET", url, token: boss).status == 200)
        #expect(try await fixture.ask("GET", url).status == 401)
        #expect(try await fixture.ask("GET", url, token: try fixture.token("third")).status == 404)
        #expect(try await fixture.ask("GET", "/uploads/files/..%2Fx", token: member).status == 404)
        #expect(try await fixture.ask("GET", url + "x", token: member).status == 404)
        socket.leave()
        await task.value
    }

    @Test func `S1.47 strangers upload nothing, and content decides what a file is`() async throws {
        let fixture = try await ClinicFixture()
        let doctor = try fixture.token("doctor123", role: "DOCTOR")
        _ = try await fixture.ask(
            "POST", "/chat/rooms/create", token: doctor,
            body: ["doctor_id": "doctor123", "patient_id": "patient456"])
        #expect(try await upload(fixture, token: try fixture.token("third")).status == 403)
        #expect(try await upload(fixture, token: doctor, content: "<html>").status == 415)
        #expect(try await upload(fixture, token: doctor, content: "").status == 400)
    }
}
