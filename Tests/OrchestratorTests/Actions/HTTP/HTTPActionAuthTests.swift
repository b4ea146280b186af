// SPDX-License-Identifier: Apache-2.0
import OrchestratorTesting
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1)))
struct HTTPActionAuthTests {
    private static let actions = "look: { backend: there, get: /x, output: any }"
    private static let key = ["KEY": "PHI-CANARY-KEY"]

    private func caller(of issuer: String) -> Caller {
        var caller = Caller(user: "u1", role: "VISITOR")
        caller.token = CallerToken(issuer: issuer, text: Secret("their-token"))
        return caller
    }

    @Test func `the caller's token goes to a backend that names its issuer, and to no other`() async throws {
        let backend = try FakeBackend(200, "{}")
        let fixture = try HTTPActionFixture(
            backend.url, backend: "auth: { forward: local }", actions: Self.actions)
        _ = try await fixture.run("look", caller: caller(of: "local"))
        #expect(backend.calls.map { $0.headers["authorization"] } == ["Bearer their-token"])
        #expect(await fixture.error("look", caller: caller(of: "other"))?.name == "forbidden")
        #expect(await fixture.error("look")?.name == "forbidden")
        #expect(backend.calls.count == 1)
    }

    @Test func `a token is never shown, wherever the caller is`() {
        let caller = caller(of: "local")
        #expect(!"\(caller)".contains("their-token"))
        #expect(!String(reflecting: caller).contains("their-token"))
        #expect(!caller.json.encodedText.contains("their-token"))
    }

    @Test(arguments: [
        ("auth: none", nil, nil), ("auth: { bearer: \"${env.KEY}\" }", "Bearer PHI-CANARY-KEY", nil),
        (
            "auth: { basic: { user: Aladdin, password: \"${env.KEY}\" } }",
            "Basic QWxhZGRpbjpQSEktQ0FOQVJZLUtFWQ==",
            nil
        ),
        ("auth: { header: { name: X-Key, value: \"${env.KEY}\" } }", nil, "PHI-CANARY-KEY"),
    ])
    func `each way to prove a call`(auth: String, authorization: String?, header: String?) async throws {
        let backend = try FakeBackend(200, "{}")
        let fixture = try HTTPActionFixture(
            backend.url, backend: auth, actions: Self.actions, environment: Self.key)
        _ = try await fixture.run("look", caller: caller(of: "local"))
        #expect(backend.calls.map { $0.headers["authorization"] } == [authorization])
        #expect(backend.calls.map { $0.headers["x-key"] } == [header])
    }

    // MARK: - Client credentials

    /// Gives out one token after the other and refuses all but the newest; `/token` is the authorization server.
    private func guarded(lifetime: Int = 3600) throws -> FakeBackend {
        try FakeBackend { call, _ in
            guard call.target == "/api/token" else { return .backend(200, #"{"ok":true}"#) }
            return .backend(200, #"{"access_token":"t","expires_in":\#(lifetime),"token_type":"Bearer"}"#)
        }
    }

    private func fixture(_ backend: FakeBackend, delay: any Delay = SystemDelay()) throws -> HTTPActionFixture
    {
        try HTTPActionFixture(
            backend.url,
            backend:
                "auth: { client_credentials: { token_url: URL/token, client_id: us, client_secret: \"${env.KEY}\", scope: read } }",
            actions: Self.actions, environment: Self.key, delay: delay)
    }

    @Test func `a token of our own is asked for once and used until it expires`() async throws {
        let backend = try guarded()
        let fixture = try fixture(backend)
        for _ in 0..<3 { #expect(try await fixture.run("look") == ["ok": true]) }
        #expect(backend.calls.map(\.target) == ["/api/token", "/api/x", "/api/x", "/api/x"])
        #expect(backend.calls[0].body == "grant_type=client_credentials&scope=read")
        #expect(backend.calls[0].headers["authorization"] == "Basic dXM6UEhJLUNBTkFSWS1LRVk=")
        #expect(backend.calls[1].headers["authorization"] == "Bearer t")
    }

    @Test func `calls at once share one request for a token`() async throws {
        let backend = try guarded()
        let fixture = try fixture(backend)
        try await withThrowingTaskGroup { group in
            for _ in 0..<20 { group.addTask { _ = try await fixture.run("look") } }
            try await group.waitForAll()
        }
        #expect(backend.calls.count { $0.target == "/api/token" } == 1)
    }

    @Test func `a token that is about to expire is renewed`() async throws {
        let backend = try guarded(lifetime: 20)
        let fixture = try fixture(backend)
        for _ in 0..<2 { _ = try await fixture.run("look") }
        #expect(backend.calls.map(\.target) == ["/api/token", "/api/x", "/api/token", "/api/x"])
    }

    @Test func `a token that is refused is renewed once`() async throws {
        let backend = try FakeBackend { call, number in
            if call.target == "/api/token" { return .backend(200, #"{"access_token":"t\#(number)"}"#) }
            return call.headers["authorization"] == "Bearer t2" ? .backend(200, "{}") : .backend(401, "{}")
        }
        let fixture = try fixture(backend)
        #expect(try await fixture.run("look") == [:])
        #expect(backend.calls.map(\.target) == ["/api/token", "/api/x", "/api/token", "/api/x"])
        let closed = try FakeBackend { call, _ in
            call.target == "/api/token" ? .backend(200, #"{"access_token":"t"}"#) : .backend(401, "{}")
        }
        let refused = try self.fixture(closed)
        #expect(await refused.error("look")?.name == "forbidden")
        #expect(closed.calls.count == 4)
    }

    @Test func `no token is unavailable, and its server's words are told to nobody`() async throws {
        let backend = try FakeBackend(400, #"{"error":"PHI-CANARY"}"#)
        let error = try #require(await (try fixture(backend)).error("look"))
        #expect(error.name == "unavailable")
        #expect(!error.detail.contains("PHI"))
    }
}
