// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Testing

@testable import Transport

@Suite(.tags(.integration), .timeLimit(.minutes(1)))
struct HTTPClientTests {
    let client = HTTPClient()

    @Test func `status, fields and body arrive as they were sent`() async throws {
        let server = FakeUpstream.answering(
            "HTTP/1.1 418 Teapot\r\nX-A: 1\r\nx-a:  2 \r\nContent-Length: 5\r\n\r\nhello")
        let response = try await client.send(HTTPClientRequest(url: server.url))
        #expect(response.status == 418)
        #expect(response.headers.all("X-A") == ["1", "2"])
        #expect(response.body == Array("hello".utf8))
        #expect(!response.head.timings.reusedConnection)
        #expect(response.head.timings.firstByte > .zero)
    }

    @Test(arguments: ["GET", "POST", "PUT", "PATCH", "DELETE"], [true, false])
    func `method, target, fields and body go out as they are`(method: String, isRepeatable: Bool) async throws
    {
        let seen = Mutex<(head: String, body: [UInt8])?>(nil)
        let server = FakeUpstream { connection in
            let request = connection.readRequest()
            seen.withLock { $0 = request }
            connection.send("HTTP/1.1 204 No Content\r\n\r\n")
        }
        let body = [UInt8](repeating: 0x61, count: 100_000)
        var request = HTTPClientRequest(
            method: method, url: server.url + "a%2Fb?q=%20", headers: ["X-Empty": "", "Accept": "a/b"],
            body: body)
        request.isRepeatable = isRepeatable
        #expect(try await client.send(request).status == 204)
        let arrived = try #require(seen.withLock { $0 })
        #expect(arrived.head.hasPrefix("\(method) /a%2Fb?q=%20 HTTP/1.1\r\n"))
        #expect(arrived.head.contains("X-Empty:\r\n"))
        #expect(arrived.head.contains("Accept: a/b\r\n"))
        #expect(!arrived.head.contains("Expect:"))
        #expect(!arrived.head.contains("Content-Type:"))
        #expect(!arrived.head.contains("User-Agent:"))
        #expect(arrived.body == body)
    }

    @Test func `a POST without a body says that it is empty, a GET does not`() async throws {
        let heads = Mutex<[String]>([])
        let server = FakeUpstream { connection in
            while let request = connection.readRequest() {
                heads.withLock { $0.append(request.head) }
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            }
        }
        for method in ["POST", "GET"] {
            _ = try await client.send(HTTPClientRequest(method: method, url: server.url))
        }
        #expect(heads.withLock { $0.map { $0.contains("Content-Length: 0\r\n") } } == [true, false])
    }

    @Test func `a kept connection is used again`() async throws {
        let server = FakeUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        var reused: [Bool] = []
        for _ in 0..<3 {
            reused.append(
                try await client.send(HTTPClientRequest(url: server.url)).head.timings.reusedConnection)
        }
        #expect(reused == [false, true, true])
        #expect(server.connections == 1)
    }

    @Test func `a redirect is an answer and not followed`() async throws {
        let server = FakeUpstream.answering(
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
        let response = try await client.send(HTTPClientRequest(url: server.url))
        #expect(response.status == 302)
        #expect(response.headers["Location"] == "http://127.0.0.1:1/")
    }

    @Test func `an answer without a length ends with its connection`() async throws {
        let server = FakeUpstream.answeringOnce("HTTP/1.0 200 OK\r\n\r\nold style")
        #expect(try await client.send(HTTPClientRequest(url: server.url)).body == Array("old style".utf8))
    }

    @Test func `chunks, early answers and trailers leave the body alone`() async throws {
        let server = FakeUpstream.answering(
            "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-Late: 1\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n")
        let response = try await client.send(HTTPClientRequest(url: server.url))
        #expect(response.headers.fields.map(\.name) == ["X-Late", "Transfer-Encoding"])
        #expect(response.body == Array("abcde".utf8))
    }

    @Test func `a compressed answer is unpacked`() async throws {
        // gzip of "zipped"
        let packed: [UInt8] = [
            0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0xca, 0x2c, 0x28, 0x48, 0x4d,
            0x01, 0x00, 0x57, 0x68, 0xc2, 0xe2, 0x06, 0x00, 0x00, 0x00,
        ]
        let server = FakeUpstream { connection in
            _ = connection.readRequest()
            connection.send(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n")
            connection.send(packed)
        }
        #expect(try await client.send(HTTPClientRequest(url: server.url)).body == Array("zipped".utf8))
    }

    @Test(arguments: [
        "ftp://127.0.0.1/", "file:///etc/passwd", "http://", "", "http://127.0.0.1:99999/", "x",
    ])
    func `an address that is none is refused`(url: String) async {
        await #expect(throws: HTTPClientError.self) { try await client.send(HTTPClientRequest(url: url)) }
    }

    @Test func `many calls at once all get their own answer`() async throws {
        let server = FakeUpstream { connection in
            while let request = connection.readRequest() {
                let target = request.head.split(separator: " ")[1].dropFirst()
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(target.utf8.count)\r\n\r\n\(target)")
            }
        }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<100 {
                group.addTask { [client] in
                    let response = try await client.send(HTTPClientRequest(url: server.url + "\(index)"))
                    return response.body == Array("\(index)".utf8)
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }

    @Test func `a client takes only so many calls at once`() async throws {
        let small = HTTPClient(maxCalls: 1)
        let arrived = Signal()
        let server = FakeUpstream { connection in
            _ = connection.readRequest()
            arrived.set()
            connection.waitForEnd()
        }
        let first = Task { try await small.send(HTTPClientRequest(url: server.url)) }
        await arrived.wait()
        await #expect(throws: HTTPClientError(.saturated)) {
            try await small.send(HTTPClientRequest(url: server.url))
        }
        await small.close()
        await #expect(throws: HTTPClientError(.cancelled)) { try await first.value }
        await #expect(throws: HTTPClientError(.cancelled)) {
            try await small.send(HTTPClientRequest(url: server.url))
        }
    }

    @Test func `an error names neither the address nor what was sent`() async {
        let server = FakeUpstream.answeringOnce("")
        var request = HTTPClientRequest(
            method: "POST", url: server.url + "secret-path", body: Array("secret".utf8))
        request.headers.add("Authorization", "Bearer secret-key")
        do throws(HTTPClientError) {
            _ = try await client.send(request)
            Issue.record("an empty answer was taken for one")
        } catch {
            #expect(error.kind == .cut)
            #expect(!String(reflecting: error).contains("secret"))
            #expect("\(error)" == "the connection was cut")
        }
    }
}
