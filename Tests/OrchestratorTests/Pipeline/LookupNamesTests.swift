// SPDX-License-Identifier: Apache-2.0

import Intents
import OrchestratorTesting
import Testing
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1))) struct LookupNamesTests {
    let store = MemoryStore()
    let clock = ManualClock("2026-03-09T10:00:00.000Z")
    let names: LookupNames

    init() async throws {
        names = LookupNames(actions: RecordsActionRunner(store: store), clock: clock)
        try await add("d1", "Dr. Smith")
    }

    private func add(_ id: String, _ name: String) async throws {
        try await store.transact {
            _ = try $0.insert(
                "doctors",
                values: JSONObject([
                    .init(name: "id", value: .string(id)), .init(name: "name", value: .string(name)),
                ]))
        }
    }

    private func snapshot() -> Snapshot {
        ServiceFixture.snapshot(providers: []) { parts, whole in
            parts.actions["doctors"] = Action(
                name: "doctors",
                backend: .records([
                    RecordOperation(verb: .select(order: [], limit: nil), collection: "doctors")
                ]),
                input: [], output: .list(.any), isWrite: false)
            parts.lookups["doctor"] = Lookup(
                action: "doctors", label: "name", value: "id", keep: .seconds(60))
            parts.entities["doctor"] = EntityDefinition(name: "doctor", kind: .lookup)
            whole.collections["doctors"] = RecordCollection(name: "doctors", access: ["ADMIN": .any])
        }
    }

    private func values(_ text: String, _ snapshot: Snapshot) throws -> [String] {
        let assistant = try #require(snapshot.assistant("patient"))
        let tables = names.tables(for: assistant, in: snapshot)
        let context = EntityContext(now: 0, zone: FixedOffset(), gazetteers: tables.mapValues(\.gazetteer))
        return assistant.recognizer.find(in: text, context: context).map { "\($0.value)" }
    }

    @Test func `names are known once a snapshot's are read, whoever may see the rows`() async throws {
        let snapshot = snapshot()
        await names.fill(snapshot)
        #expect(try values("see Dr. Smith", snapshot).count == 1)
    }

    @Test func `old names serve while they are read again`() async throws {
        let snapshot = snapshot()
        await names.fill(snapshot)
        try await add("d2", "Dr. Jones")
        #expect(try values("see Dr. Jones", snapshot) == [])
        clock.advance(by: .seconds(60))
        #expect(try values("see Dr. Smith", snapshot).count == 1)
        await names.fill(snapshot)
        #expect(try values("see Dr. Jones", snapshot).count == 1)
    }

    @Test func `names that no assistant looks up any longer are forgotten`() async throws {
        let snapshot = snapshot()
        await names.fill(snapshot)
        await names.fill(ServiceFixture.snapshot(providers: [], number: 2))
        let assistant = try #require(snapshot.assistant("patient"))
        #expect(names.tables(for: assistant, in: snapshot).isEmpty)
    }
}
