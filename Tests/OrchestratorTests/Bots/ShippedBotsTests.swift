// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import Orchestrator
import OrchestratorTesting
import Testing

/// The shipped trees have nothing wrong with them, and every conversation of their `tests` files goes as written.
struct ShippedBotsTests {
    /// A folder that `orchestratord --bots` could be given.
    struct Tree: Sendable, CustomTestStringConvertible {
        var path: String
        var testDescription: String { path }

        func compile() -> CompileResult {
            let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../../" + path
            let environment = EnvironmentValues([
                "JWT_SECRET": "a-secret-for-tests-that-is-long-enough",
                "JWT_SECRET_KEY": "another-one-that-is-long-enough-too",
            ])
            let reader = TreeReader(root: root)
            return SnapshotCompiler(folder: reader.name).compile(reader.read(), environment: environment)
        }
    }

    static let trees = [
        "bots", "bots/examples/pizza-shop", "bots/examples/it-help-desk", "bots/examples/card-loss",
    ]
    .map(Tree.init)

    @Test(arguments: trees)
    func `a shipped tree has neither errors nor warnings`(_ tree: Tree) {
        let result = tree.compile()
        let texts = result.sources.map { SourceText(file: $0.key, text: $0.value) }
        // A provider without a key is noted.
        let findings = result.diagnostics.filter { $0.severity != .note }
        #expect(DiagnosticRenderer(sources: texts).text(findings) == "")
    }

    @Test(arguments: trees)
    func `every conversation of a shipped tree goes as written`(_ tree: Tree) async throws {
        let parts = try #require(tree.compile().parts)
        let outcomes = try await TestsRunner(Snapshot(parts, number: 1)).run()
        #expect(!outcomes.isEmpty)
        for outcome in outcomes where !outcome.failures.isEmpty {
            Issue.record(Comment(rawValue: outcome.report))
        }
    }

    @Test(arguments: [("patient_6", "alert DOCTOR doctor_2"), ("somebody_new", "alert DOCTOR all")])
    func `an emergency alarms the care team, and every doctor where there is none`(
        _ user: String, _ alert: String
    ) async throws {
        let parts = try #require(Tree(path: "bots").compile().parts)
        let store = MemoryStore()
        let alerts = AlertRecorder()
        let runner = RecordsActionRunner(store: store)
        var settings = ServiceSettings(
            snapshots: SnapshotStore(Snapshot(parts, number: 1)), store: store, actions: runner,
            registries: ProviderRegistries(factories: [:]))
        settings.alerts = alerts
        let service = ConversationService(settings)
        let now = Timestamp(milliseconds: 0)
        _ = try await store.applySeeds(parts.seeds, now: now) { _ in 0 }
        let caller = Caller(user: user, role: "PATIENT")
        let id = try await service.begin(assistant: "patient", caller: caller, channel: "tests").id
        _ = try await service.submit("I have chest pain", to: id, caller: caller)
        await alerts.recorder.wait { $0.count == 2 }
        #expect(alerts.recorder.lines.sorted() == [alert, "queue on_call waiting"])
    }
}
