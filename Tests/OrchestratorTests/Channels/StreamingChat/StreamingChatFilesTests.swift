// SPDX-License-Identifier: Apache-2.0

import Testing
import Transport
import WireProtocols

@testable import Orchestrator

/// Files that are passed on to the service.
@Suite(.timeLimit(.minutes(1))) struct StreamingChatFilesTests {
    private static func part(
        _ content: String, name: String = "file", file: String? = "report.pdf",
        type: String = "application/pdf"
    ) -> String {
        let fileName = file.map { "; filename=\"\($0)\"" } ?? ""
        return
            "--b\r\nContent-Disposition: form-data; name=\"\(name)\"\(fileName)\r\nContent-Type: \(type)\r\n\r\n"
            + content + "\r\n"
    }

    private func upload(
        _ fixture: StreamingChatFixture, _ parts: String..., token: String? = nil,
        type: String = "multipart/form-data; boundary=b"
    ) async throws -> NativeReply {
        var headers: HTTPHeaders = ["Host": "localhost:3001", "Content-Type": type]
        headers.add("Authorization", "Bearer " + (try token ?? fixture.token()))
        let body = Array((parts.joined() + "--b--\r\n").utf8)
        let request = try #require(
            HTTPRequest(method: "POST", target: "/api/files/upload", headers: headers, body: body))
        let response = await fixture.channel.handle(request)
        guard case .bytes(let bytes) = response.body else {
            return NativeReply(status: response.status, headers: response.headers, text: "")
        }
        return NativeReply(
            status: response.status, headers: response.headers, text: String(decoding: bytes, as: UTF8.self))
    }

    @Test func `a PDF goes to the service, whose fields come back with ours`() async throws {
        let service = try FakeBackend(200, #"{"document_id":"d1","chunks":3,"userId":"someone else"}"#)
        let fixture = try StreamingChatFixture(files: "http://127.0.0.1:\(service.port)/")
        let reply = try await upload(fixture, Self.part("%PDF-1.7 hello"))
        #expect(reply.status == 200)
        #expect(
            reply.json == [
                "success": true, "filename": "report.pdf", "fileSize": 14,
                "uploadedAt": "2025-09-12T10:30:00.000Z", "userId": "u1", "document_id": "d1", "chunks": 3,
            ])
        let call = try #require(service.calls.first)
        #expect(call.method == "POST")
        #expect(call.target == "/api/v1/upload/pdf")
        let sent = try #require(call.body?.text)
        #expect(sent.contains(#"Content-Disposition: form-data; name="file"; filename="report.pdf""#))
        #expect(sent.contains("Content-Type: application/pdf\r\n\r\n%PDF-1.7 hello\r\n--"))
    }

    @Test func `who may not, and what is no single PDF, is told in the contract's words`() async throws {
        let service = try FakeBackend(200, "{}")
        let fixture = try StreamingChatFixture(files: "http://127.0.0.1:\(service.port)")
        let pdf = Self.part("%PDF-1.7")
        let none = try await fixture.ask("POST", "/api/files/upload")
        #expect((none.status, none.json) == (401, ["error": "Access token required"]))
        let bad = try await upload(fixture, pdf, token: "x.y.z")
        #expect((bad.status, bad.json) == (403, ["error": "Invalid or expired token"]))
        for reply in [
            try await upload(fixture, ""), try await upload(fixture, Self.part("x", name: "other")),
            try await upload(fixture, Self.part("%PDF-", file: nil)),
            try await upload(fixture, pdf, type: "application/json"),
            try await upload(fixture, Self.part("")),
        ] {
            #expect((reply.status, reply.json) == (400, ["error": "No file provided"]))
        }
        let two = try await upload(fixture, pdf, pdf)
        #expect((two.status, two.json) == (400, ["error": "Too many files. Upload one file at a time"]))
        for reply in [
            try await upload(fixture, Self.part("hello", type: "text/plain")),
            try await upload(fixture, Self.part("<html>", file: "x.pdf")),
        ] {
            #expect((reply.status, reply.json) == (415, ["error": "Only PDF files are supported"]))
        }
        #expect(service.calls == [])
    }

    @Test func `a file beyond 50 MB is refused`() async throws {
        let fixture = try StreamingChatFixture(files: "http://127.0.0.1:9")
        let reply = try await upload(
            fixture, Self.part("%PDF-" + String(repeating: "x", count: StreamingChatUpload.maxBytes)))
        #expect((reply.status, reply.json) == (413, ["error": "File too large. Maximum size is 50MB"]))
    }

    @Test func `trouble of the service has its status and words`() async throws {
        let off = try await upload(try StreamingChatFixture(), Self.part("%PDF-1.7"))
        #expect(off.status == 503)
        #expect(off.json["error"] == "Python upload service is currently unavailable")
        #expect(off.json["success"] == false)
        let service = try FakeBackend(422, #"{"detail":"the file is encrypted"}"#)
        let refused = try await upload(
            try StreamingChatFixture(files: "http://127.0.0.1:\(service.port)"), Self.part("%PDF-1.7"))
        #expect(refused.status == 422)
        #expect(
            refused.json == [
                "success": false, "error": "the file is encrypted", "timestamp": "2025-09-12T10:30:00.000Z",
                "details": ["detail": "the file is encrypted"],
            ])
    }

    @Test func `its health is the service's`() async throws {
        let service = try FakeBackend(200, "{}")
        let up = try await StreamingChatFixture(files: "http://127.0.0.1:\(service.port)")
            .ask("GET", "/api/files/health")
        #expect(up.status == 200)
        #expect(
            up.json == [
                "status": "healthy", "service": "file-upload", "timestamp": "2025-09-12T10:30:00.000Z",
            ])
        #expect(service.calls.map(\.target) == ["/health"])
        let down = try await StreamingChatFixture().ask("GET", "/api/files/health")
        #expect(down.status == 503)
        #expect(down.json["status"] == "unhealthy")
    }
}
