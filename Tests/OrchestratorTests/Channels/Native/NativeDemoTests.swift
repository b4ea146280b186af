// SPDX-License-Identifier: Apache-2.0

import Testing
import Transport
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1)))
struct NativeDemoTests {
    private static let body = #"{"code":"open-sesame","role":"PATIENT"}"#

    @Test(arguments: ClientKind.allCases)
    func `the page is whole, needs nothing from elsewhere, and names the roles`(kind: ClientKind) async throws
    {
        let fixture = try NativeFixture()
        try await withClient(kind, fixture) { client in
            let page = try await client.ask("GET", "/")
            #expect(page.status == 200)
            #expect(page.headers["Content-Type"] == "text/html; charset=utf-8")
            #expect(page.text.contains(#"<option value="PATIENT">PATIENT</option>"#))
            #expect(page.text.contains(#"<option value="anonymous">"#))
            #expect(!page.text.contains("DOCTOR"))
            #expect(!page.text.contains("{{"))
            #expect(!page.text.contains("src="))
            #expect(!page.text.contains("innerHTML"))
            let policy = try #require(page.headers["Content-Security-Policy"])
            #expect(policy.contains("script-src 'sha256-"))
            #expect(!policy.contains("unsafe"))
            #expect(!page.text.contains("open-sesame"))
        }
    }

    @Test(arguments: ClientKind.allCases)
    func `the code opens a token of the role that was picked`(kind: ClientKind) async throws {
        let fixture = try NativeFixture()
        try await withClient(kind, fixture) { client in
            let reply = try await client.ask("POST", "/demo/token", body: Self.body)
            #expect(reply.status == 200)
            #expect(reply.json["user"] == "patient_1")
            let me = try await client.ask("GET", "/v1/auth/me", token: reply.json["token"]?.text)
            #expect(me.json["user"] == "patient_1")
            #expect(me.json["role"] == "PATIENT")
            let visitor = try await client.ask(
                "POST", "/demo/token", body: #"{"code":"open-sesame","role":"anonymous"}"#)
            let other = try await client.ask("GET", "/v1/auth/me", token: visitor.json["token"]?.text)
            #expect(other.json["role"] == "anonymous")
        }
    }

    @Test func `another code or a role nobody is there for opens nothing`() async throws {
        let fixture = try NativeFixture()
        try await withClient(.memory, fixture) { client in
            for code in ["", "open-sesam", "open-sesame "] {
                let reply = try await client.ask(
                    "POST", "/demo/token", body: #"{"code":"\#(code)","role":"PATIENT"}"#)
                #expect(reply.status == (code.isEmpty ? 422 : 403))
            }
            for role in ["ADMIN", "ROOT"] {
                let reply = try await client.ask(
                    "POST", "/demo/token", body: #"{"code":"open-sesame","role":"\#(role)"}"#)
                #expect(reply.details == ["role"])
            }
        }
    }

    @Test(
        arguments: [
            ["Host": "clinic.example:8090"], ["Host": "127.0.0.1.evil"], ["Origin": "http://evil"],
            ["Origin": "null"],
            ["X-Forwarded-For": "127.0.0.1"], ["Forwarded": "for=127.0.0.1"], ["X-Real-IP": "127.0.0.1"],
            ["Via": "1.1 proxy"],
        ] as [HTTPHeaders])
    func `through a proxy, another name or another origin there is no demo`(headers: HTTPHeaders) async throws
    {
        let fixture = try NativeFixture()
        try await withClient(.memory, fixture) { client in
            let page = try await client.ask("GET", "/", headers: headers)
            let token = try await client.ask("POST", "/demo/token", body: Self.body, headers: headers)
            #expect([page.status, token.status] == [404, 404])
        }
    }

    @Test(arguments: [("demo: true", "demo: false"), ("version: 1", "version: 1\nenvironment: production")])
    func `without demo, or in production, there is no demo`(old: String, new: String) async throws {
        var server = NativeFixture.server.replacing(old, with: new)
        if new.contains("production") { server = server.replacing("demo: true", with: "demo: false") }
        let fixture = try NativeFixture(["server.yaml": server])
        try await withClient(.memory, fixture) { client in
            let page = try await client.ask("GET", "/")
            let token = try await client.ask("POST", "/demo/token", body: Self.body)
            #expect([page.status, token.status] == [404, 404])
        }
    }

    @Test func `a remote peer or a server without a code has no demo`() async throws {
        let fixture = try NativeFixture()
        let remote = try #require(
            HTTPRequest(method: "GET", target: "/", headers: ["Host": "127.0.0.1:8090"], peer: "10.0.0.9"))
        #expect(await fixture.handler(remote).status == 404)
        let closed = try NativeFixture(demo: nil)
        try await withClient(.memory, closed) { client in
            let page = try await client.ask("GET", "/")
            #expect(page.status == 404)
        }
    }
}
