// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Testing
import Transport

/// Bodies that a handler reads piece by piece.
@Suite(.tags(.integration), .timeLimit(.minutes(1)))
struct StreamedBodyTests {
    private static let post = "POST /up HTTP/1.1\r\nHost: x\r\n"

    /// A server whose `/up` streams, with 100 kB a body, and tells back how many bytes came or why they did not.
    private func withUploads(
        bytes: Int = 100_000, deadline: Duration = .seconds(5),
        handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse = { await count($0) },
        _ body: (HTTPServer) async throws -> Void
    ) async throws {
        try await withServer(
            {
                $0.limits.bodyBytes = 1000
                $0.streamsBody = { request in
                    request.path == "/up" ? HTTPBodyLimits(bytes: bytes, deadline: deadline) : nil
                }
            }, handler: handler, body)
    }

    @Test func `a body larger than the listener's limit is read within its own`() async throws {
        try await withUploads { server in
            let client = RawClient(port: server.port)
            let body = String(repeating: "a", count: 90_000)
            client.send(Self.post + "Content-Length: 90000\r\n\r\n" + body)
            #expect(client.readReply()?.body == "90000")
            client.send(Self.post + "Content-Length: 3\r\n\r\nabc")
            #expect(client.readReply()?.body == "3")
        }
    }

    @Test func `other routes keep the listener's limit`() async throws {
        try await withUploads { server in
            let client = RawClient(port: server.port)
            client.send("POST /other HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n")
            #expect(client.readReply()?.status == 413)
        }
    }

    @Test func `a body is the same however its bytes are cut`() async throws {
        try await withUploads(handler: { await gather($0) }) { server in
            let request =
                Self.post
                + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nT: t\r\n\r\n"
            for cut in 1..<request.utf8.count {
                let client = RawClient(port: server.port)
                let bytes = Array(request.utf8)
                client.send(Array(bytes[..<cut]))
                client.send(Array(bytes[cut...]))
                #expect(client.readReply()?.body == "abc0123456789", "cut at \(cut)")
            }
        }
    }

    @Test func `a handler that does not read makes the client wait`() async throws {
        let release = Signal()
        try await withUploads(
            bytes: 100_000_000,
            handler: { request in
                await release.wait()
                return await count(request)
            }
        ) { server in
            let client = RawClient(port: server.port)
            let size = 30_000_000
            client.send(Self.post + "Content-Length: \(size)\r\n\r\n")
            var sent = 0
            let piece = [UInt8](repeating: 97, count: 1_000_000)
            // The kernels' buffers hold some; then sending fails after the client's patience, which is short here.
            client.setSendPatience(milliseconds: 200)
            while sent < size, client.send(piece) { sent += piece.count }
            #expect(sent < size)
            #expect(server.openConnections == 1)
            release.set()
        }
    }

    @Test func `all pieces of a large body arrive, in order`() async throws {
        let size = 3_000_000
        try await withUploads(bytes: size, handler: { await checksum($0) }) { server in
            let client = RawClient(port: server.port)
            client.send(Self.post + "Content-Length: \(size)\r\n\r\n")
            client.send((0..<size).map { UInt8(truncatingIfNeeded: $0 % 251) })
            #expect(client.readReply()?.body == "in order: \(size)")
        }
    }

    @Test func `a body that announces too much is refused before it is read`() async throws {
        try await withUploads(bytes: 10) { server in
            let client = RawClient(port: server.port)
            client.send(Self.post + "Content-Length: 11\r\n\r\n")
            #expect(client.readReply()?.status == 413)
            #expect(client.isAtEnd)
        }
    }

    @Test func `a chunked body that grows too large is 413 to the handler`() async throws {
        try await withUploads(bytes: 10) { server in
            let client = RawClient(port: server.port)
            client.send(Self.post + "Transfer-Encoding: chunked\r\n\r\n8\r\n01234567\r\n8\r\n01234567\r\n")
            #expect(client.readReply()?.body == "413 body-too-large")
            #expect(client.isAtEnd)
        }
    }

    @Test func `a body that dribbles in is 408 to the handler`() async throws {
        try await withUploads(deadline: .milliseconds(150)) { server in
            let client = RawClient(port: server.port)
            client.send(Self.post + "Content-Length: 9\r\n\r\na")
            #expect(client.readReply()?.body == "408 request-timeout")
            #expect(client.isAtEnd)
        }
    }

    @Test func `a body that is not chunked correctly is 400 to the handler`() async throws {
        try await withUploads { server in
            let client = RawClient(port: server.port)
            client.send(Self.post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n")
            #expect(client.readReply()?.body == "400 bad-request")
            #expect(client.isAtEnd)
        }
    }

    @Test func `a client that leaves ends the reading`() async throws {
        let seen = Signal()
        try await withUploads(
            handler: { request in
                let answer = await count(request)
                if case .bytes(let body) = answer.body, String(decoding: body, as: UTF8.self).hasPrefix("400")
                {
                    seen.set()
                }
                return answer
            }
        ) { server in
            let client = RawClient(port: server.port)
            client.send(Self.post + "Content-Length: 9\r\n\r\na")
            client.close()
            await seen.wait()
        }
    }

    @Test func `an answer before the end of the body closes the connection`() async throws {
        try await withUploads(handler: { _ in HTTPResponse(status: 401) }) { server in
            let client = RawClient(port: server.port)
            client.send(Self.post + "Content-Length: 9\r\n\r\na")
            let reply = client.readReply()
            #expect(reply?.status == 401)
            #expect(reply?.headers["connection"] == "close")
            client.send("12345678GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(client.isAtEnd)
        }
    }

    @Test func `100 Continue is said when the handler begins to read`() async throws {
        try await withUploads { server in
            let client = RawClient(port: server.port)
            client.send(Self.post + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n")
            #expect(client.readReply()?.status == 100)
            client.send("abc")
            #expect(client.readReply()?.body == "3")
        }
    }

    @Test func `a request sent ahead behind a streamed body is answered after it`() async throws {
        try await withUploads { server in
            let client = RawClient(port: server.port)
            client.send(Self.post + "Content-Length: 5\r\n\r\nab")
            client.send("cdePOST /other HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nz")
            #expect(client.readReply()?.body == "5")
            #expect(client.readReply()?.body == "1")
        }
    }

    @Test func `a body in memory reads like one on the wire`() async throws {
        let reader = HTTPBodyReader(pieces: [[1, 2], [], [3]])
        #expect(try await reader.next() == [1, 2])
        #expect(try await reader.next() == [3])
        #expect(try await reader.next() == nil)
        #expect(try await reader.next() == nil)
    }
}

@Sendable private func count(_ request: HTTPRequest) async -> HTTPResponse {
    var bytes = 0
    let reader = request.bodyReader
    do throws(HTTPBodyError) {
        while let piece = try await reader.next() { bytes += piece.count }
        return .text("\(bytes)")
    } catch {
        return .text("\(error.status) \(error.code)")
    }
}

@Sendable private func gather(_ request: HTTPRequest) async -> HTTPResponse {
    var bytes: [UInt8] = []
    let reader = request.bodyReader
    while let piece = try? await reader.next() { bytes += piece }
    return .text(String(decoding: bytes, as: UTF8.self))
}

@Sendable private func checksum(_ request: HTTPRequest) async -> HTTPResponse {
    var at = 0
    let reader = request.bodyReader
    while let piece = try? await reader.next() {
        for byte in piece {
            guard byte == UInt8(truncatingIfNeeded: at % 251) else { return .text("differs at \(at)") }
            at += 1
        }
    }
    return .text("in order: \(at)")
}
