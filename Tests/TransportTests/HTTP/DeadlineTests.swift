// SPDX-License-Identifier: Apache-2.0
import Testing
import Transport

@Suite(.tags(.integration), .timeLimit(.minutes(1)))
struct DeadlineTests {
    @Test func `a header that dribbles in is answered 408`() async throws {
        try await withServer {
            $0.limits.headerDeadline = .milliseconds(150)
        } _: { server in
            let client = RawClient(port: server.port)
            client.send("GET / HTTP/1.1\r\nHo")
            let reply = try #require(client.readReply())
            #expect(reply.status == 408)
            #expect(client.isAtEnd)
        }
    }

    @Test func `a second request that dribbles in is answered 408 too`() async throws {
        try await withServer {
            $0.limits.headerDeadline = .milliseconds(150)
        } _: { server in
            let client = RawClient(port: server.port)
            #expect(client.get("/")?.status == 200)
            client.send("G")
            #expect(client.readReply()?.status == 408)
        }
    }

    @Test func `a connection that says nothing is closed without a word`() async throws {
        try await withServer {
            $0.limits.headerDeadline = .milliseconds(100)
        } _: { server in
            #expect(RawClient(port: server.port).isAtEnd)
        }
    }

    @Test func `a body that dribbles in is answered 408`() async throws {
        try await withServer {
            $0.limits.bodyDeadline = .milliseconds(150)
        } _: { server in
            let client = RawClient(port: server.port)
            client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n")
            #expect(client.readReply()?.status == 100)
            client.send("a")
            #expect(client.readReply()?.status == 408)
            #expect(client.isAtEnd)
        }
    }

    @Test func `an idle connection is closed without a word`() async throws {
        try await withServer {
            $0.limits.idleDeadline = .milliseconds(100)
        } _: { server in
            let client = RawClient(port: server.port)
            #expect(client.get("/")?.status == 200)
            #expect(client.isAtEnd)
        }
    }

    @Test func `a client that does not take its answer is cut`() async throws {
        let cut = Signal()
        try await withServer(
            { $0.limits.bodyDeadline = .milliseconds(100) },
            handler: { _ in
                HTTPResponse(
                    status: 200,
                    body: .stream { writer in
                        while await writer.write([UInt8](repeating: 97, count: 1024)) {}
                        cut.set()
                    })
            }
        ) { server in
            let client = RawClient(port: server.port, receiveBuffer: 4096)
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await cut.wait()
        }
    }
}
