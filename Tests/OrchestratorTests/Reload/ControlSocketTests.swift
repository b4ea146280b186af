// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1)))
struct ControlSocketTests {
    private let path = FileManager.default.temporaryDirectory.appendingPathComponent(
        "c-\(UUID().uuidString.prefix(8)).sock"
    ).path

    @Test func `a question is answered, and only its owner may ask`() throws {
        let socket = try ControlSocket(path: path) { ["echo": $0["command"] ?? .null] }
        socket.start()
        defer { socket.stop() }
        #expect(try ControlSocket.ask(path, ["command": "status"]) == ["echo": "status"])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func `a second server is refused, and a socket left behind is not in the way`() throws {
        let first = try ControlSocket(path: path) { $0 }
        first.start()
        #expect(throws: ControlError.self) { try ControlSocket(path: path) { $0 } }
        first.stop()
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let second = try ControlSocket(path: path) { $0 }
        second.stop()
    }

    @Test func `no server is said plainly`() {
        #expect(throws: ControlError.self) { try ControlSocket.ask(path, ["command": "status"]) }
    }
}
