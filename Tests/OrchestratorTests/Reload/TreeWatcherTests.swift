// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import Testing

@testable import Orchestrator

@Suite(.serialized, .timeLimit(.minutes(1)))
struct TreeWatcherTests {
    /// Edits and the number of the report that must follow.
    private func changes(_ edits: [(TemporaryTree) throws -> Void]) async throws -> Int {
        let tree = try TemporaryTree()
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(100))
        let watcher = TreeWatcher(root: tree.bots, settle: .milliseconds(5)) { continuation.yield() }
        watcher.start()
        defer { watcher.stop() }
        var seen = 0
        var reports = stream.makeAsyncIterator()
        _ = await reports.next()
        for edit in edits {
            try edit(tree)
            _ = await reports.next()
            seen += 1
        }
        return seen
    }

    @Test func `writing in place, moving over, adding, deleting and folders are all noticed`() async throws {
        let seen = try await changes([
            { try $0.write("hello.yaml", TemporaryTree.assistant("hello", says: "One")) },
            { try $0.replace("hello.yaml", TemporaryTree.assistant("hello", says: "Two")) },
            { try $0.write("new.yaml", "kind: library\nversion: 1\nid: x") },
            { try $0.remove("new.yaml") },
            { tree in
                try FileManager.default.createDirectory(
                    atPath: tree.bots + "/lib/deep", withIntermediateDirectories: true)
                try tree.write("lib/deep/x.yaml", "kind: library")
            },
            { try $0.write("lib/deep/x.yaml", "kind: library\nversion: 1") },
        ])
        #expect(seen == 6)
    }
}
