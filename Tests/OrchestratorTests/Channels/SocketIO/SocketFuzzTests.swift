// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import WireProtocols

@testable import Orchestrator

/// Random payloads into both channels: `FUZZ_PAYLOADS=1000000 swift test --filter SocketFuzzTests`.
struct SocketFuzzTests {
    private static let count =
        ProcessInfo.processInfo.environment["FUZZ_PAYLOADS"].flatMap { Int($0) } ?? 4000
    private static let batch = 50
    private static let names = [
        "init_session", "user_message", "admin_message", "user-connected", "user-message", "admin-reply",
        "user-typing", "admin-typing", "connect", "__proto__", "", "message",
    ]
    private static let members = [
        "sessionId", "content", "message", "timestamp", "isTyping", "ipAddress", "userAgent",
    ]

    private struct Source {
        var random = SystemRandomNumberGenerator()

        mutating func pick<Value>(_ values: [Value]) -> Value {
            values[Int.random(in: 0..<values.count, using: &random)]
        }

        mutating func value(_ depth: Int = 0) -> JSON {
            switch Int.random(in: 0..<(depth > 3 ? 7 : 9), using: &random) {
            case 0: .null
            case 1: .bool(.random(using: &random))
            case 2: .integer(pick([0, -1, 7, .max, .min]))
            case 3: .number(pick([0.5, -1e308, 1e-9]))
            case 4:
                .string(
                    pick([
                        "", "a", "session_1", "\u{0}admins", "2026-03-09T10:00:00Z", "talk to a human",
                        "💥\u{202E}",
                    ]))
            case 5: .string(String(repeating: "x", count: Int.random(in: 0...300, using: &random)))
            case 6: ["_placeholder": true, "num": .integer(Int.random(in: -1...2, using: &random))]
            case 7: .array((0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth + 1) })
            default: object(depth)
            }
        }

        mutating func object(_ depth: Int) -> JSON {
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                object[pick(SocketFuzzTests.members)] = value(depth + 1)
            }
            return .object(object)
        }

        mutating func packet() -> [UInt8] {
            var arguments: [JSON] = [.string(pick(SocketFuzzTests.names))]
            for _ in 0..<Int.random(in: 0...2, using: &random) { arguments.append(value()) }
            let id = Bool.random(using: &random) ? String(Int.random(in: 0...9, using: &random)) : ""
            var bytes = Array(("42" + id).utf8) + JSON.array(arguments).encoded()
            // Most are well formed, so that they reach the channel; the rest test what stands before it.
            for _ in 0..<Int.random(in: 0...9, using: &random) / 8 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            return bytes
        }
    }

    @Test(.timeLimit(.minutes(30)), arguments: ["live-chat", "legacy"])
    func `no payload ends a channel, and the others are served on`(name: String) async throws {
        let fixture = try SocketChannelFixture()
        let channel: any Channel = name == "legacy" ? fixture.liveChatAI(name) : fixture.liveChat(name)
        let canary = fixture.liveChat("answered")
        let steady = try await PollingClient(canary)
        let session = try #require(try await steady.ask("init_session", [:])["sessionId"])
        var source = Source()
        for round in 0..<(Self.count / Self.batch) {
            let client = try await PollingClient(channel)
            for _ in 0..<Self.batch { if try await client.send(source.packet()) != 200 { break } }
            try await client.post("1")
            guard round % 100 == 0 else { continue }
            #expect(
                try await steady.ask("user_message", ["sessionId": session, "content": "hello"])["ok"] == true
            )
            _ = steady.pending
        }
    }
}
