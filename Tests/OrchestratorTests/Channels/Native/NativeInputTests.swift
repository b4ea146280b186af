// SPDX-License-Identifier: Apache-2.0

import Testing
import Transport
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(2)))
struct NativeInputTests {
    struct Bad: Sendable, CustomTestStringConvertible {
        var body: String
        var status: Int
        var details: [String] = []
        var testDescription: String { String(body.prefix(40)) }
    }

    private static let limit = 8192

    @Test(arguments: [
        Bad(body: "", status: 400), Bad(body: "{", status: 400), Bad(body: #"{"text":"a"} x"#, status: 400),
        Bad(body: #"{"text":"a"}{"text":"b"}"#, status: 400), Bad(body: #"{"text":"\ud800"}"#, status: 400),
        Bad(body: #"{"text":"a","text":"b"}"#, status: 400), Bad(body: "\u{FEFF}{}", status: 400),
        Bad(body: String(repeating: "[", count: 100_000), status: 400),
        Bad(body: String(repeating: #"{"a":"#, count: 100_000), status: 400),
        Bad(body: "[]", status: 422, details: [""]), Bad(body: "null", status: 422, details: [""]),
        Bad(body: "{}", status: 422, details: ["text"]),
        Bad(body: #"{"text":null}"#, status: 422, details: ["text"]),
        Bad(body: #"{"text":7}"#, status: 422, details: ["text"]),
        Bad(body: #"{"text":["a"]}"#, status: 422, details: ["text"]),
        Bad(body: #"{"text":{"a":1}}"#, status: 422, details: ["text"]),
        Bad(body: #"{"text":""}"#, status: 422, details: ["text"]),
        Bad(body: #"{"text":" \n"}"#, status: 422, details: ["text"]),
        Bad(body: #"{"text":"a","client_message_id":1}"#, status: 422, details: ["client_message_id"]),
        Bad(
            body: #"{"text":1,"client_message_id":2,"colour":"red"}"#, status: 422,
            details: ["text", "client_message_id", "colour"]),
        Bad(
            body: #"{"text":"\#(String(repeating: "é", count: limit + 1))"}"#, status: 422, details: ["text"]),
        Bad(
            body: #"{"text":"a","client_message_id":"\#(String(repeating: "a", count: 129))"}"#, status: 422,
            details: ["client_message_id"]),
    ])
    func `a body that does not fit is refused by name and nothing is stored`(bad: Bad) async throws {
        let fixture = try NativeFixture()
        try await withClient(.memory, fixture) { client in
            let token = try fixture.token()
            let begun = try await client.ask(
                "POST", "/v1/conversations", token: token, body: #"{"assistant":"patient"}"#)
            let id = try #require(begun.json["id"]?.text)
            let reply = try await client.ask(
                "POST", "/v1/conversations/\(id)/messages", token: token, body: bad.body)
            #expect(reply.status == bad.status)
            #expect(reply.details == bad.details)
            #expect(try await fixture.store.messages(in: id, after: 0, limit: 10).isEmpty)
        }
    }

    @Test(arguments: [
        "hello\\u0000there", "' OR 1=1; --", "${7*7} {{7*7}} %s%n", "<script>alert(1)</script>",
        String(repeating: "👩‍👩‍👧‍👦", count: 1000), "a\\u202Eb\\u0007", "e\\u0301",
    ])
    func `what is said is stored exactly and told as data`(text: String) async throws {
        let fixture = try NativeFixture()
        try await withClient(.socket, fixture) { client in
            let token = try fixture.token()
            let begun = try await client.ask(
                "POST", "/v1/conversations", token: token, body: #"{"assistant":"patient"}"#)
            let id = try #require(begun.json["id"]?.text)
            let body = #"{"text":"\#(text)"}"#
            let reply = try await client.ask(
                "POST", "/v1/conversations/\(id)/messages", token: token, body: body)
            let meant = try JSON.parse(body)["text"]
            #expect(reply.status == 200)
            #expect(reply.json["message"]?["text"] == meant)
            #expect(!reply.text.contains("<script"))
            #expect(reply.headers["X-Content-Type-Options"] == "nosniff")
            #expect(try await fixture.store.messages(in: id, after: 0, limit: 1).first?.text == meant?.text)
        }
    }

    @Test(arguments: [
        "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1",
        "application/jsonx", "",
    ])
    func `another content type is 415`(type: String) async throws {
        let fixture = try NativeFixture()
        try await withClient(.memory, fixture) { client in
            let reply = try await client.ask(
                "POST", "/v1/conversations", token: try fixture.token(), body: #"{"assistant":"patient"}"#,
                headers: ["Content-Type": type])
            #expect(reply.status == 415)
            #expect(reply.code == "unsupported-media-type")
        }
    }

    @Test func `a compressed body is 415 and a charset of UTF-8 is taken`() async throws {
        let fixture = try NativeFixture()
        try await withClient(.memory, fixture) { client in
            let token = try fixture.token()
            let body = #"{"assistant":"patient"}"#
            let gzip = try await client.ask(
                "POST", "/v1/conversations", token: token, body: body, headers: ["Content-Encoding": "gzip"])
            #expect(gzip.status == 415)
            let charset = try await client.ask(
                "POST", "/v1/conversations", token: token, body: body,
                headers: ["Content-Type": "Application/JSON; Charset=\"UTF-8\""])
            #expect(charset.status == 201)
        }
    }

    @Test(arguments: ["../x", "*", "%", String(repeating: "a", count: 4000), "' OR 1=1", "🦊"])
    func `an id that is none names no conversation`(id: String) async throws {
        let fixture = try NativeFixture()
        let encoded = id.utf8.map { "%" + (($0 < 16 ? "0" : "") + String($0, radix: 16)) }.joined()
        try await withClient(.memory, fixture) { client in
            let reply = try await client.ask(
                "GET", "/v1/conversations/\(encoded)", token: try fixture.token())
            #expect(reply.status == 404)
        }
    }

    @Test(arguments: ["limit=0", "limit=201", "limit=x", "after=-1", "limit=", "after=1e3"])
    func `a query outside its bounds is refused by name`(query: String) async throws {
        let fixture = try NativeFixture()
        try await withClient(.memory, fixture) { client in
            let token = try fixture.token()
            let reply = try await client.ask("GET", "/v1/conversations/x/messages?\(query)", token: token)
            #expect(reply.status == 422)
            #expect(reply.details == [String(query.prefix { $0 != "=" })])
        }
    }

    @Test func `a body larger than the limit is 413`() async throws {
        let fixture = try NativeFixture()
        try await withClient(.socket, fixture) { client in
            let reply = try await client.ask(
                "POST", "/v1/conversations", token: try fixture.token(),
                body: String(repeating: " ", count: 1_100_000))
            #expect(reply.status == 413)
            #expect(reply.json["error"]?["request_id"]?.text != nil)
        }
    }
}
