// SPDX-License-Identifier: Apache-2.0

import Intents
import OrchestratorTesting
import Synchronization
import Testing
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1))) struct FlowRevisionsTests {
    private static func snapshot(_ number: Int, question: String) -> Snapshot {
        ServiceFixture.snapshot(providers: [], number: number) { parts, whole in
            let slot = Slot(name: "count", kind: .single(entity: "count"), ask: ServiceFixture.text(question))
            parts.entities["count"] = EntityDefinition(name: "count", kind: .number)
            parts.flows["order"] = Flow(
                name: "order", slots: [slot],
                program: [.say(ServiceFixture.text("\(question) Done.")), .end],
                hash: "hash of \(question)")
            parts.intents["greet"] = Intent(name: "greet", handler: .flow("order"))
            whole.digest = "tree-\(number)"
            whole.sources = ["assistant.yaml": question]
        }
    }

    @Test func `an open flow goes on as it began while the next one begins as edited`() async throws {
        let fixture = ServiceFixture()
        let first = Self.snapshot(1, question: "How many?")
        fixture.snapshots.replace(with: first)
        let id = try await fixture.begin()
        #expect(try await fixture.say("hello", in: id) == ["How many?"])
        let second = Self.snapshot(2, question: "How much?")
        fixture.snapshots.replace(with: second)
        await fixture.service.snapshotReplaced(first, by: second)
        #expect(try await fixture.say("7", in: id) == ["How many? Done."])
        #expect(try await fixture.say("hello", in: id) == ["How much?"])
    }

    @Test func `a revision survives a restart in the store, once for each assistant`() async throws {
        let fixture = ServiceFixture()
        let first = Self.snapshot(1, question: "How many?")
        fixture.snapshots.replace(with: first)
        let id = try await fixture.begin()
        _ = try await fixture.say("hello", in: id)
        #expect(try await fixture.store.revision("tree-1") == ["assistant.yaml": "How many?"])

        let restarted = ServiceFixture(store: fixture.store)
        restarted.snapshots.replace(with: Self.snapshot(2, question: "How much?"))
        let asked = Mutex<[FlowBundle]>([])
        var settings = restarted.service.settings
        settings.recompile = { bundle in
            asked.withLock { $0.append(bundle) }
            return first.assistant(bundle.assistant)
        }
        let service = ConversationService(settings)
        let answer = try await service.submit("7", to: id, caller: fixture.patient)
        #expect(answer.replies.map(\.text) == ["How many? Done."])
        let bundle = FlowBundle(
            assistant: "patient", digest: "digest-1", sources: ["assistant.yaml": "How many?"])
        #expect(asked.withLock { $0 } == [bundle])
    }

    @Test func `a revision that is gone makes the flow begin anew`() async throws {
        let fixture = ServiceFixture()
        fixture.snapshots.replace(with: Self.snapshot(1, question: "How many?"))
        let id = try await fixture.begin()
        _ = try await fixture.say("hello", in: id)
        let restarted = ServiceFixture(store: fixture.store)
        restarted.snapshots.replace(with: Self.snapshot(2, question: "How much?"))
        let said = try await restarted.say("what", in: id)
        #expect(said.contains { $0.contains("This has changed in the meantime") }, "\(said)")
    }
}
