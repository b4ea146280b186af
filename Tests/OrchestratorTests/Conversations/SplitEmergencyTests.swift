// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing

@testable import Orchestrator

/// A dangerous statement in two messages: "I have chest" - "pain".
@Suite(.timeLimit(.minutes(1))) struct SplitEmergencyTests {
    @Test func `the second half is answered as the emergency`() async throws {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        #expect(try await fixture.say("I have chest", in: id) != ["Call 911 now."])
        #expect(try await fixture.say("pain since an hour", in: id) == ["Call 911 now."])
    }

    @Test func `it is answered while a provider hangs and the first half still waits`() async throws {
        let hanging = ScriptedProvider("slow", .hangs(after: []))
        let fixture = ServiceFixture(providers: [hanging])
        let id = try await fixture.begin()
        let watcher = EventRecorder()
        _ = try await fixture.service.attach(watcher, to: id, caller: fixture.patient)
        let running = Task { try await fixture.say("explain my results", in: id) }
        await hanging.waitForRequests(1)
        let waiting = Task.immediate { try await fixture.say("hello, I have chest", in: id) }
        #expect(try await fixture.say("pain, please", in: id) == ["Call 911 now."])
        _ = try await running.value
        _ = try await waiting.value
    }

    @Test func `a first message that is an emergency is answered while a provider hangs elsewhere`()
        async throws
    {
        let hanging = ScriptedProvider("slow", .hangs(after: []))
        let fixture = ServiceFixture(providers: [hanging])
        let other = try await fixture.begin()
        let running = Task { try await fixture.say("explain my results", in: other) }
        await hanging.waitForRequests(1)
        let id = try await fixture.begin()
        #expect(try await fixture.say("I have chest pain", in: id) == ["Call 911 now."])
        try await fixture.service.stop(other, caller: fixture.patient)
        _ = try await running.value
    }

    @Test func `one that is taken back is none`() async throws {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        _ = try await fixture.say("I have chest", in: id)
        #expect(try await fixture.say("sorry, pain is what I sell", in: id) != ["Call 911 now."])
    }

    @Test func `two messages minutes apart are two statements`() async throws {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        _ = try await fixture.say("I have chest", in: id)
        fixture.clock.advance(by: .seconds(121))
        #expect(try await fixture.say("pain since an hour", in: id) != ["Call 911 now."])
    }

    @Test func `the first half is still known after a restart`() async throws {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        _ = try await fixture.say("I have chest", in: id)
        await fixture.service.drain(within: .seconds(1))
        let restarted = ServiceFixture(store: fixture.store)
        #expect(try await restarted.say("pain since an hour", in: id) == ["Call 911 now."])
    }

    @Test func `a language that is not listed gets the number`() async throws {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        #expect(
            try await fixture.say("me duele mucho el pecho y no puedo respirar", in: id) == [
                "Sorry, I cannot read this language. If this is an emergency, call your local emergency number now. "
                    + "Otherwise please tell me more."
            ])
        #expect(try await fixture.say("hello", in: id) == ["Hello!"])
    }
}
