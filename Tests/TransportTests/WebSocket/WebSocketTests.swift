// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Testing
import Transport

/// Answers with a WebSocket that says everything back.
@Sendable func echo(_ request: HTTPRequest) async -> HTTPResponse {
    HTTPResponse(
        status: 101,
        body: .webSocket(subprotocol: request.headers["sec-websocket-protocol"]) { socket in
            while let message = await socket.receive() {
                socket.send(bytes: message.bytes, isText: message.isText)
            }
        })
}

/// Handshakes that do not follow RFC 6455 4.2.1.
struct HandshakeCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let request: String
    let status: Int

    static let all: [HandshakeCase] = [
        HandshakeCase(
            testDescription: "no key",
            request:
                "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n",
            status: 400),
        HandshakeCase(
            testDescription: "a short key",
            request:
                "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: abc=\r\n\r\n",
            status: 400),
        HandshakeCase(
            testDescription: "version 8",
            request:
                "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            status: 426),
        HandshakeCase(
            testDescription: "no version",
            request:
                "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            status: 426),
        HandshakeCase(
            testDescription: "Connection without upgrade",
            request:
                "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: keep-alive\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            status: 400),
        HandshakeCase(
            testDescription: "POST",
            request:
                "POST /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            status: 400),
        HandshakeCase(
            testDescription: "HTTP/1.0",
            request:
                "GET /ws HTTP/1.0\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            status: 400),
        HandshakeCase(
            testDescription: "a body",
            request:
                "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nContent-Length: 1\r\n\r\na",
            status: 400),
        HandshakeCase(
            testDescription: "no upgrade at all", request: "GET /ws HTTP/1.1\r\nHost: x\r\n\r\n", status: 426),
        HandshakeCase(
            testDescription: "an upgrade to something else",
            request: "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n", status: 426
        ),
    ]
}

/// Frames that must end the connection, and the code that says why.
struct BadFrameCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let bytes: [UInt8]
    let code: Int

    private init(_ name: String, _ bytes: [UInt8], _ code: Int = 1002) {
        testDescription = name
        self.bytes = bytes
        self.code = code
    }

    private typealias Client = WebSocketClient

    static let all: [BadFrameCase] = [
        BadFrameCase("an unmasked frame (RFC 6455 5.1)", Client.encode(.text("a"), mask: nil)),
        BadFrameCase("a reserved bit (RFC 6455 5.2)", Client.encode(.text("a"), reserved: 4)),
        BadFrameCase("a reserved data opcode (RFC 6455 5.2)", Client.encode(.init(opcode: 3, payload: []))),
        BadFrameCase(
            "a reserved control opcode (RFC 6455 5.2)", Client.encode(.init(opcode: 11, payload: []))),
        BadFrameCase(
            "a long ping (RFC 6455 5.5)",
            Client.encode(.init(opcode: 9, payload: [UInt8](repeating: 0, count: 126)))),
        BadFrameCase(
            "a fragmented ping (RFC 6455 5.5)", Client.encode(.init(opcode: 9, payload: [], isFinal: false))),
        BadFrameCase(
            "a continuation of nothing (RFC 6455 5.4)", Client.encode(.init(opcode: 0, payload: [1]))),
        BadFrameCase(
            "a new message inside another (RFC 6455 5.4)",
            Client.encode(.init(opcode: 1, payload: [97], isFinal: false)) + Client.encode(.text("b"))),
        BadFrameCase(
            "text that is not UTF-8 (RFC 6455 8.1)", Client.encode(.init(opcode: 1, payload: [0xff, 0xfe])),
            1007),
        BadFrameCase(
            "a character cut off at the end (RFC 6455 8.1)",
            Client.encode(.init(opcode: 1, payload: [0xe2, 0x82])), 1007),
        BadFrameCase(
            "a message too large (RFC 6455 7.4.1)",
            Client.encode(.init(opcode: 2, payload: [UInt8](repeating: 0, count: 1025))), 1009),
        BadFrameCase(
            "fragments too large together (RFC 6455 7.4.1)",
            Client.encode(.init(opcode: 2, payload: [UInt8](repeating: 0, count: 1000), isFinal: false))
                + Client.encode(.init(opcode: 0, payload: [UInt8](repeating: 0, count: 1000))), 1009),
        BadFrameCase("a close code nobody may send (RFC 6455 7.4.1)", Client.encode(.close(1005))),
    ]
}

@Suite(.tags(.integration), .timeLimit(.minutes(1)))
struct WebSocketTests {
    @Test func `messages of every size and kind come back`() async throws {
        try await withServer(handler: echo) { server in
            let client = WebSocketClient(
                port: server.port, headers: "Sec-WebSocket-Protocol: orchestrator.v1\r\n")
            #expect(client.handshake?.status == 101)
            #expect(client.handshake?.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            #expect(client.handshake?.headers["sec-websocket-protocol"] == "orchestrator.v1")
            #expect(client.handshake?.headers["x-request-id"]?.utf8.count == 32)
            for count in [0, 1, 125, 126, 4000, 65_535, 65_536, 1_000_000] {
                let frame = WebSocketClient.Frame(opcode: 2, payload: [UInt8](repeating: 7, count: count))
                client.send(frame)
                #expect(client.receive() == frame)
            }
            client.send("héllo")
            #expect(client.receive()?.text == "héllo")
            client.send(.close(1000))
            #expect(client.receive() == .close(1000))
            #expect(client.raw.isAtEnd)
        }
    }

    @Test(.tags(.conformance), arguments: HandshakeCase.all)
    func `a handshake that breaks the rules is refused`(handshake: HandshakeCase) async throws {
        try await withServer(handler: echo) { server in
            let client = RawClient(port: server.port)
            let reply = try #require(client.ask(handshake.request))
            #expect(reply.status == handshake.status)
            #expect(reply.headers["sec-websocket-version"] == (handshake.status == 426 ? "13" : nil))
        }
    }

    @Test(.tags(.conformance), arguments: BadFrameCase.all)
    func `a frame that breaks the rules ends the connection with its code`(bad: BadFrameCase) async throws {
        let heard = Mutex<UInt16?>(nil)
        let ended = Signal()
        try await withServer(
            { $0.limits.webSocketMessageBytes = 1024 },
            handler: { _ in
                HTTPResponse(
                    status: 101,
                    body: .webSocket(subprotocol: nil) { socket in
                        while await socket.receive() != nil {}
                        heard.withLock { $0 = socket.closeCode }
                        ended.set()
                    })
            }
        ) { server in
            let client = WebSocketClient(port: server.port)
            client.raw.send(bad.bytes)
            #expect(client.receive()?.code == bad.code)
            #expect(client.raw.isAtEnd)
            await ended.wait()
            #expect(heard.withLock { $0 } == UInt16(bad.code))
        }
    }

    @Test(.tags(.conformance))
    func `a message cut at every byte, and into fragments with a ping between, is one (RFC 6455 5.4)`()
        async throws
    {
        try await withServer(handler: echo) { server in
            let client = WebSocketClient(port: server.port)
            let bytes = WebSocketClient.encode(.text("grüße"))
            for cut in 1..<bytes.count {
                client.raw.send(Array(bytes[..<cut]))
                client.raw.send(Array(bytes[cut...]))
                #expect(client.receive()?.text == "grüße")
            }
            client.send(.init(opcode: 1, payload: [0xe2], isFinal: false))
            client.send(.init(opcode: 9, payload: [5]))
            client.send(.init(opcode: 0, payload: [0x82, 0xac]))
            #expect(client.receive() == .init(opcode: 10, payload: [5]))
            #expect(client.receive()?.text == "€")
        }
    }

    @Test func `frames that came with the handshake are not lost`() async throws {
        try await withServer(handler: echo) { server in
            let early = WebSocketClient.encode(.text("one")) + WebSocketClient.encode(.text("two"))
            let client = WebSocketClient(port: server.port, early: early)
            #expect(client.receive()?.text == "one")
            #expect(client.receive()?.text == "two")
        }
    }

    @Test func `pings are answered while the handler is busy`() async throws {
        let release = Signal()
        try await withServer(handler: { _ in
            HTTPResponse(status: 101, body: .webSocket(subprotocol: nil) { _ in await release.wait() })
        }) { server in
            let client = WebSocketClient(port: server.port)
            client.send(.init(opcode: 9, payload: [1, 2]))
            #expect(client.receive() == .init(opcode: 10, payload: [1, 2]))
            release.set()
            #expect(client.receive() == .close(1000))
        }
    }

    @Test func `a flood of pings ends the connection with 1008`() async throws {
        let code = Mutex<UInt16?>(nil)
        let ended = Signal()
        try await withServer(handler: { _ in
            HTTPResponse(
                status: 101,
                body: .webSocket(subprotocol: nil) { socket in
                    while await socket.receive() != nil {}
                    code.withLock { $0 = socket.closeCode }
                    ended.set()
                })
        }) { server in
            let client = WebSocketClient(port: server.port)
            let ping = WebSocketClient.encode(.init(opcode: 9, payload: []))
            for _ in 0..<2000 { client.raw.send(ping) }
            await ended.wait()
            #expect(code.withLock { $0 } == 1008)
        }
    }

    @Test func `a client that vanishes is found by ping`() async throws {
        let gone = Signal()
        try await withServer(
            { settings in
                settings.limits.pingInterval = .milliseconds(100)
                settings.limits.pingGrace = .milliseconds(100)
            },
            handler: { _ in
                HTTPResponse(
                    status: 101,
                    body: .webSocket(subprotocol: nil) { socket in
                        #expect(await socket.receive() == nil)
                        #expect(socket.closeCode == 1006)
                        #expect(Task.isCancelled)
                        gone.set()
                    })
            }
        ) { server in
            let silent = WebSocketClient(port: server.port)
            await gone.wait()
            #expect(silent.receive()?.opcode == 9)
        }
    }

    @Test func `a client that answers pings stays`() async throws {
        try await withServer(
            { settings in
                settings.limits.pingInterval = .milliseconds(50)
                settings.limits.pingGrace = .milliseconds(500)
            }, handler: echo
        ) { server in
            let client = WebSocketClient(port: server.port)
            for _ in 0..<4 {
                let ping = try #require(client.receive())
                #expect(ping.opcode == 9)
                client.send(.init(opcode: 10, payload: ping.payload))
            }
            client.send("still here")
            while let frame = client.receive(), frame.text != "still here" { #expect(frame.opcode == 9) }
        }
    }

    @Test func `a client that does not read is dropped at the queue limit and told why`() async throws {
        let dropped = Signal()
        try await withServer(
            { $0.limits.sendQueueBytes = 100_000 },
            handler: { _ in
                HTTPResponse(
                    status: 101,
                    body: .webSocket(subprotocol: nil) { socket in
                        let piece = [UInt8](repeating: 1, count: 10_000)
                        while socket.send(bytes: piece) { await Task.yield() }
                        #expect(!socket.send(text: "late"))
                        while await socket.receive() != nil {}
                        dropped.set()
                    })
            }
        ) { server in
            let client = WebSocketClient(port: server.port, receiveBuffer: 4096)
            // Reads only once the server has given up queueing: the sender's loop ends by itself.
            var last = client.receive()
            while let next = client.receive() { last = next }
            #expect(last?.opcode == 8 && last?.code == 1008)
            await dropped.wait()
        }
    }

    @Test func `sends from many threads arrive, each sender in order`() async throws {
        try await withServer(handler: { _ in
            HTTPResponse(
                status: 101,
                body: .webSocket(subprotocol: nil) { socket in
                    await withTaskGroup(of: Void.self) { group in
                        for sender in 0..<4 {
                            group.addTask { @concurrent in
                                for number in 0..<100 { socket.send(text: "\(sender) \(number)") }
                            }
                        }
                    }
                    _ = await socket.receive()
                })
        }) { server in
            let client = WebSocketClient(port: server.port)
            var next = [0, 0, 0, 0]
            for _ in 0..<400 {
                let parts = try #require(client.receive()).text.split(separator: " ").compactMap { Int($0) }
                #expect(parts[1] == next[parts[0]])
                next[parts[0]] += 1
            }
        }
    }

    @Test func `what was queued goes out before the close`() async throws {
        try await withServer(handler: { _ in
            HTTPResponse(
                status: 101,
                body: .webSocket(subprotocol: nil) { socket in
                    for number in 0..<50 { socket.send(text: "\(number)") }
                    socket.close(code: 4001, reason: "enough")
                    #expect(await socket.receive() == nil)
                })
        }) { server in
            let client = WebSocketClient(port: server.port)
            for number in 0..<50 { #expect(client.receive()?.text == "\(number)") }
            let close = try #require(client.receive())
            #expect(close.code == 4001)
            #expect(String(decoding: close.payload.dropFirst(2), as: UTF8.self) == "enough")
        }
    }

    @Test func `receiving ends when its task is cancelled`() async throws {
        try await withServer(handler: { _ in
            HTTPResponse(
                status: 101,
                body: .webSocket(subprotocol: nil) { socket in
                    let waiting = Task { await socket.receive() }
                    await Task.yield()
                    waiting.cancel()
                    #expect(await waiting.value == nil)
                    socket.send(text: "open")
                    _ = await socket.receive()
                })
        }) { server in
            #expect(WebSocketClient(port: server.port).receive()?.text == "open")
        }
    }
}
