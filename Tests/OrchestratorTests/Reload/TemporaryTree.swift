// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc

@testable import Orchestrator

/// A small tree in a folder of its own, removed when the test ends.
final class TemporaryTree: Sendable {
    let base: String
    var bots: String { base + "/bots" }

    static let server = """
        kind: server
        version: 1
        storage: { url: "memory:" }
        roles:
          anonymous: {}
        """
    static func assistant(_ id: String, says text: String) -> String {
        """
        kind: assistant
        version: 1
        id: \(id)
        roles: [anonymous]
        intents:
          greet:
            examples:
              - hello there
            say:
              text: \(text)
        otherwise:
          - { say: not_understood }
        """
    }

    init() throws {
        base = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: base + "/bots", withIntermediateDirectories: true)
        try write("server.yaml", Self.server)
        try write("hello.yaml", Self.assistant("hello", says: "Hi!"))
    }

    deinit { try? FileManager.default.removeItem(atPath: base) }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: bots + "/" + name))
    }

    /// The way editors save: a new file is moved over the old one.
    func replace(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: bots + "/." + name + ".tmp"))
        guard rename(bots + "/." + name + ".tmp", bots + "/" + name) == 0 else {
            throw CocoaError(.fileWriteUnknown)
        }
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: bots + "/" + name) }

    var reader: TreeReader { TreeReader(root: bots) }

    /// A reloader that serves the tree as it is now.
    func reloader(
        clock: any WallClock = SystemWallClock(), environment: EnvironmentValues = EnvironmentValues([:])
    ) throws -> (Reloader, SnapshotStore) {
        let configuration = try LoadedConfiguration(
            reader: reader, environment: environment, allowsRemote: false)
        let snapshots = SnapshotStore(configuration.snapshot)
        let first = ReloadReport(
            trigger: "start", outcome: .applied, revision: configuration.snapshot.revision, at: clock.now(),
            took: .zero,
            diagnostics: [], text: "")
        let reloader = Reloader(
            reader: reader, compiler: configuration.compiler, environment: { environment },
            snapshots: snapshots,
            checks: configuration.checks, clock: clock, log: SilentLog(), first: first)
        return (reloader, snapshots)
    }
}
