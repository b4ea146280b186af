// SPDX-License-Identifier: Apache-2.0
import OrchestratorTesting
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1)))
struct ClinicRESTTests {
    // MARK: - Access

    @Test func `S1.50 without a token nothing is said`() async throws {
        let fixture = try await ClinicFixture()
        let reply = try await fixture.ask("POST", "/chat/patient", body: ["message": "hello"])
        #expect(reply.status == 401)
        #expect(reply.json["error"] == "Not authenticated")
        #expect(reply.json["status_code"] == 401)
        #expect(reply.json["path"] == "http://localhost:8001/chat/patient")
        #expect(reply.json["timestamp"] == "2026-03-09T09:30:00.000Z")
    }

    @Test func `a bad token and an expired one are told apart`() async throws {
        let fixture = try await ClinicFixture()
        let token = try fixture.token()
        #expect(
            try await fixture.ask("GET", "/chat/stats", token: token + "x").json["error"] == "Invalid token")
        fixture.clock.advance(by: .seconds(90_000))
        let reply = try await fixture.ask("GET", "/chat/stats", token: token)
        #expect(reply.status == 401)
        #expect(reply.json["error"] == "Token has expired")
    }

    @Test(arguments: [
        ("POST", "/chat/patient", ["PATIENT", "ADMIN"]), ("POST", "/chat/doctor", ["DOCTOR", "ADMIN"]),
        ("GET", "/chat/active-users", ["DOCTOR", "ADMIN"]), ("GET", "/chat/stats", ["ADMIN"]),
        ("POST", "/chat/broadcast", ["ADMIN"]), ("POST", "/chat/notify/somebody", ["DOCTOR", "ADMIN"]),
        ("GET", "/chat/rooms/user/somebody", ["ADMIN"]),
    ])
    func `S1.51-S1.54 each route is for its roles, and 403 for the others`(
        method: String, path: String, roles: [String]
    )
        async throws
    {
        let fixture = try await ClinicFixture()
        for role in ["PATIENT", "DOCTOR", "ADMIN"] {
            let body: JSON? = method == "POST" ? ["message": "hello"] : nil
            let reply = try await fixture.ask(
                method, path, token: try fixture.token("someone", role: role), body: body)
            #expect(reply.status == (roles.contains(role) ? 200 : 403), "\(role) \(path) \(reply.text)")
        }
    }

    @Test func `another issuer's token is not taken`() async throws {
        let fixture = try await ClinicFixture()
        let server = fixture.snapshots.current().parts.server
        let signer = try #require(TokenSigner.first(of: server, for: "PATIENT", named: "local"))
        let token = signer.sign(user: "patient_1", role: "PATIENT", now: fixture.clock.now())
        #expect(
            try await fixture.ask("POST", "/chat/patient", token: token, body: ["message": "x"]).status == 401
        )
    }

    @Test func `what is not there is 404, and another method 405`() async throws {
        let fixture = try await ClinicFixture()
        #expect(try await fixture.ask("GET", "/chat/nothing").status == 404)
        #expect(try await fixture.ask("GET", "/chat/patient").status == 405)
    }

    // MARK: - Validation

    @Test func `S1.55 what is wrong with a body is said as its clients know it`() async throws {
        let fixture = try await ClinicFixture()
        let token = try fixture.token()
        let cases: [(String, String, JSON)] = [
            ("{}", "missing", ["body", "message"]),
            (#"{"message":""}"#, "string_too_short", ["body", "message"]),
            (#"{"message":7}"#, "string_type", ["body", "message"]),
            ("[]", "model_attributes_type", ["body"]),
            ("{", "json_invalid", ["body", 1]),
            (
                #"{"message":"\#(String(repeating: "a", count: 1001))"}"#, "string_too_long",
                ["body", "message"]
            ),
            (#"{"message":"x","conversation_id":7}"#, "string_type", ["body", "conversation_id"]),
            (#"{"message":"   "}"#, "string_too_short", ["body", "message"]),
        ]
        for (body, type, place) in cases {
            let reply = try await fixture.ask("POST", "/chat/patient", token: token, raw: body)
            #expect(reply.status == 422, "\(body)")
            let detail = reply.json["detail"]?.list?.first
            #expect(detail?["type"] == .string(type), "\(body)")
            #expect(detail?["loc"] == place, "\(body)")
            #expect(detail?["msg"]?.text?.isEmpty == false)
        }
    }

    @Test func `a text of a thousand characters is taken`() async throws {
        let fixture = try await ClinicFixture()
        let body: JSON = ["message": .string(String(repeating: "é", count: 1000))]
        #expect(
            try await fixture.ask("POST", "/chat/patient", token: try fixture.token(), body: body).status
                == 200)
    }

    @Test func `S1.56, S1.73 the 101st request of a minute is refused, and only that person's`() async throws
    {
        let fixture = try await ClinicFixture()
        let token = try fixture.token("doctor_1", role: "DOCTOR")
        for _ in 0..<100 {
            #expect(try await fixture.ask("GET", "/chat/active-users", token: token).status == 200)
        }
        let reply = try await fixture.ask("GET", "/chat/active-users", token: token)
        #expect(reply.status == 429)
        #expect(reply.headers["Retry-After"] != nil)
        let other = try fixture.token("doctor_2", role: "DOCTOR")
        #expect(try await fixture.ask("GET", "/chat/active-users", token: other).status == 200)
    }

    // MARK: - Conversations

    @Test func `S1.29-S1.31 the id that was given comes back, and continues the conversation`() async throws {
        let fixture = try await ClinicFixture()
        let token = try fixture.token()
        let first = try await fixture.say(
            "I need to see a cardiologist next week", token: token, in: "visit-7")
        #expect(first["conversation_id"] == "visit-7")
        let second = try await fixture.say("1", token: token, in: "visit-7")
        #expect(second["type"] == "datetime_selection" || second["type"] == "booking_start", "\(second)")
        #expect(
            Set(first.members?.members.map(\.name) ?? []) == [
                "response", "type", "actions", "data", "conversation_id", "timestamp",
            ])
    }

    @Test
    func `without an id one is returned that continues the conversation, and half an hour later another`()
        async throws
    {
        let fixture = try await ClinicFixture()
        let token = try fixture.token()
        let first = try await fixture.say("hello", token: token)
        let id = try #require(first["conversation_id"]?.text)
        fixture.clock.advance(by: .seconds(1700))
        #expect(try await fixture.say("hello", token: token)["conversation_id"] == .string(id))
        fixture.clock.advance(by: .seconds(1801))
        let later = try #require(try await fixture.say("hello", token: token)["conversation_id"]?.text)
        #expect(later != id)
        #expect(try await fixture.say("hello", token: token, in: id)["conversation_id"] == .string(id))
        let stored = try await fixture.service.conversation(
            id, caller: Caller(user: "patient_1", role: "PATIENT"))
        #expect(stored.sequence == 6)
    }

    @Test func `the same id of two people is two conversations`() async throws {
        let fixture = try await ClinicFixture()
        _ = try await fixture.say(
            "I need to see a cardiologist next week", token: try fixture.token("patient_1"), in: "x")
        let other = try await fixture.say("hello", token: try fixture.token("patient_2"), in: "x")
        #expect(other["type"] == "greeting")
    }

    @Test func `S1.36 health is true, and 503 when the store is not`() async throws {
        let fixture = try await ClinicFixture()
        let reply = try await fixture.ask("GET", "/health")
        #expect(reply.status == 200)
        #expect(reply.json["status"] == "healthy")
        #expect(reply.json["metrics"]?["active_connections"] == 0)
        #expect(reply.json["configuration"]?["websocket_ping_interval"] == 20)
        fixture.health.phase = .draining
        #expect(try await fixture.ask("GET", "/health").status == 503)
    }

    @Test(arguments: ["/docs", "/redoc", "/openapi.json", "/", "/info", "/chat/health"])
    func `S1.39 what describes the server needs no token`(path: String) async throws {
        let fixture = try await ClinicFixture()
        #expect(try await fixture.ask("GET", path).status == 200)
    }
}
