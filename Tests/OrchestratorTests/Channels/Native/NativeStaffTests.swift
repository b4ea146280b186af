// SPDX-License-Identifier: Apache-2.0

import Testing
import Transport
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1)))
struct NativeStaffTests {
    /// A patient's conversation that waits, and tokens of those who may take it.
    private func waiting(
        _ fixture: NativeFixture, _ client: NativeClient
    ) async throws -> (id: String, patient: String, doctor: String) {
        let patient = try fixture.token("p1", name: "Pat")
        let made = try await client.ask(
            "POST", "/v1/conversations", token: patient, body: #"{"assistant":"patient"}"#)
        let id = try #require(made.json["id"]?.text)
        let path = "/v1/conversations/\(id)"
        _ = try await client.ask("POST", path + "/messages", token: patient, body: #"{"text":"hello"}"#)
        let asked = try await client.ask(
            "POST", path + "/handoff", token: patient, body: #"{"reason":"a question"}"#)
        #expect(asked.status == 202)
        #expect(asked.json == ["conversation": .string(id), "state": "waiting", "queue": "desk"])
        return (id, patient, try fixture.token("d1", role: "DOCTOR", name: "Dr. Day"))
    }

    @Test(arguments: ClientKind.allCases)
    func `a conversation goes through a queue to a doctor and back`(_ kind: ClientKind) async throws {
        let fixture = try NativeFixture()
        try await withClient(kind, fixture) { client in
            let (id, patient, doctor) = try await waiting(fixture, client)
            let path = "/v1/conversations/\(id)"
            let queues = try await client.ask("GET", "/v1/queues", token: doctor)
            let entry = queues.json["queues"]?.list?.first
            #expect(entry?["name"] == "desk")
            #expect(entry?["open"] == true)
            let listed = entry?["waiting"]?.list?.first
            #expect(listed?["conversation"]?.text == id)
            #expect(listed?["until"] == "2026-03-09T10:03:00.000Z")
            #expect(listed?["summary"]?["reason"] == "asked: a question")
            #expect(try await client.ask("GET", path + "/messages", token: doctor).status == 404)

            let claim = try await client.ask("POST", path + "/claim", token: doctor)
            #expect(claim.status == 200)
            #expect(claim.json["summary"]?["person"] == "Pat")
            #expect(claim.json["conversation"]?["staff"] == "d1")
            let other = try fixture.token("d2", role: "DOCTOR")
            let late = try await client.ask("POST", path + "/claim", token: other)
            #expect(late.status == 409)
            #expect(late.code == "already-claimed")

            let said = try await client.ask(
                "POST", path + "/messages", token: doctor, body: #"{"text":"How can I help?"}"#)
            #expect(said.json["message"]?["author"] == "staff")
            #expect(said.json["message"]?["name"] == "Dr. Day")
            let answer = try await client.ask(
                "POST", path + "/messages", token: patient, body: #"{"text":"hello"}"#)
            #expect(answer.json["replies"] == [])

            let note = try await client.ask(
                "POST", path + "/notes", token: doctor, body: #"{"text":"call back"}"#)
            #expect(note.status == 201)
            let notes = try await client.ask("GET", path + "/notes", token: doctor)
            #expect(notes.json["notes"]?.list?.first?["text"] == "call back")
            #expect(try await client.ask("GET", path + "/notes", token: patient).status == 403)
            let found = try await client.ask("GET", "/v1/search?q=help", token: doctor)
            #expect(found.json["messages"]?.list?.count == 2)

            let closed = try await client.ask("POST", path + "/close", token: doctor)
            #expect(closed.json == ["conversation": .string(id), "state": "assistant"])
            let back = try await client.ask(
                "POST", path + "/messages", token: patient, body: #"{"text":"hello"}"#)
            #expect(back.json["replies"]?.list?.first?["text"] == "Hello!")
        }
    }

    @Test func `only staff take conversations`() async throws {
        let fixture = try NativeFixture()
        try await withClient(.memory, fixture) { client in
            let (id, patient, doctor) = try await waiting(fixture, client)
            let path = "/v1/conversations/\(id)"
            for route in ["claim", "release", "close", "acknowledge"] {
                #expect(try await client.ask("POST", "\(path)/\(route)", token: patient).status == 403)
                #expect(try await client.ask("POST", "\(path)/\(route)").status == 401)
            }
            #expect(try await client.ask("GET", "/v1/queues", token: patient).status == 403)
            #expect(try await client.ask("GET", "/v1/search?q=hello", token: patient).status == 403)
            #expect(try await client.ask("GET", "/v1/search?q=x", token: doctor).status == 422)
            #expect(
                try await client.ask("POST", "/v1/conversations/nobody/claim", token: doctor).status == 404)
            let early = try await client.ask("POST", path + "/release", token: doctor)
            #expect(early.code == "not-claimed")
        }
    }

    @Test func `the page lets only its own script run`() async throws {
        let fixture = try NativeFixture()
        try await withClient(.memory, fixture) { client in
            let page = try await client.ask("GET", "/staff")
            #expect(page.status == 200)
            let policy = page.headers["Content-Security-Policy"] ?? ""
            #expect(policy.hasPrefix("default-src 'none'; script-src 'sha256-"))
            #expect(!page.text.contains("{{"))
        }
    }
}
