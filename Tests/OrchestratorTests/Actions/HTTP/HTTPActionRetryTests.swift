// SPDX-License-Identifier: Apache-2.0
import OrchestratorTesting
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1)))
struct HTTPActionRetryTests {
    private static let actions = """
        look: { backend: there, get: /x, output: any }
        put: { backend: there, put: /x, output: any }
        book: { backend: there, post: /x, body: { a: 1 }, output: any }
        """

    private func fixture(_ backend: FakeBackend, _ lines: String) throws -> HTTPActionFixture {
        try HTTPActionFixture(backend.url, backend: lines, actions: Self.actions)
    }

    /// Fails so many times, then answers.
    private func failing(_ times: Int, with status: Int = 503) throws -> FakeBackend {
        try FakeBackend { _, number in
            number < times ? .backend(status, "{}") : .backend(200, #"{"ok":true}"#)
        }
    }

    @Test(arguments: ["look", "put"])
    func `what does no harm twice is tried again`(action: String) async throws {
        let backend = try failing(2)
        #expect(try await fixture(backend, "retries: 2").run(action) == ["ok": true])
        #expect(backend.calls.count == 3)
    }

    @Test func `not more often than 'retries' says`() async throws {
        let backend = try failing(3)
        #expect(await (try fixture(backend, "retries: 2")).error("look")?.name == "unavailable")
        #expect(backend.calls.count == 3)
    }

    @Test(arguments: [400, 404, 409, 500])
    func `a refusal is not tried again`(status: Int) async throws {
        let backend = try failing(1, with: status)
        #expect(await (try fixture(backend, "retries: 2")).error("look") != nil)
        #expect(backend.calls.count == 1)
    }

    @Test func `a write is tried again only where the backend carries it out once`() async throws {
        let careless = try failing(1)
        #expect(await (try fixture(careless, "retries: 2")).error("book", key: "k1")?.name == "unavailable")
        #expect(careless.calls.count == 1)
        let careful = try failing(1)
        let fixture = try fixture(careful, "retries: 2\ndeduplicates: true")
        #expect(try await fixture.run("book", key: "k1") == ["ok": true])
        let keys = careful.calls.map { $0.headers["idempotency-key"] }
        #expect(keys.count == 2)
        #expect(keys[0] == sha256(Array("k1".utf8)))
        #expect(keys[0] == keys[1])
    }

    @Test func `a wait that the backend asks for is kept while it is short`() async throws {
        let backend = try FakeBackend { _, number in
            number == 0 ? .backend(429, "{}", headers: ["Retry-After": "3600"]) : .backend(200, "{}")
        }
        #expect(await (try fixture(backend, "retries: 2")).error("look")?.name == "unavailable")
        #expect(backend.calls.count == 1)
    }

    @Test func `all attempts together keep the timeout`() async throws {
        let backend = try failing(100)
        let fixture = try fixture(backend, "retries: 5\ntimeout: 250ms")
        let started = ContinuousClock.now
        #expect(await fixture.error("look")?.name == "unavailable")
        #expect(ContinuousClock.now - started < .seconds(1))
        #expect((1...3).contains(backend.calls.count))
    }
}
