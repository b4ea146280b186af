// SPDX-License-Identifier: Apache-2.0
import Testing
import Transport

@Suite(.tags(.integration), .timeLimit(.minutes(1)))
struct ServingTests {
    @Test func `a request arrives whole and its answer carries date, length and id`() async throws {
        try await withServer(handler: { request in
            #expect(request.id.utf8.count == 32)
            #expect(request.isLoopbackPeer)
            #expect(request.peer == "127.0.0.1")
            #expect(request.headers["x-thing"] == "one")
            #expect(request.headers.all("X-THING") == ["one", "two"])
            #expect(request.queryValue("q") == "a b&c")
            return describe(request)
        }) { server in
            let client = RawClient(port: server.port)
            let reply = try #require(
                client.ask(
                    "POST /a%20b/c?q=a+b%26c&r HTTP/1.1\r\nHost: x\r\nX-Thing:  one \r\nx-thing: two\r\n"
                        + "Content-Length: 5\r\n\r\nhello"))
            #expect(reply.status == 200)
            #expect(reply.body == "POST /a b/c hello")
            #expect(reply.headers["content-length"] == "17")
            #expect(reply.headers["date"]?.hasSuffix(" GMT") == true)
            #expect(reply.headers["x-request-id"]?.utf8.count == 32)
            #expect(reply.headers["connection"] == nil)
        }
    }

    @Test(.tags(.conformance))
    func `a chunked body with extensions and trailers is put together (RFC 9112 7.1)`() async throws {
        try await withServer { server in
            let client = RawClient(port: server.port)
            let request =
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
                + "3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nHost: y\r\n\r\n"
            #expect(client.ask(request)?.body == "POST / abcde")
            #expect(client.get("/next")?.body == "GET /next ")
        }
    }

    @Test func `a request cut at every byte is read the same`() async throws {
        try await withServer { server in
            let bytes = Array(
                "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
                    .utf8)
            let client = RawClient(port: server.port)
            for cut in 1..<bytes.count {
                client.send(Array(bytes[..<cut]))
                client.send(Array(bytes[cut...]))
                #expect(client.readReply()?.body == "POST /x hello")
            }
            for byte in bytes { client.send([byte]) }
            #expect(client.readReply()?.body == "POST /x hello")
        }
    }

    @Test func `a thousand pipelined requests are answered in order`() async throws {
        try await withServer { server in
            let client = RawClient(port: server.port)
            let numbers = 0..<1000
            client.send(numbers.map { "GET /\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
            for number in numbers { #expect(client.readReply()?.body == "GET /\(number) ") }
        }
    }

    @Test func `a bad request among pipelined ones ends the connection after those before it`() async throws {
        try await withServer { server in
            let client = RawClient(port: server.port)
            let good = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
            client.send(good + good + "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n" + good)
            #expect(client.readReply()?.status == 200)
            #expect(client.readReply()?.status == 200)
            #expect(client.readReply()?.status == 400)
            #expect(client.isAtEnd)
        }
    }

    @Test(.tags(.conformance)) func `empty lines before a request are skipped (RFC 9112 2.2)`() async throws {
        try await withServer { server in
            #expect(
                RawClient(port: server.port).ask("\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")?.status == 200)
        }
    }

    @Test(.tags(.conformance)) func `HEAD has the length but not the body (RFC 9110 9.3.2)`() async throws {
        try await withServer { server in
            let client = RawClient(port: server.port)
            let reply = try #require(client.ask("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n"))
            #expect(reply.headers["content-length"] == "8")
            #expect(client.get("/b")?.body == "GET /b ")
        }
    }

    @Test(.tags(.conformance)) func `absolute form and asterisk form are taken (RFC 9112 3.2)`() async throws
    {
        try await withServer { server in
            let client = RawClient(port: server.port)
            #expect(client.ask("GET http://X/p?q HTTP/1.1\r\nHost: x\r\n\r\n")?.body == "GET /p ")
            #expect(client.ask("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")?.body == "OPTIONS * ")
        }
    }

    @Test(.tags(.conformance)) func `HTTP/1.0 closes unless it asks to stay (RFC 9112 9.3)`() async throws {
        try await withServer { server in
            let client = RawClient(port: server.port)
            let stays = try #require(client.ask("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"))
            #expect(stays.headers["connection"] == "keep-alive")
            let leaves = try #require(client.ask("GET /a HTTP/1.0\r\n\r\n"))
            #expect(leaves.headers["connection"] == "close")
            #expect(client.isAtEnd)
        }
    }

    @Test(.tags(.conformance)) func `Connection close is obeyed (RFC 9112 9.6)`() async throws {
        try await withServer { server in
            let client = RawClient(port: server.port)
            let reply = client.ask("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(reply?.headers["connection"] == "close")
            #expect(client.isAtEnd)
        }
    }

    @Test(.tags(.conformance)) func `a client that waits for 100 gets it once (RFC 9110 10.1.1)`()
        async throws
    {
        try await withServer { server in
            let client = RawClient(port: server.port)
            client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            #expect(client.readReply()?.status == 100)
            #expect(client.ask("ok")?.body == "POST / ok")
        }
    }

    @Test func `half-closing after a request still gets the answer`() async throws {
        try await withServer(handler: { request in
            try? await Task.sleep(for: .milliseconds(20))
            return describe(request)
        }) { server in
            let client = RawClient(port: server.port)
            client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
            client.endSending()
            #expect(client.readReply()?.body == "GET /a ")
            #expect(client.isAtEnd)
        }
    }

    @Test func `an answer larger than the kernel takes at once arrives whole`() async throws {
        let body = [UInt8](repeating: 97, count: 8_000_000)
        try await withServer(handler: { _ in HTTPResponse(status: 200, body: .bytes(body)) }) { server in
            let client = RawClient(port: server.port)
            #expect(client.get("/")?.body.utf8.count == body.count)
            #expect(client.get("/")?.body.utf8.count == body.count)
        }
    }

    @Test func `no field value can add a line of its own`() async throws {
        try await withServer(handler: { _ in
            HTTPResponse(status: 200, headers: ["X-A": "b\r\nX-Evil: c"], body: .bytes([]))
        }) { server in
            let reply = try #require(RawClient(port: server.port).get("/"))
            #expect(reply.headers["x-a"] == "b  X-Evil: c")
            #expect(reply.headers["x-evil"] == nil)
        }
    }

    @Test func `a taken port is said to be taken, a bad address to be bad`() async throws {
        try await withServer { server in
            let group = EventLoopGroup(loops: 1)
            let taken = #expect(throws: TransportError.self) {
                try HTTPServer.start(ListenerSettings(name: "b", port: server.port), on: group) {
                    describe($0)
                }
            }
            #expect(taken?.kind == .addressInUse)
            #expect(
                taken?.description == "cannot listen on 127.0.0.1:\(server.port) for 'b': the port is taken")
            let bad = #expect(throws: TransportError.self) {
                try HTTPServer.start(ListenerSettings(name: "b", host: "example", port: 0), on: group) {
                    describe($0)
                }
            }
            #expect(bad?.kind == .badAddress)
        }
    }
}
