// SPDX-License-Identifier: Apache-2.0
import Testing
import Transport

@Suite(.tags(.integration), .timeLimit(.minutes(1)))
struct StreamTests {
    @Test func `pieces arrive as chunks and the connection goes on`() async throws {
        try await withServer(handler: { _ in
            HTTPResponse(
                status: 200,
                body: .stream { writer in
                    for piece in ["one ", "two ", "three"] { #expect(await writer.write(piece)) }
                    #expect(await writer.write([]))
                })
        }) { server in
            let client = RawClient(port: server.port)
            for _ in 0..<3 {
                let reply = try #require(client.get("/"))
                #expect(reply.headers["transfer-encoding"] == "chunked")
                #expect(reply.headers["content-length"] == nil)
                #expect(reply.body == "one two three")
            }
            #expect(client.ask("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")?.status == 200)
            #expect(client.get("/")?.body == "one two three")
        }
    }

    @Test(.tags(.conformance)) func `an HTTP/1.0 client gets the stream without chunks (RFC 9112 6.1)`()
        async throws
    {
        try await withServer(handler: { _ in
            HTTPResponse(status: 200, body: .stream { await $0.write("plain") })
        }) { server in
            let client = RawClient(port: server.port)
            client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let answer = client.readToEnd()
            #expect(!answer.contains("chunked"))
            #expect(answer.hasSuffix("\r\n\r\nplain"))
        }
    }

    @Test func `writing waits for a slow reader`() async throws {
        let total = 16_000_000
        try await withServer(handler: { _ in
            HTTPResponse(
                status: 200,
                body: .stream { writer in
                    for _ in 0..<1000 { await writer.write([UInt8](repeating: 97, count: total / 1000)) }
                })
        }) { server in
            #expect(RawClient(port: server.port).get("/")?.body.utf8.count == total)
        }
    }

    @Test(arguments: [false, true])
    func `a client that leaves a stream cancels it`(byReset: Bool) async throws {
        let gone = Signal()
        try await withServer(handler: { _ in
            HTTPResponse(
                status: 200,
                body: .stream { writer in
                    await writer.write("first")
                    while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) }
                    #expect(await !writer.write("late"))
                    gone.set()
                })
        }) { server in
            let client = RawClient(port: server.port)
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(client.read(through: "first") != nil)
            byReset ? client.reset() : client.close()
            await gone.wait()
        }
    }

    @Test func `a client that breaks off a plain request cancels it`() async throws {
        let (started, gone) = (Signal(), Signal())
        try await withServer(handler: { request in
            started.set()
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) }
            gone.set()
            return describe(request)
        }) { server in
            let client = RawClient(port: server.port)
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await started.wait()
            client.reset()
            await gone.wait()
        }
    }
}
