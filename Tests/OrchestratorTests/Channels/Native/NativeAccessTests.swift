// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Synchronization
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(2)))
struct NativeAccessTests {
    @Test(arguments: ClientKind.allCases)
    func `health says the revision and nothing about files`(kind: ClientKind) async throws {
        let fixture = try NativeFixture()
        try await withClient(kind, fixture) { client in
            let reply = try await client.ask("GET", "/health")
            #expect(reply.status == 200)
            #expect(
                reply.json.members?.members.map(\.name) == ["status", "revision", "config", "uptime_seconds"])
            #expect(reply.json["config"] == "ok")
            #expect(reply.json["revision"]?.text == fixture.snapshots.current().revision)
            #expect(reply.headers["X-Content-Type-Options"] == "nosniff")
            fixture.health.isStale = true
            #expect(try await client.ask("GET", "/health").json["config"] == "stale")
            #expect(try await client.ask("HEAD", "/health").status == 200)
        }
    }

    @Test func `ready follows the server's life and its store`() async throws {
        let fixture = try NativeFixture()
        try await withClient(.memory, fixture) { client in
            let ready = try await client.ask("GET", "/ready")
            #expect(ready.json == ["status": "ready"])
            fixture.health.phase = .draining
            let draining = try await client.ask("GET", "/ready")
            #expect(draining.status == 503)
            #expect(draining.json == ["status": "draining"])
            fixture.health.phase = .ready
            await fixture.store.close()
            #expect(try await client.ask("GET", "/ready").json == ["status": "storage_unavailable"])
        }
    }

    @Test(arguments: ClientKind.allCases)
    func `unknown addresses are 404 and known ones name their methods`(kind: ClientKind) async throws {
        let fixture = try NativeFixture()
        try await withClient(kind, fixture) { client in
            for target in [
                "/nothing", "/v1", "/v1/", "/v1/conversations/", "/v1/conversations//messages", "/health/",
            ] {
                let reply = try await client.ask("GET", target)
                #expect(reply.status == 404, "\(target)")
                #expect(reply.code == "not-found")
            }
            let wrong = try await client.ask("DELETE", "/v1/conversations")
            #expect(wrong.status == 405)
            #expect(wrong.headers["Allow"] == "POST, GET, HEAD")
        }
    }

    @Test(arguments: ClientKind.allCases)
    func `a failure names the request and is logged once without the path`(kind: ClientKind) async throws {
        let fixture = try NativeFixture()
        try await withClient(kind, fixture) { client in
            let reply = try await client.ask("GET", "/v1/auth/me?PHI-CANARY")
            #expect(reply.status == 401)
            #expect(reply.json["error"]?.members?.members.map(\.name) == ["code", "message", "request_id"])
            let entries = fixture.log.entries.filter { $0.cause != "request" }
            #expect(entries.count == 1)
            #expect(entries.first?.cause == "unauthenticated")
            #expect(entries.first?.fields["request_id"] == reply.json["error"]?["request_id"])
            #expect(entries.first.map { "\($0)".contains("CANARY") } == false)
        }
    }

    struct Cell: Sendable, CustomTestStringConvertible {
        var method: String
        var path: String
        // none, anonymous, PATIENT, DOCTOR, ADMIN, expired
        var statuses: [Int]
        var testDescription: String { "\(method) \(path)" }
    }

    @Test(arguments: [
        Cell(method: "GET", path: "/v1/assistants", statuses: [200, 200, 200, 200, 200, 401]),
        Cell(method: "GET", path: "/v1/conversations", statuses: [401, 200, 200, 200, 200, 401]),
        Cell(method: "GET", path: "/v1/auth/me", statuses: [401, 200, 200, 200, 200, 401]),
        Cell(method: "GET", path: "/v1/ws", statuses: [401, 426, 426, 426, 426, 401]),
        Cell(method: "POST", path: "/v1/admin/reload", statuses: [401, 403, 403, 403, 200, 401]),
        Cell(method: "GET", path: "/v1/admin/status", statuses: [401, 403, 403, 403, 200, 401]),
        Cell(method: "GET", path: "/v1/admin/diagnostics", statuses: [401, 403, 403, 403, 200, 401]),
        Cell(method: "GET", path: "/v1/admin/stats", statuses: [401, 403, 403, 403, 200, 401]),
        Cell(method: "GET", path: "/metrics", statuses: [401, 403, 403, 403, 200, 401]),
        Cell(method: "GET", path: "/openapi.json", statuses: [200, 200, 200, 200, 200, 200]),
    ])
    func `each role may do what the table says`(cell: Cell) async throws {
        let server = NativeFixture.server.replacing(
            "version: 1", with: "version: 1\nenvironment: production"
        ).replacing("demo: true", with: "demo: false")
        let fixture = try NativeFixture(["server.yaml": server])
        let old = try fixture.token()
        fixture.clock.advance(by: .seconds(86_401))
        let visitor = fixture.visitors.newVisitor(
            fixture.snapshots.current().parts.server, now: fixture.clock.now())
        let tokens =
            try [nil, visitor.token]
            + ["PATIENT", "DOCTOR", "ADMIN"].map { try fixture.token("u", role: $0) } + [old]
        try await withClient(.memory, fixture) { client in
            var statuses: [Int] = []
            for token in tokens {
                statuses.append(try await client.ask(cell.method, cell.path, token: token).status)
            }
            #expect(statuses == cell.statuses)
        }
    }

    @Test func `in development this machine reads the metrics without a token, but not through a proxy`()
        async throws
    {
        let fixture = try NativeFixture()
        try await withClient(.memory, fixture) { client in
            let reply = try await client.ask("GET", "/metrics")
            #expect(reply.status == 200)
            #expect(reply.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
            let proxied = try await client.ask("GET", "/metrics", headers: ["X-Forwarded-For": "10.0.0.1"])
            #expect(proxied.status == 401)
        }
    }

    @Test(arguments: ["Basic dTpw", "Bearer", "Bearer ", "Bearer a.b.c", "bearer  x.y", "Token x"])
    func `a header that proves nothing is 401`(value: String) async throws {
        let fixture = try NativeFixture()
        try await withClient(.memory, fixture) { client in
            let reply = try await client.ask("GET", "/v1/auth/me", headers: ["Authorization": value])
            #expect(reply.status == 401)
            #expect(reply.headers["WWW-Authenticate"]?.hasPrefix("Bearer") == true)
        }
    }

    @Test func `a token in the address counts for nothing`() async throws {
        let fixture = try NativeFixture()
        try await withClient(.memory, fixture) { client in
            let token = try fixture.token()
            #expect(try await client.ask("GET", "/v1/auth/me?token=\(token)").status == 401)
            #expect(try await client.ask("GET", "/v1/auth/me?access_token=\(token)").status == 401)
        }
    }

    @Test func `operators reload, and a dry run serves nothing new`() async throws {
        let fixture = try NativeFixture()
        try await withClient(.memory, fixture) { client in
            let token = try fixture.token("root", role: "ADMIN")
            #expect(
                try await client.ask("POST", "/v1/admin/reload", token: token).json == ["outcome": "applied"])
            _ = try await client.ask("POST", "/v1/admin/reload?dry_run=true", token: token)
            #expect(fixture.admin.reloads.withLock { $0 } == [false, true])
            let wrong = try await client.ask("POST", "/v1/admin/reload?dry_run=maybe", token: token)
            #expect(wrong.status == 422)
        }
    }

    @Test func `a role that a reload removed is refused at once`() async throws {
        let fixture = try NativeFixture()
        try await withClient(.memory, fixture) { client in
            let token = try fixture.token("d1", role: "DOCTOR")
            #expect(try await client.ask("GET", "/v1/auth/me", token: token).status == 200)
            let server = NativeFixture.server.replacing("  DOCTOR: { staff: true }\n", with: "")
            fixture.snapshots.replace(with: try NativeFixture.snapshot(["server.yaml": server], number: 2))
            let reply = try await client.ask("GET", "/v1/auth/me", token: token)
            #expect(reply.status == 401)
            #expect(reply.code == "unknown-role")
        }
    }

    @Test func `requests past the limit wait, but an emergency is never refused`() async throws {
        let server = NativeFixture.server + "\nlimits: { requests: { max: 5, per: 1m } }"
        let fixture = try NativeFixture(["server.yaml": server])
        try await withClient(.memory, fixture) { client in
            let token = try fixture.token()
            let begun = try await client.ask(
                "POST", "/v1/conversations", token: token, body: #"{"assistant":"patient"}"#)
            let id = try #require(begun.json["id"]?.text)
            func say(_ text: String) async throws -> NativeReply {
                try await client.ask(
                    "POST", "/v1/conversations/\(id)/messages", token: token, body: #"{"text":"\#(text)"}"#)
            }
            for _ in 0..<4 { #expect(try await say("hello").status == 200) }
            let refused = try await say("hello")
            #expect(refused.status == 429)
            #expect(refused.code == "rate-limited")
            #expect(refused.headers["Retry-After"] == "61")
            let emergency = try await say("I have chest pain")
            #expect(emergency.json["replies"]?.list?.first?["text"] == "Call 911 now.")
            for _ in 0..<100 { _ = try await say("I have chest pain") }
            #expect(try await say("I have chest pain").status == 429)
            #expect(try await client.ask("GET", "/health").status == 200)
        }
    }
}
