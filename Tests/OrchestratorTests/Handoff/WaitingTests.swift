// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1))) struct WaitingTests {
    @Test(arguments: StoreKind.allCases)
    func `nobody claims, so the queue's otherwise follows at the deadline`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let fixture = ServiceFixture(store: store)
            let id = try await fixture.begin()
            let watcher = EventRecorder()
            _ = try await fixture.service.attach(watcher, to: id, caller: fixture.patient)
            _ = try await fixture.say("I want a human", in: id)
            fixture.clock.advance(by: .seconds(179))
            await fixture.service.expireDue()
            #expect(watcher.lines.count == 3)
            fixture.clock.advance(by: .seconds(1))
            await fixture.service.expireDue()
            #expect(
                Array(watcher.lines.dropFirst(3)) == [
                    "message 3 assistant Leave a message.", "state assistant",
                ])
        }
    }

    @Test func `a deadline survives a restart`() async throws {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        _ = try await fixture.say("I want a human", in: id)
        let restarted = ServiceFixture(store: fixture.store)
        restarted.clock.advance(by: .seconds(180))
        await restarted.service.rearm()
        await restarted.service.expireDue()
        #expect(try await restarted.service.conversation(id, caller: fixture.patient).state == .assistant)
        #expect(try await restarted.stored(id).last == "3 assistant Leave a message.")
    }

    @Test func `the loop expires a deadline that is set while it sleeps`() async throws {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        let watcher = EventRecorder()
        _ = try await fixture.service.attach(watcher, to: id, caller: fixture.patient)
        let loop = Task { await fixture.service.run() }
        _ = try await fixture.say("I want a human", in: id)
        await fixture.delay.waitForSleepers(1)
        fixture.clock.advance(by: .seconds(180))
        fixture.delay.advance(by: .seconds(180))
        await watcher.wait { $0.contains { $0.line == "state assistant" } }
        loop.cancel()
        await loop.value
    }

    @Test func `a queue passes on to the next, which has its own deadline`() async throws {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        _ = try await fixture.say("I have chest pain", in: id)
        fixture.clock.advance(by: .seconds(30))
        await fixture.service.expireDue()
        #expect(try await fixture.service.conversation(id, caller: fixture.patient).queue == "desk")
        fixture.clock.advance(by: .seconds(180))
        await fixture.service.expireDue()
        #expect(try await fixture.service.conversation(id, caller: fixture.patient).state == .assistant)
        #expect(
            try await fixture.stored(id).dropFirst(2) == [
                "3 assistant Nobody is free.",
                "4 assistant I am getting a person to help you. Please stay here.",
                "5 assistant Leave a message.",
            ])
    }

    @Test func `a deadline that cannot be stored is tried again`() async throws {
        let base = MemoryStore()
        let gated = GatedStore(base)
        let fixture = ServiceFixture(store: base, conversations: gated)
        let id = try await fixture.begin()
        _ = try await fixture.say("I want a human", in: id)
        fixture.clock.advance(by: .seconds(180))
        gated.set(.failing(.unavailable))
        await fixture.service.expireDue()
        #expect(try await fixture.service.conversation(id, caller: fixture.patient).state == .waiting)
        gated.set(.open)
        fixture.clock.advance(by: ConversationService.retryAfter)
        await fixture.service.expireDue()
        #expect(try await fixture.service.conversation(id, caller: fixture.patient).state == .assistant)
    }

    @Test func `staff see the conversations that wait in their queues`() async throws {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        _ = try await fixture.say("I want a human", in: id)
        let doctor = Caller(user: "d1", role: "DOCTOR")
        #expect(
            try await fixture.service.list(caller: doctor, limit: 10, cursor: nil).conversations.map(\.id)
                == [id])
        let nurse = Caller(user: "n1", role: "NURSE")
        #expect(try await fixture.service.list(caller: nurse, limit: 10, cursor: nil).conversations == [])
    }
}
