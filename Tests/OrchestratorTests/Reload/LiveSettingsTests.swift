// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import Glibc
import Testing

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1))) struct LiveSettingsTests {
    let tree: TemporaryTree
    let live: LiveSettings
    let snapshots: SnapshotStore
    let reloader: Reloader

    init() throws {
        tree = try TemporaryTree()
        try tree.write(
            "server.yaml", TemporaryTree.server + "\nchannels:\n  side: { type: native, port: 0 }\n")
        try tree.write(
            "routing.yaml",
            """
            kind: routing
            version: 1
            providers:
              canned: { type: scripted, says: ["Hi."] }
            routes:
              chat: { mid_stream: stop, try: [{ provider: canned }, { reply: { text: Later. } }] }
            """)
        (reloader, snapshots) = try tree.reloader()
        live = LiveSettings(reloader: reloader, snapshots: snapshots)
    }

    private var file: String? {
        FileManager.default.contents(atPath: tree.bots + "/overlays/side.yaml").map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    @Test func `a change is a file, serves when it is answered, and outlives what reads the files`()
        async throws
    {
        let prompt = "Be \"kind\".\nNever say \\ or ${env.SECRET}: # no\u{7}"
        let now = try await live.change("side") { values in
            (values.isEnabled, values.provider, values.systemPrompt) = (true, "canned", prompt)
            (values.model, values.temperature, values.maxTokens) = ("m-1", 0.25, 300)
        }
        #expect(now == live.current("side"))
        #expect(now.isEnabled && now.isDeclared)
        #expect(now.systemPrompt == prompt.withoutControls)
        #expect(now.temperature == 0.25 && now.maxTokens == 300 && now.model == "m-1")
        #expect(await reloader.reload(trigger: "watch").outcome == .unchanged)
        let (_, again) = try tree.reloader()
        #expect(again.current().parts.server.channels["side"]?.ai == now)
    }

    @Test func `changes are made on what the one before has left`() async throws {
        _ = try await live.change("side") { $0.provider = "canned" }
        async let first = live.change("side") { $0.model = "m-1" }
        async let second = live.change("side") { $0.isEnabled = false }
        _ = try await (first, second)
        #expect(live.current("side").provider == "canned")
        #expect(live.current("side").model == "m-1")
        #expect(!live.current("side").isEnabled)
    }

    @Test func `a change that does not pass is refused with its diagnostics, and no file is there`()
        async throws
    {
        let before = snapshots.current().number
        let error = await #expect(throws: LiveSettingsError.self) {
            try await live.change("side") { $0.provider = "nobody" }
        }
        #expect(error?.codes == ["provider-unknown"])
        #expect(file == nil)
        #expect(snapshots.current().number == before)
        #expect(await reloader.state == "ok")
        await #expect(throws: LiveSettingsError.self) {
            try await live.change("nowhere") { $0.isEnabled = true }
        }
        await #expect(throws: LiveSettingsError.self) {
            try await live.change("../x") { $0.isEnabled = true }
        }
    }

    @Test func `another broken file refuses the change too`() async throws {
        try tree.write("hello.yaml", "kind: assistant\nid: [")
        await #expect(throws: LiveSettingsError.self) {
            try await live.change("side") { $0.isEnabled = true }
        }
        #expect(file == nil)
    }

    @Test func `a folder that cannot be written is read-only, and nothing changes`() async throws {
        // A file where the folder should be: nobody can write below it, whatever their rights.
        try tree.write("overlays", "not a folder")
        await #expect(throws: LiveSettingsError.readOnly) {
            try await live.change("side") { $0.isEnabled = true }
        }
        #expect(!live.current("side").isDeclared)
    }
}

extension LiveSettingsError {
    fileprivate var codes: [String] {
        switch self {
        case .readOnly: ["read-only"]
        case .rejected(let diagnostics): diagnostics.map(\.code)
        }
    }
}
