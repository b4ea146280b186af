// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

/// Every refused access is in the audit trail: who, what, and what came of it; and no part of a secret.
@Suite(.timeLimit(.minutes(1)))
struct NativeRefusalTests {
    private func rows(_ fixture: NativeFixture) async throws -> [String] {
        try await fixture.store.latestAudit(limit: 200).filter { $0.action == "access-refused" }
            .map { "\($0.actor) \($0.subject) \($0.outcome)" }
    }

    private func client(_ fixture: NativeFixture) -> NativeClient {
        NativeClient(fixture: fixture, kind: .memory, port: 8090)
    }

    @Test func `a role that is not enough`() async throws {
        let fixture = try NativeFixture()
        let token = try fixture.token("p1")
        #expect(try await client(fixture).ask("GET", "/v1/admin/status", token: token).status == 403)
        #expect(try await client(fixture).ask("GET", "/v1/queues", token: token).status == 403)
        let refused = try await client(fixture).ask(
            "POST", "/v1/conversations", token: try fixture.token("d1", role: "DOCTOR"),
            body: #"{"assistant":"patient"}"#)
        #expect(refused.status == 403)
        #expect(
            try await rows(fixture) == [
                "p1 GET /v1/admin/status forbidden", "p1 GET /v1/queues forbidden", "d1 patient refused",
            ])
    }

    @Test func `a key or token that proves nothing, by what is public of it`() async throws {
        let fixture = try NativeFixture()
        let key = try await fixture.key(role: "DOCTOR")
        let id = String(key.prefix(12))
        let wrong = id + "_" + String(repeating: "A", count: 43)
        for bearer in [wrong, "a.b.c", try fixture.token("p1") + "x"] {
            #expect(try await client(fixture).ask("GET", "/v1/auth/me", token: bearer).status == 401)
        }
        #expect(try await client(fixture).ask("GET", "/v1/auth/me").status == 401)
        let rows = try await rows(fixture)
        #expect(rows.count == 3)
        #expect(rows.first?.hasPrefix("\(id) GET /v1/auth/me ") == true)
        #expect(rows.dropFirst().allSatisfy { $0.hasPrefix("unknown GET /v1/auth/me ") })
    }

    @Test func `another's conversation, read or claimed`() async throws {
        let fixture = try NativeFixture()
        let record = try await fixture.service.begin(
            assistant: "patient", caller: Caller(user: "p1", role: "PATIENT"), channel: "main")
        let path = "/v1/conversations/\(record.id)"
        let stranger = try fixture.token("p2")
        #expect(try await client(fixture).ask("GET", path, token: stranger).status == 404)
        let post = try await client(fixture).ask(
            "POST", path + "/messages", token: stranger, body: #"{"text":"hello"}"#)
        #expect(post.status == 404)
        let row = "p2 \(record.id) refused"
        #expect(try await rows(fixture) == [row, row])
    }

    @Test func `refused requests do not fill the store`() async throws {
        let fixture = try NativeFixture()
        let token = try fixture.token("p1")
        for _ in 0..<40 { _ = try await client(fixture).ask("GET", "/v1/queues", token: token) }
        #expect(try await rows(fixture).count == 30)
        fixture.clock.advance(by: .seconds(120))
        _ = try await client(fixture).ask("GET", "/v1/queues", token: token)
        #expect(try await rows(fixture).count == 31)
    }
}
