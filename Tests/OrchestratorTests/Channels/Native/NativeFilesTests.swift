// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

struct NativeFilesTests {
    static let type = "multipart/form-data; boundary=b"

    static func form(_ content: String, name: String = "report.pdf") -> String {
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n\r\n\(content)\r\n--b--\r\n"
    }

    static func store(
        _ content: String, in conversation: String, _ fixture: NativeFixture
    ) async throws -> StoredFile {
        var rest: [UInt8]? = Array(form(content).utf8)
        return try await FileUpload.receive(
            type, conversation: conversation, user: "p1", rules: FileRules(), into: fixture.files,
            now: fixture.clock.now()
        ) {
            defer { rest = nil }
            return rest
        }
    }

    private func begun(_ fixture: NativeFixture) async throws -> String {
        let caller = Caller(user: "p1", role: "PATIENT")
        return try await fixture.service.begin(assistant: "patient", caller: caller, channel: "main").id
    }

    @Test(.timeLimit(.minutes(1)))
    func `a file goes up and comes down as an attachment that nobody runs`() async throws {
        let fixture = try NativeFixture()
        let id = try await begun(fixture)
        try await withClient(.socket, fixture) { client in
            let token = try fixture.token("p1")
            let up = try await client.ask(
                "POST", "/v1/conversations/\(id)/files", token: token,
                body: Self.form("%PDF-1.7 content", name: "a\\\"<b>.pdf"),
                headers: ["Content-Type": Self.type])
            #expect(up.status == 201)
            let file = up.json["file"]
            #expect(file?["name"] == "a\"<b>.pdf")
            #expect(file?["size"] == 16)
            #expect(file?["type"] == "application/pdf")
            let url = try #require(file?["url"]?.text)
            let down = try await client.ask("GET", url, token: token)
            #expect(down.status == 200)
            #expect(down.text == "%PDF-1.7 content")
            #expect(down.headers["Content-Disposition"] == "attachment; filename*=UTF-8''a%22%3Cb%3E.pdf")
            #expect(down.headers["X-Content-Type-Options"] == "nosniff")
            #expect(down.headers["Content-Type"] == "application/pdf")
            #expect(
                down.headers["Content-Security-Policy"]
                    == "default-src 'none'; sandbox; frame-ancestors 'none'")
        }
    }

    @Test(arguments: ClientKind.allCases)
    func `nobody reads or adds files of a conversation that is another's`(kind: ClientKind) async throws {
        let fixture = try NativeFixture()
        let id = try await begun(fixture)
        let file = try await Self.store("%PDF-1.7", in: id, fixture)
        try await withClient(kind, fixture) { client in
            let other = try fixture.token("p2")
            #expect(try await client.ask("GET", "/v1/files/" + file.id.text).status == 401)
            #expect(try await client.ask("GET", "/v1/files/" + file.id.text, token: other).status == 404)
            let up = try await client.ask(
                "POST", "/v1/conversations/\(id)/files", token: other, body: Self.form("%PDF-1.7"),
                headers: ["Content-Type": Self.type])
            #expect(up.status == 404)
        }
    }

    @Test(arguments: [
        "nothing", "..%2F..%2Fetc%2Fpasswd", "%2e%2e%2fx", "..%5c..%5cx", "%252e%252e", "a.b", "a.b%00",
    ])
    func `an address that is no file's opens nothing`(id: String) async throws {
        let fixture = try NativeFixture()
        try await withClient(.socket, fixture) { client in
            let status = try await client.ask("GET", "/v1/files/" + id, token: try fixture.token("p1")).status
            #expect(status == 404 || status == 400)
        }
    }

    @Test(arguments: [
        (form("PK zip"), 415, "file-type"), (form(""), 400, "file-empty"), ("{}", 400, "malformed-upload"),
        (form("%PDF-1.7", name: String(repeating: "a", count: 256)), 400, "file-name"),
    ])
    func `a file that is not taken is refused with the reason`(
        body: String, status: Int, code: String
    ) async throws {
        let fixture = try NativeFixture()
        let id = try await begun(fixture)
        try await withClient(.memory, fixture) { client in
            let reply = try await client.ask(
                "POST", "/v1/conversations/\(id)/files", token: try fixture.token("p1"), body: body,
                headers: ["Content-Type": Self.type])
            #expect(reply.status == status)
            #expect(reply.code == code)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a file may be larger than other bodies and no larger than its own limit`() async throws {
        let server = NativeFixture.server.replacing(
            "channels:", with: "limits: { body_bytes: 1000, upload: { max_bytes: 300000 } }\nchannels:")
        let fixture = try NativeFixture(["server.yaml": server])
        let id = try await begun(fixture)
        try await withClient(.socket, fixture) { client in
            let token = try fixture.token("p1")
            let content = "%PDF-1.7" + String(repeating: "x", count: 299_992)
            for (body, status) in [(content, 201), (content + "x", 413), (content + content, 413)] {
                let reply = try await client.ask(
                    "POST", "/v1/conversations/\(id)/files", token: token, body: Self.form(body),
                    headers: ["Content-Type": Self.type])
                #expect(reply.status == status)
            }
        }
    }
}
