// SPDX-License-Identifier: Apache-2.0
import OrchestratorTesting
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1)))
struct HTTPActionRunnerTests {
    // MARK: - What is sent

    @Test func `path, query, headers and body are filled from the input`() async throws {
        let backend = try FakeBackend(200, #"{"id": 7}"#)
        let fixture = try HTTPActionFixture(
            backend.url, backend: "headers: { X-Tenant: north }",
            actions: """
                book:
                  backend: there
                  post: /visits/${input.visit}/book
                  query: { day: "${input.when.from | date: 'yyyy-MM-dd'}", none: "${input.note | default: ''}", many: ["a b", c] }
                  headers: { X-User: "${user.id}" }
                  body: { visit: "${input.visit}", at: "${input.when.from | date: 'yyyy-MM-dd HH:mm'}", note: "${input.note | default: ''}", nested: { count: "${input.count}", text: "n=${input.count}" }, nothing: "${user.name}" }
                  input: { visit: text, when: datetime, note: text, count: number }
                  output: { id: text }
                """)
        let output = try await fixture.run(
            "book",
            [
                "visit": "a/b c", "count": 3,
                "when": [
                    "from": "2026-06-10T14:00:00+00:00", "to": "2026-06-10T15:00:00+00:00", "grain": "hour",
                ],
            ])
        #expect(output == ["id": "7"])
        let call = try #require(backend.calls.first)
        #expect(call.method == "POST")
        #expect(call.target == "/api/visits/a%2Fb%20c/book?day=2026-06-10&many=a%20b&many=c")
        #expect(call.headers["x-tenant"] == "north")
        #expect(call.headers["x-user"] == "u1")
        #expect(call.headers["content-type"] == "application/json")
        #expect(call.headers["accept"] == "application/json")
        #expect(
            call.body == [
                "visit": "a/b c", "at": "2026-06-10 15:00", "note": "",
                "nested": ["count": 3, "text": "n=3"],
            ])
    }

    static let escapes = ["..", ".", "", "\u{0}", "x\u{0}"]

    @Test(arguments: escapes)
    func `a value cannot leave its segment of the path`(value: String) async throws {
        let backend = try FakeBackend(200, "{}")
        let fixture = try HTTPActionFixture(backend.url, actions: Self.look)
        #expect(await fixture.error("look", ["id": .string(value)])?.name == "bad_input")
        #expect(backend.calls == [])
    }

    @Test(arguments: [
        ("../admin", "..%2Fadmin"), ("a?b=c#d", "a%3Fb%3Dc%23d"), ("%2e%2e", "%252e%252e"),
        ("a\r\nHost: x", "a%0D%0AHost%3A%20x"),
        ("ü", "%C3%BC"), ("..;", "..%3B"), ("..\\", "..%5C"),
    ])
    func `what could mean something in an address is escaped`(value: String, sent: String) async throws {
        let backend = try FakeBackend(200, "{}")
        let fixture = try HTTPActionFixture(backend.url, actions: Self.look)
        _ = try await fixture.run("look", ["id": .string(value)])
        #expect(backend.calls.map(\.target) == ["/api/visits/\(sent)/doctor"])
    }

    static let look = """
        look:
          backend: there
          get: /visits/${input.id}/doctor
          input: { id: text }
        """

    // MARK: - What comes back

    static let list = """
        all:
          backend: there
          get: /visits
          where: { doctor: { contains: "${input.doctor | default: ''}" }, starts: { from: "2026-03-01" } }
          order: -starts
          limit: 2
          input: { doctor: text }
          output: [{ id: text, doctor: { from: physician.fullName, type: text }, starts: { from: "${item.day}T${item.time}", type: datetime } }]
        """

