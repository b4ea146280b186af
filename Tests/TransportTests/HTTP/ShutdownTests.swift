// SPDX-License-Identifier: Apache-2.0
import Testing
import Transport

@Suite(.tags(.integration), .timeLimit(.minutes(1)))
struct ShutdownTests {
    @Test func `running requests finish, idle connections close, sockets are told`() async throws {
        let (started, release) = (Signal(), Signal())
        try await withServer(handler: { request in
            if request.isUpgrade { return await echo(request) }
            if request.path == "/slow" {
                started.set()
                await release.wait()
            }
            return describe(request)
        }) { server in
            let idle = RawClient(port: server.port)
            #expect(idle.get("/")?.status == 200)
            let socket = WebSocketClient(port: server.port)
            let busy = RawClient(port: server.port)
            busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
            await started.wait()
            #expect(server.openConnections == 2)
            #expect(server.openWebSockets == 1)
            let ended = Task { await server.shutdown(grace: .seconds(5), closeCode: 1012) }
            #expect(idle.isAtEnd)
            #expect(socket.receive() == .close(1012))
            socket.send(.close(1012))
            #expect(socket.raw.isAtEnd)
            release.set()
            #expect(busy.readReply()?.body == "GET /slow ")
            #expect(busy.isAtEnd)
            busy.close()
            socket.raw.close()
            await ended.value
            #expect(RawClient(port: server.port).descriptor < 0)
        }
    }

    @Test func `what does not end in time is cut and cancelled`() async throws {
        let (started, cancelled) = (Signal(), Signal())
        try await withServer(handler: { request in
            started.set()
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) }
            cancelled.set()
            return describe(request)
        }) { server in
            let client = RawClient(port: server.port)
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await started.wait()
            await server.shutdown(grace: .milliseconds(100))
            await cancelled.wait()
            #expect(client.isAtEnd)
        }
    }

    @Test func `after it stops accepting, what is open goes on`() async throws {
        try await withServer { server in
            let client = RawClient(port: server.port)
            #expect(client.get("/")?.status == 200)
            server.stopAccepting()
            while RawClient(port: server.port).descriptor >= 0 { await Task.yield() }
            #expect(client.get("/")?.status == 200)
        }
    }

    @Test func `ten thousand connects that close at once leave nothing behind`() async throws {
        try await withServer { server in
            for _ in 0..<10_000 { RawClient(port: server.port).close() }
            #expect(RawClient(port: server.port).get("/")?.status == 200)
            while server.openConnections > 0 { await Task.yield() }
        }
    }
}
