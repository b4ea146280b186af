// SPDX-License-Identifier: Apache-2.0
import Testing
import WireProtocols

struct SocketConnectionTests {
    private typealias Input = SocketConnection.Input

    private func take(
        _ text: String, _ connection: inout SocketConnection
    ) throws(SocketConnection.Failure) -> SocketConnection.Input? {
        try connection.take(.text(Array(text.utf8)[...]))
    }

    private func joined() throws -> SocketConnection {
        var connection = SocketConnection(maxAttachmentBytes: 1000)
        _ = try take("0", &connection)
        _ = connection.accept("/", sid: "s")
        return connection
    }

    private func text(_ packet: SocketPacket) -> String {
        String(decoding: packet.frames[0].bytes, as: UTF8.self)
    }

    @Test func `a client joins, is told its id, speaks and leaves`() throws {
        var connection = SocketConnection(maxAttachmentBytes: 1000)
        #expect(
            try take(#"0{"token":"t"}"#, &connection)
                == .join(namespace: "/", auth: JSONObject([.init(name: "token", value: "t")])))
        #expect(!connection.hasJoined)
        #expect(text(connection.accept("/", sid: "s")) == #"40{"sid":"s"}"#)
        #expect(connection.hasJoined)
        #expect(
            try take(#"27["hi",1]"#, &connection) == .event(SocketEvent("hi", [1], id: 7), namespace: "/"))
        #expect(try take("38[2]", &connection) == .acknowledged(id: 8, arguments: [2], namespace: "/"))
        #expect(try take("1", &connection) == .leave(namespace: "/"))
        #expect(throws: SocketConnection.Failure.outOfTurn) { try take(#"2["hi"]"#, &connection) }
    }

    @Test func `one that may come back is told with what`() throws {
        var connection = SocketConnection(maxAttachmentBytes: 1000)
        _ = try take("0/a,", &connection)
        #expect(text(connection.accept("/a", sid: "s", pid: "p")) == #"40/a,{"sid":"s","pid":"p"}"#)
    }

    @Test func `a refused client is told why and may ask again`() throws {
        var connection = SocketConnection(maxAttachmentBytes: 1000)
        _ = try take("0/random", &connection)
        #expect(
            text(connection.refuse("/random", "Invalid namespace"))
                == #"44/random,{"message":"Invalid namespace"}"#)
        #expect(try take("0/random,", &connection) != nil)
    }

    @Test func `leaving one namespace leaves the others`() throws {
        var connection = try joined()
        _ = try take("0/custom", &connection)
        _ = connection.accept("/custom", sid: "c")
        #expect(try take("1/custom", &connection) == .leave(namespace: "/custom"))
        #expect(try take(#"2["x"]"#, &connection) == .event(SocketEvent("x"), namespace: "/"))
    }

    @Test(arguments: ["0", "2/other,[\"x\"]", "4{}", "3[1]"])
    func `what comes out of turn ends the session`(text: String) throws {
        var connection = try joined()
        #expect(throws: SocketConnection.Failure.outOfTurn) { try take(text, &connection) }
    }

    @Test func `speaking before the answer to joining ends the session`() throws {
        var connection = SocketConnection(maxAttachmentBytes: 1000)
        _ = try take("0", &connection)
        #expect(throws: SocketConnection.Failure.outOfTurn) { try take(#"2["x"]"#, &connection) }
    }

    @Test func `namespaces of one session are bounded`() throws {
        var connection = SocketConnection(maxAttachmentBytes: 1000)
        for number in 0..<SocketConnection.maxNamespaces { _ = try take("0/n\(number)", &connection) }
        #expect(throws: SocketConnection.Failure.outOfTurn) { try take("0/more", &connection) }
    }

    @Test func `a client that is put out is told`() throws {
        var connection = try joined()
        #expect(connection.expel(from: "/").map(text) == "41")
        #expect(connection.expel(from: "/") == nil)
    }

    @Test func `random bytes and broken packets are refused or read, and nothing else`() {
        var random = SystemRandomNumberGenerator()
        let seeds = [
            #"2["user_message",{"sessionId":"a","content":"b"}]"#,
            #"51-9["x",{"_placeholder":true,"num":0}]"#,
            "0", "0/custom,{}", "1", "3/custom,12[1,null]", #"4{"message":"x"}"#,
        ].map { Array($0.utf8) }
        for _ in 0..<50_000 {
            var connection = SocketConnection(maxAttachmentBytes: 64)
            for _ in 0..<4 {
                var bytes = seeds.randomElement(using: &random) ?? []
                for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
                    let place = Int.random(in: 0..<bytes.count, using: &random)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: bytes[place] = .random(in: 0...255, using: &random)
                    case 1: bytes.remove(at: place)
                    default: bytes.insert(.random(in: 0...255, using: &random), at: place)
                    }
                }
                let isText = Bool.random(using: &random)
                guard let input = try? connection.take(isText ? .text(bytes[...]) : .binary(bytes)) else {
                    continue
                }
                if case .join(let namespace, _) = input { _ = connection.accept(namespace, sid: "s") }
            }
        }
    }
}