    private static let rows = #"""
        [{"id": 1, "physician": {"fullName": "Dr. A"}, "day": "2026-02-01", "time": "10:00", "secret": "x"},
         {"id": 2, "physician": {"fullName": "Dr. B"}, "day": "2026-03-02", "time": "10:00"},
         {"id": 3, "physician": {"fullName": "Dr. A"}, "day": "2026-06-03", "time": "10:00"},
         {"id": 4, "physician": null, "day": "2026-03-04", "time": "10:00"},
         {"id": 5, "physician": {"fullName": "Dr. C"}, "time": "?"}]
        """#

    @Test(arguments: [rows, #"{"content": \#(rows), "totalPages": 1}"#])
    func `lists come bare or as a page; rows are picked, ordered and cut`(body: String) async throws {
        let fixture = try HTTPActionFixture(try FakeBackend(200, body).url, actions: Self.list)
        let found: JSON = [
            ["id": "3", "doctor": "Dr. A", "starts": "2026-06-03T10:00:00+01:00"],
            ["id": "4", "doctor": .null, "starts": "2026-03-04T10:00:00+00:00"],
        ]
        #expect(try await fixture.run("all") == found)
        #expect(
            try await fixture.run("all", ["doctor": "dr. b"])
                == [["id": "2", "doctor": "Dr. B", "starts": "2026-03-02T10:00:00+00:00"]])
    }

    @Test(arguments: ["{}", "null", "7", #"{"error": "x"}"#, "", "  "])
    func `anything else than a list is an empty one`(body: String) async throws {
        let fixture = try HTTPActionFixture(try FakeBackend(200, body).url, actions: Self.list)
        #expect(try await fixture.run("all") == [])
    }

    @Test func `an object is found where 'from' says, or as the first of a list`() async throws {
        let actions = """
            one: { backend: there, get: /visits, from: data.0.visit, output: { id: text, gone: number } }
            first: { backend: there, get: /visits, from: data, output: { visit: { id: text } } }
            count: { backend: there, get: /visits, from: data, output: number }
            flag: { backend: there, delete: /visits, output: boolean }
            raw: { backend: there, get: /visits, output: any }
            """
        let body = #"{"data": [{"visit": {"id": 9, "gone": "no number"}}]}"#
        let fixture = try HTTPActionFixture(try FakeBackend(200, body).url, actions: actions)
        #expect(try await fixture.run("one") == ["id": "9", "gone": .null])
        #expect(try await fixture.run("first") == ["visit": ["id": "9"]])
        #expect(try await fixture.run("count") == 1)
        #expect(try await fixture.run("flag") == true)
        #expect(try await fixture.run("raw") == JSON.parse(body))
    }

    // MARK: - Errors

    @Test(arguments: [
        (400, "bad_input"), (401, "forbidden"), (403, "forbidden"), (404, "not_found"), (409, "taken"),
        (410, "not_found"),
        (418, "unavailable"), (422, "bad_input"), (500, "unavailable"), (301, "unavailable"),
        (504, "timeout"),
    ])
    func `a status is an error by the action's name for it, or the usual one`(status: Int, name: String)
        async throws
    {
        let backend = try FakeBackend(status, #"{"message": "PHI-CANARY"}"#)
        let fixture = try HTTPActionFixture(
            backend.url, actions: "go: { backend: there, get: /x, errors: { 409: taken } }")
        let error = try #require(await fixture.error("go"))
        #expect(error.name == name)
        #expect(error.detail == "the backend 'there' answered \(status)")
        #expect(error.isFailure == ["unavailable", "timeout", "bad_input"].contains(name))
    }

    @Test(arguments: ["<html>PHI-CANARY</html>", #"{"a": "#, #"{"a":1}{"b":2}"#])
    func `an answer that is no JSON is unavailable, and nothing of it is told`(body: String) async throws {
        let fixture = try HTTPActionFixture(try FakeBackend(200, body).url, actions: Self.list)
        let error = try #require(await fixture.error("all"))
        #expect(error == ActionError("unavailable", "the backend 'there' did not answer with JSON"))
    }

    @Test func `nobody there is unavailable, and too late is a timeout`() async throws {
        let gone = try HTTPActionFixture("http://127.0.0.1:9/", actions: Self.list)
        #expect(await gone.error("all")?.name == "unavailable")
        let slow = try FakeBackend { _, _ in
            try? await Task.sleep(for: .seconds(5))
            return .backend(200, "[]")
        }
        let late = try HTTPActionFixture(slow.url, backend: "timeout: 100ms", actions: Self.list)
        let started = ContinuousClock.now
        #expect(await late.error("all")?.name == "timeout")
        #expect(ContinuousClock.now - started < .seconds(2))
    }

    @Test func `an answer beyond max_bytes is unavailable`() async throws {
        let backend = try FakeBackend(200, "[" + String(repeating: "1,", count: 1024) + "1]")
        let fixture = try HTTPActionFixture(backend.url, backend: "max_bytes: 1024", actions: Self.list)
        #expect(await fixture.error("all")?.name == "unavailable")
    }

    @Test func `a name that leads inside the network is not followed`() async throws {
        let backend = try FakeBackend(200, "[]")
        let url = "http://127.0.0.1.nip.invalid:\(backend.port)/api"
        let fixture = try HTTPActionFixture(url, actions: Self.list)
        #expect(await fixture.error("all")?.name == "unavailable")
        #expect(backend.calls == [])
    }

    @Test func `cancelling the turn ends the call`() async throws {
        let backend = try FakeBackend { _, _ in
            try? await Task.sleep(for: .seconds(30))
            return .backend(200, "[]")
        }
        let fixture = try HTTPActionFixture(backend.url, backend: "timeout: 30s", actions: Self.list)
        let task = Task { await fixture.error("all") }
        while backend.calls.isEmpty { await Task.yield() }
        task.cancel()
        #expect(await task.value?.name == "unavailable")
    }
}
