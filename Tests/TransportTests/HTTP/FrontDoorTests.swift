// SPDX-License-Identifier: Apache-2.0
import Testing
import Transport

/// Bytes that must never reach a handler, and the answer to them.
struct RefusedCase: CustomTestStringConvertible, Sendable {
    let name: String
    let section: String
    let bytes: String
    let status: Int
    let code: String
    var testDescription: String { "\(name) (\(section))" }

    init(
        _ name: String, _ section: String, _ bytes: String, _ status: Int = 400,
        _ code: String = "bad-request"
    ) {
        self.name = name
        self.section = section
        self.bytes = bytes
        self.status = status
        self.code = code
    }

    /// Lines after a request line and a Host.
    static func post(
        _ name: String, _ section: String, _ rest: String, _ status: Int = 400, _ code: String = "bad-request"
    ) -> RefusedCase {
        RefusedCase(name, section, "POST / HTTP/1.1\r\nHost: x\r\n" + rest, status, code)
    }

    static func target(
        _ name: String, _ section: String, _ target: String, _ status: Int = 400,
        _ code: String = "bad-request"
    ) -> RefusedCase {
        RefusedCase(name, section, "GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n", status, code)
    }

    static let framing: [RefusedCase] = [
        post(
            "both lengths", "RFC 9112 6.1", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        post(
            "both lengths, the other way", "RFC 9112 6.1",
            "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"),
        post("two lengths that differ", "RFC 9112 6.3", "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
        post("two lengths that agree", "RFC 9112 6.3", "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"),
        post("a list of lengths", "RFC 9112 6.3", "Content-Length: 3, 3\r\n\r\nabc"),
        post("a signed length", "RFC 9110 8.6", "Content-Length: +3\r\n\r\nabc"),
        post("a negative length", "RFC 9110 8.6", "Content-Length: -1\r\n\r\n"),
        post("a length beyond 64 bits", "RFC 9110 8.6", "Content-Length: 99999999999999999999\r\n\r\n"),
        post("an empty length", "RFC 9110 8.6", "Content-Length: \r\n\r\n"),
        post(
            "an unknown coding", "RFC 9112 6.1", "Transfer-Encoding: xchunked\r\n\r\n", 501,
            "unknown-transfer-coding"),
        post(
            "a second coding", "RFC 9112 6.1", "Transfer-Encoding: chunked, identity\r\n\r\n", 501,
            "unknown-transfer-coding"),
        post(
            "gzip", "RFC 9112 7.2", "Transfer-Encoding: gzip, chunked\r\n\r\n", 501, "unknown-transfer-coding"
        ),
        post("chunked with a vertical tab", "RFC 9110 5.5", "Transfer-Encoding: \u{0b}chunked\r\n\r\n"),
        post(
            "two codings in two lines", "RFC 9112 6.1",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        post("a space before the colon", "RFC 9112 5.1", "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
        RefusedCase(
            "chunked in HTTP/1.0", "RFC 9112 6.1",
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        post(
            "a chunk size beyond 64 bits", "RFC 9112 7.1",
            "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc\r\n0\r\n\r\n"),
        post("a chunk size that is none", "RFC 9112 7.1", "Transfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n"),
        post(
            "a chunk longer than its size", "RFC 9112 7.1",
            "Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n"),
        post(
            "a chunk line with a bare line feed", "RFC 9112 7.1",
            "Transfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n"),
    ]

    static let grammar: [RefusedCase] = [
        RefusedCase("bare line feeds", "RFC 9112 2.2", "GET / HTTP/1.1\nHost: x\n\n"),
        RefusedCase(
            "a bare line feed in a field", "RFC 9112 2.2", "GET / HTTP/1.1\r\nHost: x\r\nX: a\nY: b\r\n\r\n"),
        RefusedCase("a bare carriage return", "RFC 9112 2.2", "GET / HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n"),
        RefusedCase("a NUL", "RFC 9110 5.5", "GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n"),
        RefusedCase("a folded line", "RFC 9112 5.2", "GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n"),
        RefusedCase(
            "a folded line with a tab", "RFC 9112 5.2", "GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n\tb\r\n\r\n"),
        RefusedCase("a line without a colon", "RFC 9112 5", "GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n"),
        RefusedCase("an empty name", "RFC 9110 5.1", "GET / HTTP/1.1\r\nHost: x\r\n: a\r\n\r\n"),
        RefusedCase("a space before the first field", "RFC 9112 2.2", "GET / HTTP/1.1\r\n Host: x\r\n\r\n"),
        RefusedCase("no Host", "RFC 9112 3.2", "GET / HTTP/1.1\r\n\r\n"),
        RefusedCase("two Hosts", "RFC 9112 3.2", "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n"),
        RefusedCase("a Host that is none", "RFC 9112 3.2", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
        RefusedCase("a Host with a path", "RFC 9112 3.2", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        RefusedCase("an empty Host", "RFC 9110 7.2", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
        RefusedCase("a Host with a bad port", "RFC 3986 3.2.3", "GET / HTTP/1.1\r\nHost: x:8o\r\n\r\n"),
        RefusedCase(
            "an unknown expectation", "RFC 9110 10.1.1", "GET / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n",
            417, "unknown-expectation"),
        RefusedCase(
            "HTTP/2 by name", "RFC 9110 15.6.6", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505, "http-version"),
        RefusedCase(
            "HTTP/2 with prior knowledge", "RFC 9113 3.4", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505,
            "http-version"),
        RefusedCase("a version that is none", "RFC 9112 2.3", "GET / HTTQ/1.1\r\nHost: x\r\n\r\n"),
        RefusedCase("no version", "RFC 9112 3", "GET /\r\n\r\n"),
        RefusedCase(
            "an unknown method", "RFC 9110 9.1", "BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 501, "unknown-method"),
        RefusedCase(
            "a lower-case method", "RFC 9110 9.1", "get / HTTP/1.1\r\nHost: x\r\n\r\n", 501, "unknown-method"),
        RefusedCase(
            "CONNECT", "RFC 9110 9.3.6", "CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n", 501, "unknown-method"),
        RefusedCase(
            "a method without end", "RFC 9110 9.1", String(repeating: "A", count: 100_000), 501,
            "unknown-method"),
        RefusedCase("a TLS greeting", "RFC 9112 3", "\u{16}\u{03}\u{01}\u{02}\u{00}"),
    ]

    static let targets: [RefusedCase] = [
        target("a NUL escape", "RFC 3986 2.1", "/%00"), target("a broken escape", "RFC 3986 2.1", "/%zz"),
        target("half an escape", "RFC 3986 2.1", "/a%2"), target("raw non-ASCII", "RFC 3986 2", "/\u{e9}"),
        target("an escape that is not UTF-8", "RFC 3986 2.5", "/%ff%fe"),
        target("an overlong escape", "RFC 3629 3", "/%c0%af"), target("a quote", "RFC 3986 2", "/a\"b"),
        target("a backslash", "RFC 3986 2", "/..\\b"), target("a fragment", "RFC 9112 3.2", "/a#b"),
        target("two spaces", "RFC 9112 3", "/a b"), target("no slash", "RFC 9112 3.2.1", "health"),
        target("an asterisk with GET", "RFC 9112 3.2.4", "*"),
        target("another host", "RFC 9112 3.2.2", "http://y/health"),
        target("another scheme", "RFC 9112 3.2.2", "ftp://x/health"),
        target("climbing", "RFC 3986 5.2.4", "/uploads/../../etc/passwd"),
        target("climbing in escapes", "RFC 3986 5.2.4", "/uploads/%2e%2e/x"),
        target("climbing in half escapes", "RFC 3986 5.2.4", "/uploads/.%2e/x"),
    ]
}

@Suite(.tags(.conformance, .integration), .timeLimit(.minutes(1)))
struct FrontDoorTests {
    @Test(arguments: RefusedCase.framing + RefusedCase.grammar + RefusedCase.targets)
    func `a request that breaks the rules is answered once and closed`(refused: RefusedCase) async throws {
        try await withServer { server in
            let client = RawClient(port: server.port)
            client.send(refused.bytes)
            let reply = try #require(client.readReply())
            #expect(reply.status == refused.status)
            #expect(reply.headers["connection"] == "close")
            let id = try #require(reply.headers["x-request-id"])
            #expect(id.utf8.count == 32)
            #expect(reply.body.hasPrefix(#"{"error":{"code":"\#(refused.code)","message":""#))
            #expect(reply.body.hasSuffix(#","request_id":"\#(id)"}}"#))
            #expect(client.isAtEnd)
        }
    }

    @Test func `a request smuggled behind another is never routed`() async throws {
        let routed = Signal()
        try await withServer(handler: { request in
            if request.path == "/admin" { routed.set() }
            return describe(request)
        }) { server in
            let client = RawClient(port: server.port)
            client.send(
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                    + "GET /admin HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(client.readToEnd().split(separator: "HTTP/1.1 ").count == 1)
            #expect(!routed.isSet)
        }
    }

    @Test func `limits on target, header and body have answers of their own`() async throws {
        try await withServer { settings in
            settings.limits.targetBytes = 64
            settings.limits.headerBytes = 256
            settings.limits.headerCount = 5
            settings.limits.bodyBytes = 16
        } _: { server in
            func status(_ bytes: String) -> Int? {
                let client = RawClient(port: server.port)
                client.send(bytes)
                return client.readReply()?.status
            }
            let long = String(repeating: "a", count: 65)
            #expect(status("GET /\(long) HTTP/1.1\r\nHost: x\r\n\r\n") == 414)
            #expect(status("GET /" + String(repeating: "a", count: 200)) == 414)
            #expect(
                status("GET / HTTP/1.1\r\nHost: x\r\nX: " + long + long + long + long + "\r\n\r\n") == 431)
            #expect(status("GET / HTTP/1.1\r\nHost: x\r\n" + String(repeating: "X", count: 300)) == 431)
            #expect(
                status("GET / HTTP/1.1\r\nHost: x\r\nA: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\n\r\n") == 431)
            #expect(status("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 17\r\n\r\n") == 413)
            #expect(status("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n11\r\n") == 413)
            #expect(
                status(
                    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabcdefghi\r\n9\r\n")
                    == 413)
            #expect(status("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 16\r\n\r\n0123456789abcdef") == 200)
        }
    }

    @Test func `a body announced too large is refused even when the client waits for 100`() async throws {
        try await withServer {
            $0.limits.bodyBytes = 16
        } _: { server in
            let client = RawClient(port: server.port)
            client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 17\r\n\r\n")
            #expect(client.readReply()?.status == 413)
        }
    }

    @Test func `limits can be changed while the server runs`() async throws {
        try await withServer { server in
            var limits = HTTPLimits()
            limits.bodyBytes = 1
            server.update(limits: limits)
            #expect(
                RawClient(port: server.port).ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab")?
                    .status == 413)
        }
    }

    @Test func `a channel may word refusals its own way and the log hears of them`() async throws {
        let heard = Signal()
        try await withServer { settings in
            settings.refusalResponse = {
                HTTPResponse(status: $0.status, body: .bytes(Array("no: \($0.code)".utf8)))
            }
            settings.onRefusal = { refusal in
                if refusal.status == 400 && refusal.peer == "127.0.0.1" { heard.set() }
            }
        } _: { server in
            #expect(RawClient(port: server.port).get("/%zz")?.body == "no: bad-request")
            #expect(heard.isSet)
        }
    }

    @Test func `connections beyond the limit are told so`() async throws {
        try await withServer {
            $0.limits.connections = 1
        } _: { server in
            let first = RawClient(port: server.port)
            #expect(first.get("/")?.status == 200)
            let reply = try #require(RawClient(port: server.port).readReply())
            #expect(reply.status == 503)
            #expect(reply.headers["retry-after"] == "1")
        }
    }
}
