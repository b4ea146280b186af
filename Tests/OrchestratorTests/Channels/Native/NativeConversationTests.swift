// SPDX-License-Identifier: Apache-2.0

import Foundation
import OrchestratorTesting
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(2)))
struct NativeConversationTests {
    private func begin(_ client: NativeClient, _ token: String, _ assistant: String = "patient") async throws
        -> String
    {
        let reply = try await client.ask(
            "POST", "/v1/conversations", token: token, body: #"{"assistant":"\#(assistant)"}"#)
        #expect(reply.status == 201)
        return try #require(reply.json["id"]?.text)
    }

    @Test(arguments: ClientKind.allCases)
    func `a role sees the assistants that are for it`(kind: ClientKind) async throws {
        let fixture = try NativeFixture()
        try await withClient(kind, fixture) { client in
            let mine = try await client.ask("GET", "/v1/assistants", token: try fixture.token())
            #expect(mine.status == 200)
            #expect(
                mine.json == [
                    "assistants": [
                        ["id": "patient", "name": "Patient desk", "description": "Books appointments."],
                        ["id": "visitor", "name": "Front door", "description": ""],
                    ]
                ])
            let open = try await client.ask("GET", "/v1/assistants")
            #expect(
                open.json == ["assistants": [["id": "visitor", "name": "Front door", "description": ""]]])
        }
    }

    @Test(arguments: ClientKind.allCases)
    func `a conversation is begun and answers are stored before they are told`(kind: ClientKind) async throws
    {
        let fixture = try NativeFixture()
        try await withClient(kind, fixture) { client in
            let token = try fixture.token(name: "Ann")
            let begun = try await client.ask(
                "POST", "/v1/conversations", token: token, body: #"{"assistant":"patient"}"#)
            #expect(begun.status == 201)
            #expect(
                begun.json.members?.members.map(\.name) == [
                    "id", "assistant", "epoch", "created_at", "state",
                ])
            #expect(begun.json["created_at"] == "2026-03-09T10:00:00.000Z")
            #expect(begun.json["state"] == "assistant")
            let id = try #require(begun.json["id"]?.text)
            let said = try await client.ask(
                "POST", "/v1/conversations/\(id)/messages", token: token, body: #"{"text":"hello"}"#)
            #expect(said.status == 200)
            #expect(said.json["message"]?["sequence"] == 1)
            #expect(said.json["message"]?["author"] == "user")
            #expect(said.json["replies"]?.list?.compactMap { $0["text"]?.text } == ["Hello!"])
            let history = try await client.ask(
                "GET", "/v1/conversations/\(id)/messages?after=0", token: token)
            #expect(history.json["epoch"] == begun.json["epoch"])
            #expect(history.json["more"] == false)
            let expected = [said.json["message"]].compactMap { $0 } + (said.json["replies"]?.list ?? [])
            #expect(history.json["messages"] == .array(expected))
        }
    }

    @Test func `a message has the members of the contract in their order`() {
        let message = MessageRecord(
            id: "m1", conversation: "c1", sequence: 2, author: .assistant, name: "Bo", text: "Hi <b>",
            type: "menu",
            buttons: [["type": "reply", "label": "Yes"]], data: ["n": 1], partial: true, sources: [],
            safety: ["level": "emergency", "family": "cardiac"], intent: "greet", clientMessageID: "x",
            inReplyTo: 1, createdAt: Timestamp(milliseconds: 0))
        var bytes: [UInt8] = []
        MessagePayload.append(message, to: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"id":"m1","conversation":"c1","sequence":2,"author":"assistant","name":"Bo","#
                + #""text":"Hi \u003cb>","type":"menu","buttons":[{"type":"reply","label":"Yes"}],"data":{"n":1},"#
                + #""partial":true,"sources":[],"safety":{"level":"emergency","family":"cardiac"},"intent":"greet","#
                + #""created_at":"1970-01-01T00:00:00.000Z"}"#)
    }

    @Test(arguments: ClientKind.allCases)
    func `the same client message id is answered the same and stored once`(kind: ClientKind) async throws {
        let fixture = try NativeFixture()
        try await withClient(kind, fixture) { client in
            let token = try fixture.token()
            let id = try await begin(client, token)
            let body = #"{"text":"hello","client_message_id":"m-1"}"#
            let first = try await client.ask(
                "POST", "/v1/conversations/\(id)/messages", token: token, body: body)
            let again = try await client.ask(
                "POST", "/v1/conversations/\(id)/messages", token: token, body: body)
            #expect(first.status == 200)
            #expect(first.text == again.text)
            #expect(try await fixture.store.messages(in: id, after: 0, limit: 10).count == 2)
        }
    }

    @Test(arguments: ClientKind.allCases)
    func `an open flow is shown without what is sensitive`(kind: ClientKind) async throws {
        let fixture = try NativeFixture()
        try await withClient(kind, fixture) { client in
            let token = try fixture.token()
            let id = try await begin(client, token)
            for text in ["book an appointment", "cardiologist"] {
                _ = try await client.ask(
                    "POST", "/v1/conversations/\(id)/messages", token: token, body: #"{"text":"\#(text)"}"#)
            }
            let shown = try await client.ask("GET", "/v1/conversations/\(id)", token: token)
            #expect(shown.status == 200)
            #expect(shown.json["flow"] == "book")
            #expect(shown.json["slots"]?.members?.members.map(\.name) == ["specialty"])
        }
    }

    @Test(arguments: ClientKind.allCases)
    func `nobody learns of other people's conversations`(kind: ClientKind) async throws {
        let fixture = try NativeFixture()
        try await withClient(kind, fixture) { client in
            let id = try await begin(client, try fixture.token("p1"))
            let others = [try fixture.token("p2"), try fixture.token("p1b", role: "ADMIN")]
            for token in others {
                for (method, path, body) in [
                    ("GET", "", nil), ("GET", "/messages", nil), ("POST", "/messages", #"{"text":"hello"}"#),
                ] as [(String, String, String?)] {
                    let theirs = try await client.ask(
                        method, "/v1/conversations/\(id)\(path)", token: token, body: body)
                    let none = try await client.ask(
                        method, "/v1/conversations/no-such-id\(path)", token: token, body: body)
                    #expect(theirs.status == 404)
                    #expect(theirs.json["error"]?["message"] == none.json["error"]?["message"])
                }
                let list = try await client.ask("GET", "/v1/conversations", token: token)
                #expect(list.json == ["conversations": [], "cursor": .null])
            }
            #expect(try await fixture.store.messages(in: id, after: 0, limit: 10).isEmpty)
        }
    }

    @Test func `a list goes on where its cursor says`() async throws {
        let fixture = try NativeFixture()
        try await withClient(.memory, fixture) { client in
            let token = try fixture.token()
            var ids: [String] = []
            for _ in 0..<3 {
                ids.append(try await begin(client, token))
                fixture.clock.advance(by: .seconds(1))
            }
            let first = try await client.ask("GET", "/v1/conversations?limit=2", token: token)
            let cursor = try #require(first.json["cursor"]?.text)
            let rest = try await client.ask("GET", "/v1/conversations?limit=2&cursor=\(cursor)", token: token)
            let listed = [first, rest].flatMap { $0.json["conversations"]?.list ?? [] }
            #expect(listed.compactMap { $0["id"]?.text } == ids.reversed())
            #expect(rest.json["cursor"] == .null)
            let wrong = try await client.ask("GET", "/v1/conversations?cursor=zzz&limit=1", token: token)
            #expect(wrong.status == 422)
            #expect(wrong.details == ["cursor"])
        }
    }

    @Test(arguments: ClientKind.allCases)
    func `people without an account get a token of their own`(kind: ClientKind) async throws {
        let fixture = try NativeFixture()
        try await withClient(kind, fixture) { client in
            let begun = try await client.ask("POST", "/v1/conversations", body: #"{"assistant":"visitor"}"#)
            #expect(begun.status == 201)
            let token = try #require(begun.json["token"]?.text)
            let id = try #require(begun.json["id"]?.text)
            let said = try await client.ask(
                "POST", "/v1/conversations/\(id)/messages", token: token, body: #"{"text":"hello"}"#)
            #expect(said.json["replies"]?.list?.first?["text"] == "Welcome!")
            let me = try await client.ask("GET", "/v1/auth/me", token: token)
            #expect(me.json["role"] == "anonymous")
            let refused = try await client.ask("POST", "/v1/conversations", body: #"{"assistant":"patient"}"#)
            #expect(refused.status == 401)
            #expect(refused.headers["WWW-Authenticate"] == "Bearer")
            let other = try await client.ask(
                "POST", "/v1/conversations", token: token, body: #"{"assistant":"patient"}"#)
            #expect(other.status == 403)
        }
    }

    @Test func `an event stream tells the turn in frames and a retry gets the same messages`() async throws {
        let fixture = try NativeFixture()
        try await withClient(.socket, fixture) { client in
            let token = try fixture.token()
            let id = try await begin(client, token)
            let body = #"{"text":"hello","client_message_id":"m-1"}"#
            func events() async throws -> [String] {
                let reply = try await client.ask(
                    "POST", "/v1/conversations/\(id)/messages", token: token, body: body,
                    headers: ["Accept": "text/event-stream"])
                #expect(reply.status == 200)
                #expect(reply.headers["Content-Type"] == "text/event-stream")
                return reply.text.components(separatedBy: "\n\n").filter { !$0.isEmpty }
            }
            let first = try await events()
            #expect(
                first.map { $0.prefix { $0 != "\n" } } == [
                    "event: accepted", "event: message", "event: message",
                ])
            let retry = try await events()
            #expect(retry.filter { $0.hasPrefix("event: message") } == Array(first.dropFirst()))
            let missing = try await client.ask(
                "POST", "/v1/conversations/none/messages", token: token, body: body,
                headers: ["Accept": "text/event-stream"])
            #expect(missing.status == 404)
            #expect(missing.code == "not-found")
        }
    }

    @Test func `a channel offers its own assistants only`() async throws {
        let fixture = try NativeFixture()
        let token = try fixture.token()
        func ask(_ method: String, _ target: String, _ body: String = "") async throws -> JSON {
            let request = try #require(
                HTTPRequest(
                    method: method, target: target,
                    headers: ["Authorization": "Bearer " + token, "Content-Type": "application/json"],
                    body: Array(body.utf8)))
            let response = await fixture.lobby.handle(request)
            guard case .bytes(let bytes) = response.body else { return .null }
            return try JSON.parse(bytes)
        }
        #expect(try await ask("GET", "/v1/assistants")["assistants"]?.list?.map { $0["id"] } == ["visitor"])
        #expect(
            try await ask("POST", "/v1/conversations", #"{"assistant":"patient"}"#)["error"]?["code"]
                == "unknown-assistant")
        let elsewhere = try await fixture.service.begin(
            assistant: "patient", caller: Caller(user: "p1", role: "PATIENT"), channel: "main")
        #expect(try await ask("GET", "/v1/conversations/\(elsewhere.id)")["error"]?["code"] == "not-found")
        #expect(try await ask("GET", "/")["error"]?["code"] == "not-found")
    }

    @Test func `people talk without an assistant where their role needs no safety floor`() async throws {
        let server = NativeFixture.server.replacing("anonymous: {}", with: "anonymous: { safety: required }")
        let visitor =
            NativeFixture.visitor
            + "\nsafety:\n  - { id: cardiac, level: emergency, phrases: [chest pain], say: Call 911. }"
        let fixture = try NativeFixture(["server.yaml": server, "visitor.yaml": visitor])
        try await withClient(.memory, fixture) { client in
            let token = try fixture.token()
            let id = try await begin(client, token, "none")
            let said = try await client.ask(
                "POST", "/v1/conversations/\(id)/messages", token: token, body: #"{"text":"hello"}"#)
            #expect(said.json["message"]?["text"] == "hello")
            #expect(said.json["replies"] == [])
            let guarded = fixture.visitors.newVisitor(
                fixture.snapshots.current().parts.server, now: fixture.clock.now())
            let refused = try await client.ask(
                "POST", "/v1/conversations", token: guarded.token, body: #"{"assistant":"none"}"#)
            #expect(refused.status == 404)
            let unknown = try await client.ask("POST", "/v1/conversations", body: #"{"assistant":"none"}"#)
            #expect(unknown.status == 404)
        }
    }
}
