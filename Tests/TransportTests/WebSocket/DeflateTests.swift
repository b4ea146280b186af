// SPDX-License-Identifier: Apache-2.0
import Testing
import Transport

/// permessage-deflate (RFC 7692).
@Suite(.tags(.integration, .conformance), .timeLimit(.minutes(1)))
struct DeflateTests {
    private static let offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
    /// RSV1.
    private static let compressed: UInt8 = 4
    private static let hello: [UInt8] = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]

    private func withEcho(
        deflate: Bool = true, _ body: (WebSocketClient) async throws -> Void
    ) async throws {
        try await withServer({ $0.limits.deflate = deflate }, handler: echo) { server in
            try await body(WebSocketClient(port: server.port, headers: Self.offer))
        }
    }

    private func frame(
        _ payload: [UInt8], opcode: UInt8 = 1, isFinal: Bool = true, reserved: UInt8 = compressed
    )
        -> [UInt8]
    {
        WebSocketClient.encode(.init(opcode: opcode, payload: payload, isFinal: isFinal), reserved: reserved)
    }

    @Test(arguments: [
        ("permessage-deflate", ""), ("permessage-deflate; client_max_window_bits", ""),
        ("permessage-deflate; client_max_window_bits=10", ""),
        ("permessage-deflate; server_max_window_bits=9", "; server_max_window_bits=9"),
        ("permessage-deflate;server_max_window_bits=\"12\"", "; server_max_window_bits=12"),
        ("x-webkit-deflate-frame, permessage-deflate; colour=red, permessage-deflate", ""),
    ])
    func `nothing is remembered between messages, whatever is offered`(offer: String, more: String)
        async throws
    {
        try await withServer(handler: echo) { server in
            let client = WebSocketClient(
                port: server.port, headers: "Sec-WebSocket-Extensions: \(offer)\r\n")
            #expect(
                client.handshake?.headers["sec-websocket-extensions"]
                    == "permessage-deflate; server_no_context_takeover; client_no_context_takeover" + more)
        }
    }

    @Test(arguments: [
        // RFC 7692 7.2.3.1, 7.2.3.3, 7.2.3.4, 7.2.3.5
        hello, [0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00],
        [0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00],
        [0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00],
    ])
    func `messages compressed in the ways of the RFC are understood`(payload: [UInt8]) async throws {
        try await withEcho { client in
            // Twice, because the second begins with an empty window.
            for _ in 0..<2 {
                client.raw.send(frame(payload))
                #expect(client.receive() == .text("Hello"))
            }
            client.send("plain")
            #expect(client.receive() == .text("plain"))
        }
    }

    @Test func `a compressed message may come in fragments, cut anywhere`() async throws {
        try await withEcho { client in
            for cut in 0...Self.hello.count {
                client.raw.send(frame(Array(Self.hello[..<cut]), isFinal: false))
                client.raw.send(frame(Array(Self.hello[cut...]), opcode: 0, reserved: 0))
                #expect(client.receive() == .text("Hello"), "cut at \(cut)")
            }
        }
    }

    @Test func `long answers are compressed, short ones are not`() async throws {
        try await withEcho { client in
            client.send(String(repeating: "a", count: 100))
            #expect(client.raw.read(2) == [0x81, 100])
            _ = client.raw.read(100)
            client.send(String(repeating: "a", count: 60_000))
            let head = try #require(client.raw.read(2))
            #expect(head[0] & 0x40 != 0)
            #expect(head[1] <= 126, "60 kB of one letter are a few hundred bytes")
        }
    }

    @Test func `compressed and plain messages, pings and fragments keep their order in one write`()
        async throws
    {
        try await withEcho { client in
            let plain = WebSocketClient.encode(.text("plain"))
            let ping = WebSocketClient.encode(.init(opcode: 9, payload: [0x82, 0x82]))
            let bytes =
                frame(Self.hello) + plain + ping + frame(Self.hello, opcode: 2)
                + frame(Array(Self.hello[..<3]), isFinal: false) + ping
                + frame(Array(Self.hello[3...]), opcode: 0, reserved: 0) + plain
            for cut in stride(from: 1, to: bytes.count, by: 1) {
                client.raw.send(Array(bytes[..<cut]))
                client.raw.send(Array(bytes[cut...]))
                var heard: [WebSocketClient.Frame] = []
                while heard.count < 7, let frame = client.receive() { heard.append(frame) }
                #expect(heard.filter { $0.opcode == 10 }.count == 2)
                #expect(
                    heard.filter { $0.opcode < 8 } == [
                        .text("Hello"), .text("plain"), .init(opcode: 2, payload: Array("Hello".utf8)),
                        .text("Hello"),
                        .text("plain"),
                    ], "cut at \(cut)")
            }
        }
    }

    @Test func `the first answer is marked however long the handshake was`() async throws {
        try await withServer(handler: echo) { server in
            for length in 1...40 {
                let name = String(repeating: "p", count: length)
                let client = WebSocketClient(
                    port: server.port, headers: Self.offer + "Sec-WebSocket-Protocol: \(name)\r\n")
                client.send(String(repeating: "a", count: 1000))
                #expect(client.raw.read(1) == [0xc1], "a subprotocol of \(length)")
            }
        }
    }

    @Test func `reserved bits where none belong end in 1002`() async throws {
        try await withEcho { client in
            client.raw.send(frame(Array(Self.hello[..<3]), isFinal: false))
            client.raw.send(frame(Array(Self.hello[3...]), opcode: 0))
            #expect(client.receive()?.code == 1002)
        }
        try await withEcho { client in
            client.raw.send(frame([], opcode: 9))
            #expect(client.receive()?.code == 1002)
        }
    }

    @Test(arguments: [[0xff, 0xff, 0xff], [0x00, 0x05, 0x00, 0x00, 0x00]] as [[UInt8]])
    func `what cannot be inflated ends in 1007`(payload: [UInt8]) async throws {
        try await withEcho { client in
            client.raw.send(frame(payload))
            #expect(client.receive()?.code == 1007)
            #expect(client.raw.isAtEnd)
        }
    }

    @Test func `text that is not UTF-8 once inflated ends in 1007`() async throws {
        try await withEcho { client in
            client.raw.send(frame([0x00, 0x02, 0x00, 0xfd, 0xff, 0xff, 0xfe, 0x00]))
            #expect(client.receive()?.code == 1007)
        }
    }

    @Test func `without the listener's consent the offer is passed over`() async throws {
        try await withEcho(deflate: false) { client in
            #expect(client.handshake?.headers["sec-websocket-extensions"] == nil)
            client.raw.send(frame(Self.hello))
            #expect(client.receive()?.code == 1002)
        }
    }

    @Test(arguments: [
        "permessage-deflate; colour=red", "permessage-deflate; client_max_window_bits=99",
        "permessage-deflate; server_max_window_bits=8", "permessage-deflate; server_max_window_bits",
        "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
        "permessage-deflate; server_no_context_takeover=1", "permessage-deflate; =", "x-webkit-deflate-frame",
        ",,;=",
    ])
    func `an offer that we cannot keep, or that means nothing, is passed over`(offer: String)
        async throws
    {
        try await withServer(handler: echo) { server in
            let client = WebSocketClient(
                port: server.port, headers: "Sec-WebSocket-Extensions: \(offer)\r\n")
            #expect(client.handshake?.status == 101)
            #expect(client.handshake?.headers["sec-websocket-extensions"] == nil)
            client.send("hello")
            #expect(client.receive() == .text("hello"))
        }
    }
}

