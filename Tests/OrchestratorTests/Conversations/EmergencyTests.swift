// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1))) struct EmergencyTests {
    @Test(arguments: StoreKind.allCases)
    func `an emergency is answered at once while every provider hangs`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let hanging = ScriptedProvider("slow", .hangs(after: ["Let me see. "]))
            let fixture = ServiceFixture(store: store, providers: [hanging])
            let id = try await fixture.begin()
            let watcher = EventRecorder()
            _ = try await fixture.service.attach(watcher, to: id, caller: fixture.patient)
            let running = Task { try await fixture.say("explain my results", in: id) }
            await hanging.waitForRequests(1)
            let waiting = Task.immediate { try await fixture.say("hello", in: id) }
            #expect(
                try await fixture.say("I have chest pain", in: id, clientMessageID: "e1") == ["Call 911 now."]
            )
            #expect(try await running.value == ["Let me see. "])
            #expect(try await waiting.value == ["Hello!"])
            await fixture.service.drain(within: .seconds(1))
            #expect(
                try await fixture.stored(id) == [
                    "1 user explain my results", "2 user I have chest pain", "3 assistant Call 911 now.",
                    "4 assistant Let me see.  (partial)", "5 user hello", "6 assistant Hello!",
                ])
            #expect(
                watcher.lines == [
                    "message 1 user explain my results", "start", "token Let me see. ",
                    "message 2 user I have chest pain",
                    "message 3 assistant Call 911 now.", "state waiting on_call", "end",
                    "message 4 assistant Let me see.  (partial)", "message 5 user hello",
                    "message 6 assistant Hello!",
                ])
        }
    }

    @Test func `an emergency does not wait for the disk, and is stored when it takes writes again`()
        async throws
    {
        let base = MemoryStore()
        let gated = GatedStore(base)
        let fixture = ServiceFixture(store: base, conversations: gated)
        let id = try await fixture.begin()
        gated.set(.closed)
        #expect(try await fixture.say("I have chest pain", in: id) == ["Call 911 now."])
        await gated.waitForCommits(1)
        #expect(try await fixture.stored(id) == [])
        gated.set(.failing(.full))
        #expect(try await fixture.say("chest pain!", in: id, clientMessageID: "e2") == ["Call 911 now."])
        gated.set(.open)
        #expect(try await fixture.say("hello", in: id) == ["Hello!"])
        #expect(
            try await fixture.stored(id) == [
                "1 user I have chest pain", "2 assistant Call 911 now.", "3 user chest pain!",
                "4 assistant Call 911 now.", "5 user hello", "6 assistant Hello!",
            ])
    }

    @Test func `the same emergency sent again gets the same answer`() async throws {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        let first = try await fixture.service.submit(
            "I have chest pain", to: id, caller: fixture.patient, clientMessageID: "e1")
        let again = try await fixture.service.submit(
            "I have chest pain", to: id, caller: fixture.patient, clientMessageID: "e1")
        #expect(again == first)
        await fixture.service.drain(within: .seconds(1))
        #expect(try await fixture.stored(id).count == 2)
    }

    @Test func `an emergency repeated after a restart gets the same answer and is stored once`() async throws
    {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        let first = try await fixture.service.submit(
            "I have chest pain", to: id, caller: fixture.patient, clientMessageID: "e1")
        await fixture.service.drain(within: .seconds(1))
        let restarted = ServiceFixture(store: fixture.store)
        let again = try await restarted.service.submit(
            "I have chest pain", to: id, caller: fixture.patient, clientMessageID: "e1")
        #expect(again == first)
        #expect(try await restarted.say("hello", in: id, clientMessageID: "c2") == ["Hello!"])
        #expect(try await restarted.stored(id).count == 4)
    }

    @Test func `an emergency is answered however many messages wait`() async throws {
        let hanging = ScriptedProvider("slow", .hangs(after: []))
        let fixture = ServiceFixture(providers: [hanging])
        let id = try await fixture.begin()
        let running = Task { try await fixture.say("explain my results", in: id) }
        await hanging.waitForRequests(1)
        let waiting = (0..<Mailbox.maxWaiting).map { _ in
            Task.immediate { try await fixture.say("hello", in: id) }
        }
        await #expect(throws: ServiceError.self) { try await fixture.say("hello", in: id) }
        #expect(
            try await fixture.say("I have chest pain", in: id, clientMessageID: "e1") == ["Call 911 now."])
        _ = try await running.value
        for one in waiting { #expect(try await one.value == ["Hello!"]) }
    }

    @Test func `an emergency tells staff, calls the queue and leaves an audit row`() async throws {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        let answer = try await fixture.service.submit("I have chest pain", to: id, caller: fixture.patient)
        #expect(answer.message.safety == ["level": "emergency", "family": "cardiac"])
        #expect(answer.replies.first?.safety == ["level": "emergency", "family": "cardiac"])
        await fixture.alerts.recorder.wait { $0.count == 2 }
        // The queue hears of it when it is stored, the doctors at once: either may be first.
        #expect(fixture.alerts.recorder.lines.sorted() == ["alert DOCTOR all", "queue on_call waiting"])
        await fixture.service.drain(within: .seconds(1))
        #expect(try await fixture.store.waiting(in: ["on_call"], limit: 9).map(\.id) == [id])
        let audit = try await fixture.store.latestAudit(limit: 9)
        #expect(audit.map(\.action) == ["emergency"])
        #expect(audit.map(\.subject) == [id])
    }

    @Test func `what is only possibly dangerous waits its turn and gets the family's sentence`() async throws
    {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        #expect(try await fixture.say("I feel faint", in: id) == ["Is this an emergency? Call 911."])
        #expect(try await fixture.stored(id).count == 2)
    }

    @Test func `staff who have the conversation do not keep an emergency from its answer`() async throws {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        var row = try #require(try await fixture.store.conversation(id))
        row.state = .human
        row.staff = "d1"
        try await fixture.store.commit(TurnWrite(conversation: row, messages: []))
        #expect(try await fixture.say("I have chest pain", in: id) == ["Call 911 now."])
        #expect(try await fixture.service.conversation(id, caller: fixture.patient).state == .human)
    }

    @Test(arguments: StoreKind.allCases)
    func `who is told of an emergency that waits finds it in the queue, with what was said`(_ kind: StoreKind)
        async throws
    {
        try await kind.withStore { store in
            let fixture = ServiceFixture(store: store)
            let id = try await fixture.begin()
            _ = try await fixture.say("I have chest pain", in: id)
            await fixture.alerts.recorder.wait { $0.contains { $0.line == "queue on_call waiting" } }
            #expect(try await fixture.service.waiting(in: "on_call", limit: 10).map(\.id) == [id])
            #expect(try await fixture.stored(id).first == "1 user I have chest pain")
        }
    }

}
