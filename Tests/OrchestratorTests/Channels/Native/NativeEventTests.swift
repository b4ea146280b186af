// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

/// `POST /v1/events/NAME`: another system tells a person something in their conversation.
@Suite(.timeLimit(.minutes(1)))
struct NativeEventTests {
    private static let path = "/v1/events/visit_moved"
    private static let body = #"{"user":"p1","data":{"doctor":"Dr. Day","starts":"2026-03-10T09:30:00Z"}}"#
    private static let patient = Caller(user: "p1", role: "PATIENT")

    private func fixture() throws -> NativeFixture { try NativeFixture(NativeFixture.withEvents) }

    private func begin(_ fixture: NativeFixture, _ assistant: String = "patient") async throws -> String {
        try await fixture.service.begin(assistant: assistant, caller: Self.patient, channel: "main").id
    }

    private func texts(_ id: String, _ fixture: NativeFixture) async throws -> [String] {
        try await fixture.store.messages(in: id, after: 0, limit: 100).map {
            "\($0.sequence) \($0.author) \($0.text)"
        }
    }

    private func audit(_ fixture: NativeFixture) async throws -> [String] {
        try await fixture.store.latestAudit(limit: 100).filter { $0.action != "key-added" }
            .map { "\($0.action) \($0.subject) \($0.outcome)" }
    }

    private func post(
        _ fixture: NativeFixture, _ token: String?, path: String = path, body: String = body,
        headers: HTTPHeaders = [:]
    ) async throws -> NativeReply {
        try await NativeClient(fixture: fixture, kind: .memory, port: 8090)
            .ask("POST", path, token: token, body: body, headers: headers)
    }

