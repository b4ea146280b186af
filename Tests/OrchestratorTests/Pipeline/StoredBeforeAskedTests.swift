// SPDX-License-Identifier: Apache-2.0

import Intents
import OrchestratorTesting
import Testing
import WireProtocols

@testable import Orchestrator

/// What has to be in the store at which moment, and what must never be there.
@Suite(.timeLimit(.minutes(1))) struct StoredBeforeAskedTests {
    private static func call(_ action: String) -> Instruction {
        .call(.init(action: action, input: [], save: nil, ifEmpty: nil, ifError: [:]))
    }

    private static func note(isWrite: Bool) -> Action {
        Action(
            name: "note",
            backend: .records([
                isWrite
                    ? RecordOperation(verb: .insert([]), collection: "notes")
                    : RecordOperation(verb: .select(order: [], limit: nil), collection: "notes")
            ]), input: [], output: .any, isWrite: isWrite)
    }

    private func fixture(_ store: any ConversationStore & RecordStore, isWrite: Bool) -> ServiceFixture {
        ServiceFixture(store: store) { parts, whole in
            parts.actions["note"] = Self.note(isWrite: isWrite)
            parts.flows["take_note"] = Flow(
                name: "take_note", slots: [],
                program: [Self.call("note"), .say(ServiceFixture.text("Noted.")), .end], hash: "h1")
            parts.intents["greet"] = Intent(name: "greet", handler: .flow("take_note"))
            whole.collections["notes"] = RecordCollection(name: "notes", access: nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `the utterance is stored before an action that changes something`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let fixture = fixture(store, isWrite: true)
            let id = try await fixture.begin()
            let progress = EventRecorder()
            let answer = try await fixture.service.submit(
                "hello", to: id, caller: fixture.patient, clientMessageID: "c1", progress: progress)
            #expect(answer.replies.map(\.text) == ["Noted."])
            #expect(
                progress.lines == ["accepted c1 1", "message 1 user hello", "message 2 assistant Noted."])
            #expect(try await store.messages(in: id, after: 1, limit: 9).map(\.inReplyTo) == [1])
            let row = try #require(try await store.conversation(id))
            #expect(ConversationContext(row.dialogue).unanswered == [])
        }
    }

    // The store is reached at three moments: the utterance, the action, the answer. A crash is a store that
    // takes nothing from then on, and a service that is made anew over what was stored.
    @Test(arguments: 0...2)
    func `a crash at any write loses nothing and does nothing twice`(_ writes: Int) async throws {
        let base = MemoryStore()
        let crashing = GatedStore(base)
        crashing.set(.dying(after: writes))
        let first = fixture(base, isWrite: true)
        let id = try await first.begin()
        var settings = first.service.settings
        settings.store = crashing
        let crashed = ConversationService(settings)
        let attempt = try? await crashed.submit("hello", to: id, caller: first.patient, clientMessageID: "c1")
        #expect((attempt == nil) == (writes < 2))
        let restarted = fixture(base, isWrite: true)
        let answer = try await restarted.service.submit(
            "hello", to: id, caller: restarted.patient, clientMessageID: "c1")
        #expect(answer.replies.map(\.text) == ["Noted."])
        #expect(try await restarted.stored(id) == ["1 user hello", "2 assistant Noted."])
        let notes = try await base.readRecords { try $0.select("notes", where: [], order: [], limit: nil) }
        #expect(notes.count == 1)
    }

    @Test func `reading the embedded records needs no write of its own`() async throws {
        let base = MemoryStore()
        let crashing = GatedStore(base)
        crashing.set(.dying(after: 1))
        var settings = fixture(base, isWrite: false).service.settings
        settings.store = crashing
        let service = ConversationService(settings)
        let caller = Caller(user: "p1", role: "PATIENT")
        let id = try await service.begin(assistant: "patient", caller: caller, channel: "native").id
        #expect(try await service.submit("hello", to: id, caller: caller).replies.map(\.text) == ["Noted."])
    }

    private static func cardFixture() -> ServiceFixture {
        ServiceFixture { parts, _ in
            let card = Slot(
                name: "card", kind: .single(entity: "card"), ask: ServiceFixture.text("Card?"),
                isSensitive: true)
            parts.flows["block"] = Flow(
                name: "block", slots: [card], program: [.say(ServiceFixture.text("Blocked.")), .end],
                hash: "h1")
            parts.intents["greet"] = Intent(name: "greet", handler: .flow("block"))
            parts.entities["card"] = EntityDefinition(name: "card", kind: .number)
        }
    }

    @Test func `an emergency beside a sensitive value is answered, and the value not stored`() async throws {
        let fixture = Self.cardFixture()
        let id = try await fixture.begin()
        #expect(try await fixture.say("hello", in: id) == ["Card?"])
        #expect(try await fixture.say("4222 but I have chest pain", in: id) == ["Call 911 now."])
        await fixture.service.drain(within: .seconds(1))
        #expect(try await fixture.stored(id).suffix(2) == ["3 user ***", "4 assistant Call 911 now."])
    }

    @Test func `what fills a sensitive slot is shown and never stored`() async throws {
        let fixture = Self.cardFixture()
        let id = try await fixture.begin()
        let watcher = EventRecorder()
        _ = try await fixture.service.attach(watcher, to: id, caller: fixture.patient)
        #expect(try await fixture.say("hello", in: id) == ["Card?"])
        #expect(try await fixture.say("4111", in: id) == ["Blocked."])
        #expect(
            try await fixture.stored(id) == [
                "1 user hello", "2 assistant Card?", "3 user ***", "4 assistant Blocked.",
            ])
        #expect(watcher.lines.contains("message 3 user 4111"))
    }

    @Test func `an open flow is stored without what its sensitive slots hold`() async throws {
        let fixture = ServiceFixture { parts, _ in
            let card = Slot(
                name: "card", kind: .single(entity: "card"), ask: ServiceFixture.text("Card?"),
                isSensitive: true)
            parts.flows["block"] = Flow(
                name: "block", slots: [card],
                program: [
                    .confirm(.init(ask: ServiceFixture.text("Block it?"), ifNo: nil)),
                    .say(ServiceFixture.text("Blocked.")), .end,
                ], hash: "h1")
            parts.intents["greet"] = Intent(name: "greet", handler: .flow("block"))
            parts.entities["card"] = EntityDefinition(name: "card", kind: .number)
        }
        let id = try await fixture.begin()
        #expect(try await fixture.say("hello", in: id) == ["Card?"])
        #expect(try await fixture.say("4111", in: id) == ["Block it?"])
        let row = try #require(try await fixture.service.settings.store.conversation(id))
        #expect(!row.dialogue.encodedText.contains("4111"))
        #expect(try await fixture.say("yes", in: id) == ["Blocked."])
    }
}
