// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Testing
import Transport
import WireProtocols

/// A namespace that puts everybody into one room and passes on what they say.
private final class Relay: SocketNamespace {
    let server = Mutex<SocketServer?>(nil)
    let left = Signal()

    func refusal(of auth: JSONObject, _ handshake: EngineHandshake) -> SocketRefusal? {
        auth["token"] == "wrong" ? SocketRefusal("no", data: ["code": 7]) : nil
    }
    func joined(_ client: SocketClient) { client.join("room") }
    func received(_ event: SocketEvent, from client: SocketClient) {
        switch event.name {
        case "say": server.withLock { $0 }?.broadcast(.event("said", event.arguments), to: "room")
        case "leave": client.acknowledge(event, [.bool(client.leave("room"))])
        case "bye": client.disconnect()
        default: client.acknowledge(event, event.arguments, attachments: event.attachments)
        }
    }
    func left(_ client: SocketClient, rooms: [String]) { left.set() }
}

@Suite(.timeLimit(.minutes(1)), .tags(.integration)) struct SocketServerTests {
    static let path = "/socket.io/?EIO=4&transport="

    private func withSockets(
        _ change: (inout SocketSettings) -> Void = { _ in }, origins: AllowedOrigins = .any,
        _ body: (Int, EngineServer) async throws -> Void
    ) async throws {
        var settings = SocketSettings()
        change(&settings)
        let relay = Relay()
        let sockets = SocketServer(settings: settings, namespaces: ["/": relay])
        relay.server.withLock { $0 = sockets }
        let engine = EngineServer(settings: settings.engine, application: sockets) { origins }
        try await withServer(handler: { await engine.handle($0) }) { server in
            try await body(server.port, engine)
            engine.shutdown()
        }
    }

    private func join(_ port: Int, _ connect: String = "40", headers: String = "") throws -> WebSocketClient {
        let client = WebSocketClient(port: port, path: Self.path + "websocket", headers: headers)
        #expect(try #require(client.receive()).text.hasPrefix("0{"))
        client.send(connect)
        #expect(try #require(client.receive()).text.hasPrefix("40{"))
        return client
    }

    private func open(_ raw: RawClient) throws -> String {
        let reply = try #require(raw.get(Self.path + "polling"))
        #expect(reply.status == 200)
        let opening = try JSON.parse(String(reply.body.dropFirst()))
        return try #require(opening["sid"]?.text)
    }

    private func post(_ raw: RawClient, _ sid: String, _ body: String) -> RawClient.Reply? {
        raw.ask(
            "POST \(Self.path)polling&sid=\(sid) HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
    }

    @Test func `a broadcast reaches everybody in the room, the sender too, and nobody outside`() async throws
    {
        try await withSockets { port, _ in
            let (one, two, outside) = (try join(port), try join(port), try join(port))
            outside.send(#"421["leave"]"#)
            #expect(outside.receive()?.text == "431[true]")
            one.send(#"42["say",{"a":[1,null]}]"#)
            #expect(one.receive()?.text == #"42["said",{"a":[1,null]}]"#)
            #expect(two.receive()?.text == #"42["said",{"a":[1,null]}]"#)
            outside.send(#"422["echo"]"#)
            #expect(outside.receive()?.text == "432[]")
        }
    }

    @Test func `a session polls, with a body in chunks of one byte`() async throws {
        try await withSockets { port, _ in
            let raw = RawClient(port: port)
            let sid = try open(raw)
            #expect(post(raw, sid, "40")?.body == "ok")
            let joined = try #require(raw.get("\(Self.path)polling&sid=\(sid)"))
            #expect(joined.body.hasPrefix("40{"))
            #expect(joined.headers["cache-control"] == "no-store")
            raw.send(
                "POST \(Self.path)polling&sid=\(sid) HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            for byte in #"421["echo","é"]"#.utf8 {
                raw.send(Array("1\r\n".utf8) + [byte] + Array("\r\n".utf8))
            }
            raw.send("0\r\n\r\n")
            #expect(raw.readReply()?.body == "ok")
            #expect(raw.get("\(Self.path)polling&sid=\(sid)")?.body == #"431["é"]"#)
        }
    }

    @Test func `a session goes over to a WebSocket and loses nothing on the way`() async throws {
        try await withSockets { port, _ in
            let raw = RawClient(port: port)
            let sid = try open(raw)
            _ = post(raw, sid, "40")
            _ = raw.get("\(Self.path)polling&sid=\(sid)")
            let probe = WebSocketClient(port: port, path: "\(Self.path)websocket&sid=\(sid)")
            probe.send("2probe")
            #expect(probe.receive()?.text == "3probe")
            _ = post(raw, sid, #"42["say",1]"#)
            probe.send("5")
            probe.send(#"421["echo"]"#)
            #expect(probe.receive()?.text == #"42["said",1]"#)
            #expect(probe.receive()?.text == "431[]")
            #expect(raw.get("\(Self.path)polling&sid=\(sid)")?.status == 400)
            let late = WebSocketClient(port: port, path: "\(Self.path)websocket&sid=\(sid)")
            #expect(late.receive()?.opcode == 8)
        }
    }

    @Test func `bytes come and go with their packet`() async throws {
        try await withSockets { port, _ in
            let client = try join(port)
            client.send(#"451-5["echo",{"_placeholder":true,"num":0}]"#)
            client.send(.init(opcode: 2, payload: [1, 2, 3]))
            #expect(client.receive()?.text == #"461-5[{"_placeholder":true,"num":0}]"#)
            #expect(client.receive() == .init(opcode: 2, payload: [1, 2, 3]))
        }
    }

    @Test func `a client that may not join is told why`() async throws {
        try await withSockets { port, _ in
            let client = WebSocketClient(port: port, path: Self.path + "websocket")
            _ = client.receive()
            client.send(#"40{"token":"wrong"}"#)
            #expect(client.receive()?.text == #"44{"message":"no","data":{"code":7}}"#)
            client.send("40")
            #expect(client.receive()?.text.hasPrefix("40{") == true)
        }
    }

    @Test func `who never joins is closed`() async throws {
        try await withSockets({ settings in
            settings.connectTimeout = 40
            settings.engine.pingInterval = 40
        }) { port, engine in
            let client = WebSocketClient(port: port, path: Self.path + "websocket")
            _ = client.receive()
            while let frame = client.receive(), frame.opcode != 8 { client.send("3") }
            #expect(engine.count == 0)
        }
    }

    @Test func `who does not answer is closed at interval and timeout together`() async throws {
        try await withSockets({ settings in
            settings.engine.pingInterval = 60
            settings.engine.pingTimeout = 40
        }) { port, _ in
            let began = ContinuousClock.now
            let client = WebSocketClient(port: port, path: Self.path + "websocket")
            #expect(client.receive()?.text.hasPrefix("0{") == true)
            #expect(client.receive()?.text == "2")
            #expect(client.receive()?.opcode == 8)
            #expect(ContinuousClock.now - began >= .milliseconds(99))
        }
    }

    @Test func `pages of other origins get neither headers nor a socket`() async throws {
        try await withSockets(origins: .these(["http://a.example"])) { port, _ in
            let other = "Origin: http://a.example.evil\r\n"
            let refused = WebSocketClient(port: port, path: Self.path + "websocket", headers: other)
            #expect(refused.handshake?.status == 403)
            #expect(refused.handshake?.body == #"{"code":4,"message":"Forbidden"}"#)
            let poll = RawClient(port: port).ask(
                "GET \(Self.path)polling HTTP/1.1\r\nHost: x\r\n\(other)\r\n")
            #expect(poll?.status == 403)
            #expect(poll?.headers["access-control-allow-origin"] == nil)
            let allowed = RawClient(port: port).ask(
                "GET \(Self.path)polling HTTP/1.1\r\nHost: x\r\nOrigin: http://a.example\r\n\r\n")
            #expect(allowed?.headers["access-control-allow-origin"] == "http://a.example")
        }
    }

    @Test func `a preflight is answered for any page where any may come`() async throws {
        try await withSockets { port, _ in
            let reply = RawClient(port: port).ask(
                "OPTIONS \(Self.path)polling HTTP/1.1\r\nHost: x\r\nOrigin: http://b\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n\r\n"
            )
            #expect(reply?.status == 204)
            #expect(reply?.headers["access-control-allow-origin"] == "*")
            #expect(reply?.headers["access-control-allow-headers"] == "content-type")
        }
    }

    @Test func `a poll whose client hangs up ends the session`() async throws {
        try await withSockets { port, engine in
            let raw = RawClient(port: port)
            let sid = try open(raw)
            raw.send("GET \(Self.path)polling&sid=\(sid) HTTP/1.1\r\nHost: x\r\n\r\n")
            raw.reset()
            let other = RawClient(port: port)
            while engine.count > 0 { _ = other.get(Self.path + "polling&sid=none") }
        }
    }

    /// Faults S09.
    @Test func `who comes back in time has its id, its rooms and what it missed, once and in order`()
        async throws
    {
        try await withSockets({ $0.recovery = 60_000 }) { port, engine in
            let speaker = try join(port)
            let client = WebSocketClient(port: port, path: Self.path + "websocket")
            _ = client.receive()
            client.send("40")
            let hello = try JSON.parse(String(try #require(client.receive()).text.dropFirst(2)))
            let (sid, pid) = (try #require(hello["sid"]?.text), try #require(hello["pid"]?.text))
            speaker.send(#"42["say","seen"]"#)
            let seen = try JSON.parse(String(try #require(client.receive()).text.dropFirst(2)))
            let offset = try #require(seen.list?.last?.text)
            client.raw.reset()
            while engine.count > 1 { await Task.yield() }
            for number in 0..<100 { speaker.send(#"42["say",\#(number)]"#) }
            for _ in 0...100 { _ = speaker.receive() }

            let back = WebSocketClient(port: port, path: Self.path + "websocket")
            _ = back.receive()
            back.send(#"40{"pid":"\#(pid)","offset":"\#(offset)"}"#)
            #expect(back.receive()?.text == #"40{"sid":"\#(sid)","pid":"\#(pid)"}"#)
            for number in 0..<100 {
                #expect(try #require(back.receive()).text.hasPrefix(#"42["said",\#(number),"#))
            }
            speaker.send(#"42["say","after"]"#)
            #expect(try #require(back.receive()).text.hasPrefix(#"42["said","after","#))
        }
    }

    @Test func `who comes back before the server has noticed takes its own place`() async throws {
        try await withSockets({ $0.recovery = 60_000 }) { port, _ in
            let (speaker, client) = (
                try join(port), WebSocketClient(port: port, path: Self.path + "websocket")
            )
            _ = client.receive()
            client.send("40")
            let hello = try JSON.parse(String(try #require(client.receive()).text.dropFirst(2)))
            let (sid, pid) = (try #require(hello["sid"]?.text), try #require(hello["pid"]?.text))
            let back = WebSocketClient(port: port, path: Self.path + "websocket")
            _ = back.receive()
            back.send(#"40{"pid":"\#(pid)"}"#)
            #expect(back.receive()?.text == #"40{"sid":"\#(sid)","pid":"\#(pid)"}"#)
            speaker.send(#"42["say","now"]"#)
            #expect(try #require(back.receive()).text.hasPrefix(#"42["said","now","#))
            #expect(client.receive()?.opcode == 8)
        }
    }

    @Test func `who comes back with nothing known is somebody new`() async throws {
        try await withSockets({ $0.recovery = 60_000 }) { port, _ in
            let client = WebSocketClient(port: port, path: Self.path + "websocket")
            _ = client.receive()
            client.send(#"40{"pid":"unknown","offset":"1"}"#)
            let hello = try JSON.parse(String(try #require(client.receive()).text.dropFirst(2)))
            #expect(hello["pid"]?.text != "unknown")
        }
    }
}