    @Test func `the person is told on every socket, by the assistant, and an open flow goes on`() async throws
    {
        let fixture = try fixture()
        let id = try await begin(fixture)
        _ = try await fixture.service.submit("book an appointment", to: id, caller: Self.patient)
        let watchers = [EventRecorder(), EventRecorder()]
        for watcher in watchers {
            _ = try await fixture.service.attach(watcher, to: id, caller: Self.patient)
        }
        let key = try await fixture.key(role: "SYSTEM")
        let reply = try await post(fixture, key)
        #expect(reply.status == 202)
        let message = try #require(try await fixture.store.messages(in: id, after: 2, limit: 9).first)
        #expect(
            reply.json == [
                "event": "visit_moved", "conversation": .string(id), "message": .string(message.id),
            ])
        #expect(message.text == "Dr. Day will see you on 2026-03-10 09:30.")
        #expect(message.author == .assistant)
        #expect(message.type == "moved")
        #expect(message.data == ["starts": "2026-03-10T09:30:00Z"])
        for watcher in watchers {
            let told = watcher.events.compactMap { if case .message(let told) = $0 { told.id } else { nil } }
            #expect(told == [message.id])
        }
        let next = try await fixture.service.submit("cardiologist", to: id, caller: Self.patient)
        #expect(next.replies.map(\.text) == ["Anything private?"])
        #expect(try await audit(fixture) == ["event-visit-moved \(id) done"])
    }

    @Test func `of several conversations it is the one used last, of an assistant that has the event`()
        async throws
    {
        let fixture = try fixture()
        let old = try await begin(fixture)
        fixture.clock.advance(by: .seconds(60))
        let newer = try await begin(fixture)
        fixture.clock.advance(by: .seconds(60))
        _ = try await fixture.service.submit("hello", to: old, caller: Self.patient)
        fixture.clock.advance(by: .seconds(60))
        _ = try await begin(fixture, "visitor")
        let key = try await fixture.key(role: "SYSTEM")
        #expect(try await post(fixture, key).json["conversation"]?.text == old)
        #expect(try await texts(newer, fixture) == [])
    }

    @Test func `the same idempotency key tells once and answers the same`() async throws {
        let fixture = try fixture()
        let id = try await begin(fixture)
        let key = try await fixture.key(role: "SYSTEM")
        let headers: HTTPHeaders = ["Idempotency-Key": "move-17"]
        let first = try await post(fixture, key, headers: headers)
        // Even when the person has begun another conversation since.
        fixture.clock.advance(by: .seconds(60))
        _ = try await begin(fixture)
        let again = try await post(fixture, key, headers: headers)
        #expect(first.status == 202 && again.status == 202)
        #expect(first.json == again.json)
        #expect(try await texts(id, fixture) == ["1 assistant Dr. Day will see you on 2026-03-10 09:30."])
        let changed = try await post(
            fixture, key, body: Self.body.replacing("Day", with: "Night"), headers: headers)
        #expect(changed.status == 422)
        #expect(changed.code == "idempotency-key-reused")
        #expect(changed.details == ["Idempotency-Key"])
        let other = try await fixture.key(role: "SYSTEM")
        let theirs = try await post(fixture, other, headers: headers)
        #expect(theirs.status == 202)
        #expect(theirs.json["message"] != first.json["message"])
    }

    @Test func `two posts with one key at once are told once`() async throws {
        let fixture = try fixture()
        let id = try await begin(fixture)
        let key = try await fixture.key(role: "SYSTEM")
        let replies = try await withThrowingTaskGroup(of: NativeReply.self) { tasks in
            for _ in 0..<4 {
                tasks.addTask { try await post(fixture, key, headers: ["Idempotency-Key": "move-17"]) }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        #expect(replies.map(\.status) == [202, 202, 202, 202])
        #expect(Set(replies.compactMap { $0.json["message"]?.text }).count == 1)
        #expect(try await texts(id, fixture).count == 1)
    }

    @Test func `an event is for keys of its roles alone, and refusals are in the audit trail`() async throws {
        let fixture = try fixture()
        _ = try await begin(fixture)
        #expect(try await post(fixture, nil).status == 401)
        #expect(try await post(fixture, try fixture.token("root", role: "SYSTEM")).status == 403)
        let key = try await fixture.key(role: "PATIENT")
        let refused = try await post(fixture, key)
        #expect(refused.status == 403)
        #expect(refused.code == "forbidden")
        #expect(try await audit(fixture).last == "access-refused visit_moved refused")
        let narrow = try await fixture.key(role: "SYSTEM", assistants: ["visitor"])
        #expect(try await post(fixture, narrow).code == "unknown-event")
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var body: String
        var status: Int
        var code: String
        var details: [String] = []
        var path = NativeEventTests.path
        var headers: HTTPHeaders = [:]
    }

    private static let bad = [
        Bad(
            testDescription: "an event that is not declared", body: body, status: 404, code: "unknown-event",
            path: "/v1/events/visit_lost"),
        Bad(
            testDescription: "a person without a conversation",
            body: #"{"user":"p9","data":{"doctor":"Dr. Day","starts":"2026-03-10T09:30:00Z"}}"#, status: 404,
            code: "unknown-user"),
        Bad(testDescription: "no person", body: "{}", status: 422, code: "unprocessable", details: ["user"]),
        Bad(
            testDescription: "a field that is missing and one that is not known",
            body: #"{"user":"p1","data":{"starts":"2026-03-10T09:30:00Z","room":"4"}}"#, status: 422,
            code: "unprocessable", details: ["data.doctor", "data.room"]),
        Bad(
            testDescription: "a field of another type",
            body: #"{"user":"p1","data":{"doctor":["x"],"starts":"soon"}}"#, status: 422,
            code: "unprocessable", details: ["data.doctor", "data.starts"]),
        Bad(
            testDescription: "data that is no object", body: #"{"user":"p1","data":[]}"#, status: 422,
            code: "unprocessable", details: ["data"]),
        Bad(
            testDescription: "too much data",
            body: #"{"user":"p1","data":{"doctor":"\#(String(repeating: "x", count: 16_384))"}}"#,
            status: 422, code: "unprocessable", details: ["data"]),
        Bad(
            testDescription: "a message that would be too long",
            body:
                #"{"user":"p1","data":{"doctor":"\#(String(repeating: "x", count: 8_192))","starts":"2026-03-10T09:30:00Z"}}"#,
            status: 422, code: "unprocessable", details: ["data"]),
        Bad(
            testDescription: "an idempotency key that is too long", body: body, status: 422,
            code: "unprocessable", details: ["Idempotency-Key"],
            headers: ["Idempotency-Key": String(repeating: "k", count: 256)]),
    ]

    @Test(arguments: bad)
    func `what cannot be told is refused with what is wrong, and nothing is said`(bad: Bad) async throws {
        let fixture = try fixture()
        let id = try await begin(fixture)
        let key = try await fixture.key(role: "SYSTEM")
        let reply = try await post(fixture, key, path: bad.path, body: bad.body, headers: bad.headers)
        #expect(reply.status == bad.status)
        #expect(reply.code == bad.code)
        #expect(reply.details == bad.details)
        #expect(try await texts(id, fixture) == [])
    }

    @Test func `one person is not told without end`() async throws {
        let fixture = try fixture()
        let id = try await begin(fixture)
        let key = try await fixture.key(role: "SYSTEM")
        var statuses: [Int] = []
        for _ in 0..<6 { statuses.append(try await post(fixture, key).status) }
        #expect(statuses == [202, 202, 202, 202, 202, 429])
        #expect(try await texts(id, fixture).count == 5)
        let other = try await post(
            fixture, key, body: Self.body.replacing(#""p1""#, with: #""p2""#))
        #expect(other.code == "unknown-user")
    }
}