/// What one socket does otherwise than its listener.
@Suite(.tags(.integration), .timeLimit(.minutes(1)))
struct WebSocketSettingsTests {
    private func withSettings(
        _ change: (inout WebSocketSettings) -> Void, _ body: (WebSocketClient) async throws -> Void
    ) async throws {
        var settings = WebSocketSettings()
        change(&settings)
        try await withServer(
            {
                $0.limits.pingInterval = .milliseconds(50)
                $0.limits.pingGrace = .milliseconds(50)
            },
            handler: { [settings] _ in
                HTTPResponse(
                    status: 101,
                    body: .webSocket(subprotocol: nil, settings: settings) { socket in
                        while let message = await socket.receive() {
                            socket.send(bytes: message.bytes, isText: message.isText)
                        }
                    })
            }
        ) { server in
            try await body(WebSocketClient(port: server.port, path: "/engine.io/?EIO=4&transport=websocket"))
        }
    }

    @Test func `a dialect with its own heartbeat sees no pings and is not cut for silence`() async throws {
        try await withSettings {
            $0.pings = false
        } _: { client in
            client.raw.setReceivePatience(milliseconds: 400)
            #expect(client.receive() == nil)
            client.raw.setReceivePatience(milliseconds: 5000)
            client.send(.init(opcode: 2, payload: [1, 2, 3]))
            #expect(client.receive() == .init(opcode: 2, payload: [1, 2, 3]))
            client.send("text")
            #expect(client.receive() == .text("text"))
        }
    }

    @Test func `its own message limit takes the place of the listener's`() async throws {
        try await withSettings {
            $0.pings = false
            $0.messageBytes = 10
        } _: { client in
            client.send("0123456789")
            #expect(client.receive() == .text("0123456789"))
            client.send("0123456789a")
            #expect(client.receive()?.code == 1009)
        }
    }
}
