// SPDX-License-Identifier: Apache-2.0

import Testing
import Transport
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(2)))
struct NativeAccountTests {
    private let ann = #"{"username":"ann","password":"correct horse"}"#

    @Test(arguments: ClientKind.allCases)
    func `who makes an account has a token of the default role`(kind: ClientKind) async throws {
        let fixture = try NativeFixture()
        try await withClient(kind, fixture) { client in
            let made = try await client.ask(
                "POST", "/v1/auth/register",
                body: #"{"username":"ann","password":"correct horse","email":"ann@example.org"}"#)
            #expect(made.status == 201)
            #expect(made.json["user"]?["role"] == "PATIENT")
            #expect(made.json["user"]?["email"] == "ann@example.org")
            #expect(made.json["expires_at"] == "2026-03-10T10:00:00.000Z")
            #expect(made.json["previous_login"] == nil)
            let me = try await client.ask("GET", "/v1/auth/me", token: try #require(made.json["token"]?.text))
            #expect(me.json["user"] == made.json["user"]?["id"])
            #expect(me.json["name"] == "ann")
            let again = try await client.ask("POST", "/v1/auth/register", body: ann)
            #expect(again.status == 409)
            #expect(again.code == "name-taken")
        }
    }

    @Test func `a login gives a token, and says nothing of why it does not`() async throws {
        let fixture = try NativeFixture()
        try await withClient(.memory, fixture) { client in
            _ = try await client.ask("POST", "/v1/auth/register", body: ann)
            let login = try await client.ask("POST", "/v1/auth/login", body: ann)
            #expect(login.status == 200)
            #expect(login.json["token"]?.text != nil)
            let again = try await client.ask("POST", "/v1/auth/login", body: ann)
            #expect(again.json["previous_login"] == "2026-03-09T10:00:00.000Z")
            let wrong = try await client.ask(
                "POST", "/v1/auth/login", body: #"{"username":"ann","password":"x"}"#)
            let unknown = try await client.ask(
                "POST", "/v1/auth/login", body: #"{"username":"zoe","password":"x"}"#)
            for reply in [wrong, unknown] {
                #expect(reply.status == 401)
                #expect(reply.code == "wrong-credentials")
            }
            #expect(wrong.json["error"]?["message"] == unknown.json["error"]?["message"])
        }
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        var path: String
        var body: String
        var details: [String]
        var testDescription: String { body }
    }

    @Test(arguments: [
        Wrong(path: "register", body: "{}", details: ["username", "password"]),
        Wrong(
            path: "register", body: #"{"username":{"$ne":null},"password":[]}"#,
            details: ["username", "password"]),
        Wrong(path: "register", body: #"{"username":"ann","password":"short"}"#, details: ["password"]),
        Wrong(
            path: "register", body: #"{"username":"ann","password":"\#(String(repeating: "é", count: 37))"}"#,
            details: ["password"]),
        Wrong(
            path: "register", body: #"{"username":"ann","password":"correct\u0000horse"}"#,
            details: ["password"]),
        Wrong(
            path: "register", body: #"{"username":"a\u0000","password":"correct horse"}"#,
            details: ["username"]),
        Wrong(
            path: "register", body: #"{"username":"ann","password":"correct horse","role":"ADMIN"}"#,
            details: ["role"]),
        Wrong(
            path: "login", body: #"{"username":["ann"],"password":{"$gt":""}}"#,
            details: ["username", "password"]),
        Wrong(path: "reset", body: #"{"token":"x"}"#, details: ["new_password"]),
    ])
    func `fields that do not fit are named`(wrong: Wrong) async throws {
        let fixture = try NativeFixture()
        try await withClient(.memory, fixture) { client in
            let reply = try await client.ask("POST", "/v1/auth/\(wrong.path)", body: wrong.body)
            #expect(reply.status == 422)
            #expect(reply.details == wrong.details)
        }
    }

    @Test func `past the limit of one address the answer says when to come again`() async throws {
        let server =
            NativeFixture.server + "\nlimits: { logins: { per_account: 2, per_address: 3, per: 1m } }"
        let fixture = try NativeFixture(["server.yaml": server])
        try await withClient(.memory, fixture) { client in
            func login(_ name: String) async throws -> NativeReply {
                try await client.ask(
                    "POST", "/v1/auth/login", body: #"{"username":"\#(name)","password":"x"}"#)
            }
            #expect(try await login("ann").status == 401)
            #expect(try await login("ann").status == 401)
            let third = try await login("ann")
            #expect(third.status == 429)
            #expect(third.headers["Retry-After"] == "61")
            #expect(try await login("bob").status == 429)
        }
    }

    @Test func `where registration is closed nobody makes an account`() async throws {
        let server = NativeFixture.server.replacing(
            "auth:\n", with: "auth:\n  accounts: { register: false }\n")
        let fixture = try NativeFixture(["server.yaml": server])
        try await withClient(.memory, fixture) { client in
            let reply = try await client.ask("POST", "/v1/auth/register", body: ann)
            #expect(reply.status == 403)
            #expect(reply.code == "registration-closed")
        }
    }

    @Test func `a new password ends older tokens, and the answer has a new one`() async throws {
        let fixture = try NativeFixture()
        try await withClient(.memory, fixture) { client in
            let made = try await client.ask("POST", "/v1/auth/register", body: ann)
            let old = try #require(made.json["token"]?.text)
            let change = #"{"current_password":"correct horse","new_password":"battery staple"}"#
            let wrong = try await client.ask(
                "POST", "/v1/auth/password", token: old,
                body: #"{"current_password":"x","new_password":"battery staple"}"#)
            #expect(wrong.status == 401)
            let changed = try await client.ask("POST", "/v1/auth/password", token: old, body: change)
            #expect(changed.status == 200)
            let refused = try await client.ask("GET", "/v1/auth/me", token: old)
            #expect(refused.status == 401)
            #expect(refused.code == "revoked-token")
            let new = try #require(changed.json["token"]?.text)
            #expect(try await client.ask("GET", "/v1/auth/me", token: new).status == 200)
            let login = try await client.ask(
                "POST", "/v1/auth/login", body: #"{"username":"ann","password":"battery staple"}"#)
            #expect(
                try await client.ask("GET", "/v1/auth/me", token: try #require(login.json["token"]?.text))
                    .status
                    == 200)
        }
    }

    @Test func `a key is a bearer for its role and its assistants`() async throws {
        let fixture = try NativeFixture()
        let key = try await fixture.accounts.addKey(
            name: "portal", role: "PATIENT", assistants: ["visitor"], valid: nil)
        try await fixture.directory.refresh()
        try await withClient(.memory, fixture) { client in
            let me = try await client.ask("GET", "/v1/auth/me", token: key.text)
            #expect(me.json["user"] == .string(key.id))
            #expect(me.json["expires_at"] == nil)
            let list = try await client.ask("GET", "/v1/assistants", token: key.text)
            #expect(list.json["assistants"]?.list?.compactMap { $0["id"]?.text } == ["visitor"])
            let other = try await client.ask(
                "POST", "/v1/conversations", token: key.text, body: #"{"assistant":"patient"}"#)
            #expect(other.status == 404)
            let begun = try await client.ask(
                "POST", "/v1/conversations", token: key.text, body: #"{"assistant":"visitor"}"#)
            #expect(begun.status == 201)
            #expect(try await client.ask("GET", "/metrics", token: key.text + "x").status == 401)
            let change = #"{"current_password":"correct horse","new_password":"battery staple"}"#
            #expect(
                try await client.ask("POST", "/v1/auth/password", token: key.text, body: change).status == 403
            )
            try await fixture.accounts.revokeKey(key.id)
            try await fixture.directory.refresh()
            let refused = try await client.ask("GET", "/v1/auth/me", token: key.text)
            #expect(refused.code == "revoked-token")
        }
    }
}
