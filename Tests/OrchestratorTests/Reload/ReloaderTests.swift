// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import Testing

@testable import Orchestrator

struct ReloaderTests {
    let tree: TemporaryTree

    init() throws { tree = try TemporaryTree() }

    private func text(_ snapshots: SnapshotStore) -> String? {
        guard
            case .say(.inline(let response))? = snapshots.current().assistant("hello")?.parts.intents[
                "greet"]?.handler,
            case .text(let text)? = response.alternatives.first?.segments.first
        else { return nil }
        return text
    }

    @Test func `a good edit is served and counted`() async throws {
        let (reloader, snapshots) = try tree.reloader()
        try tree.write("hello.yaml", TemporaryTree.assistant("hello", says: "Good morning!"))
        let report = await reloader.reload(trigger: "watch")
        #expect(report.outcome == .applied)
        #expect(snapshots.current().number == 2)
        #expect(text(snapshots) == "Good morning!")
        #expect(await reloader.reports.map(\.outcome) == [.applied, .applied])
    }

    @Test func `a broken edit keeps the last good one and shows the place`() async throws {
        let (reloader, snapshots) = try tree.reloader()
        try tree.write(
            "hello.yaml",
            TemporaryTree.assistant("hello", says: "Hi!").replacingOccurrences(of: "roles", with: "rolse"))
        let report = await reloader.reload(trigger: "watch")
        #expect(report.outcome == .rejected)
        #expect(snapshots.current().number == 1)
        #expect(text(snapshots) == "Hi!")
        #expect(
            report.text.hasPrefix(
                "bots/hello.yaml:4:1: error[key-unknown]: 'rolse' is not a key of an assistant file\n"))
        #expect(await reloader.state == "stale")
    }

    @Test func `the same bytes are no reload, and mending the file ends the refusal`() async throws {
        let (reloader, snapshots) = try tree.reloader()
        #expect(await reloader.reload(trigger: "signal").outcome == .unchanged)
        try tree.write("hello.yaml", "kind: assistant\nid: [")
        #expect(await reloader.reload(trigger: "watch").outcome == .rejected)
        try tree.write("hello.yaml", TemporaryTree.assistant("hello", says: "Hi!"))
        #expect(await reloader.reload(trigger: "watch").outcome == .unchanged)
        #expect(await reloader.state == "ok")
        #expect(snapshots.current().number == 1)
    }

    @Test func `a dry run changes nothing`() async throws {
        let (reloader, snapshots) = try tree.reloader()
        try tree.write("hello.yaml", TemporaryTree.assistant("hello", says: "Later"))
        #expect(await reloader.reload(trigger: "command", dryRun: true).outcome == .valid)
        #expect(snapshots.current().number == 1)
        #expect(await reloader.reports.count == 1)
    }

    @Test func `a new storage address is refused with a word about restarting`() async throws {
        let (reloader, snapshots) = try tree.reloader()
        try tree.write(
            "server.yaml", TemporaryTree.server.replacingOccurrences(of: "memory:", with: "sqlite:other.db"))
        let report = await reloader.reload(trigger: "watch")
        #expect(report.outcome == .rejected)
        #expect(report.diagnostics.map(\.code) == ["restart-needed"])
        #expect(report.diagnostics.first?.range.start == SourcePosition(line: 3, column: 12))
        #expect(snapshots.current().number == 1)
    }

    @Test func `what cannot be opened rejects the edit`() async throws {
        let (reloader, snapshots) = try tree.reloader()
        let problem = Diagnostic(
            code: "listener-refused", at: .top(of: "bots/server.yaml"), "channels.x.port: taken")
        await reloader.attach(.init(prepare: { _ in [problem] }))
        try tree.write("hello.yaml", TemporaryTree.assistant("hello", says: "Later"))
        let report = await reloader.reload(trigger: "watch")
        #expect(report.outcome == .rejected)
        #expect(report.diagnostics == [problem])
        #expect(snapshots.current().number == 1)
    }

    @Test func `the history keeps the last fifty`() async throws {
        let (reloader, _) = try tree.reloader()
        for round in 1...60 {
            try tree.write("hello.yaml", TemporaryTree.assistant("hello", says: "Round \(round)"))
            _ = await reloader.reload(trigger: "watch")
        }
        let reports = await reloader.reports
        #expect(reports.count == 50)
        #expect(reports.first?.revision.hasPrefix("r61-") == true)
    }

    @Test func `an unchanged assistant keeps its fitted models`() async throws {
        try tree.write("other.yaml", TemporaryTree.assistant("other", says: "Other"))
        let (reloader, snapshots) = try tree.reloader()
        let before = snapshots.current().assistant("other")
        try tree.write("hello.yaml", TemporaryTree.assistant("hello", says: "New"))
        #expect(await reloader.reload(trigger: "watch").outcome == .applied)
        #expect(snapshots.current().assistant("other") === before)
    }
}
