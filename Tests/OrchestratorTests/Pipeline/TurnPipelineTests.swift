// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1))) struct TurnPipelineTests {
    @Test func `otherwise answers by its first line that applies`() async throws {
        let provider = ScriptedProvider("ai", .says("A short answer."))
        let fixture = ServiceFixture(providers: [provider])
        let id = try await fixture.begin()
        #expect(try await fixture.say("qwertz uiop", in: id) == ["Please say that again."])
        #expect(try await fixture.say("yxcv bnm", in: id) == ["A short answer."])
        #expect(try await fixture.say("hello", in: id) == ["Hello!"])
        #expect(
            try await fixture.say("qwertz uiop", in: id) == ["Please say that again.", "I will get help."])
    }

    @Test func `a provider sees what was said before and the person's own words last`() async throws {
        let provider = ScriptedProvider("ai", .says("So so."))
        let fixture = ServiceFixture(providers: [provider]) { parts, _ in
            parts.persona = Template(literal: "You are careful.")
        }
        let id = try await fixture.begin()
        _ = try await fixture.say("hello", in: id)
        _ = try await fixture.say("explain my results", in: id)
        let request = try #require(provider.requests.first)
        #expect(request.utterance == "explain my results")
        #expect(request.history.map(\.text) == ["hello", "Hello!"])
        #expect(request.persona == "You are careful.")
    }

    @Test func `pieces go out under the id of the message that is stored`() async throws {
        let fixture = ServiceFixture(providers: [ScriptedProvider("ai", .streams(["All ", "well."]))])
        let id = try await fixture.begin()
        let progress = EventRecorder()
        let answer = try await fixture.service.submit(
            "explain my results", to: id, caller: fixture.patient, clientMessageID: "c1", progress: progress)
        #expect(
            progress.lines == [
                "accepted c1 1", "message 1 user explain my results", "start", "token All well.",
                "end",
                "message 2 assistant All well.",
            ])
        guard case .streamStart(let streamed)? = progress.events.first(where: { $0.line == "start" }) else {
            return #expect(Bool(false))
        }
        #expect(answer.replies.map(\.id) == [streamed])
    }

    @Test func `a route that ends in fail tells its cause to the channel`() async throws {
        let fixture = ServiceFixture(providers: [ScriptedProvider("ai", .fails(.overloaded))]) { _, whole in
            whole.routes["chat"]?.entries[1] = .fail(ServiceFixture.text("Try later."))
        }
        let id = try await fixture.begin()
        let answer = try await fixture.service.submit("explain my results", to: id, caller: fixture.patient)
        #expect(answer.failure == .overloaded)
        #expect(answer.replies.map(\.text) == ["Try later."])
    }

    @Test func `escalation adds its sentence and a handoff and counts only within its time`() async throws {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        #expect(try await fixture.say("qwertz uiop", in: id) == ["Please say that again."])
        fixture.clock.advance(by: .seconds(601))
        #expect(try await fixture.say("yxcv bnm", in: id) == ["I cannot answer that."])
        #expect(try await fixture.say("asdf jkl", in: id) == ["I cannot answer that.", "I will get help."])
        let row = try await fixture.service.conversation(id, caller: fixture.patient)
        #expect(row.state == .waiting)
        #expect(row.queue == "desk")
        // Waiting, the assistant goes on answering and does not call again.
        #expect(try await fixture.say("hello", in: id) == ["Hello!"])
        #expect(try await fixture.say("qwertz uiop", in: id) == ["Please say that again."])
        #expect(try await fixture.say("yxcv bnm", in: id) == ["I cannot answer that."])
    }

    @Test func `a turn keeps the snapshot it began with`() async throws {
        let hanging = ScriptedProvider("slow", .hangs(after: ["Old. "]))
        let fixture = ServiceFixture(providers: [hanging])
        let id = try await fixture.begin()
        let running = Task { try await fixture.say("explain my results", in: id) }
        await hanging.waitForRequests(1)
        let next = ServiceFixture.snapshot(providers: [], number: 2) { parts, _ in
            parts.intents["greet"]?.handler = .say(ServiceFixture.text("Good day!"))
        }
        let old = fixture.snapshots.current()
        fixture.snapshots.replace(with: next)
        await fixture.service.snapshotReplaced(old, by: next)
        try await fixture.service.stop(id, caller: fixture.patient)
        #expect(try await running.value == ["Old. "])
        #expect(try await fixture.say("hello", in: id) == ["Good day!"])
    }

    @Test func `an assistant that was taken away refuses politely`() async throws {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        fixture.snapshots.replace(with: Snapshot(Snapshot.Parts(), number: 2))
        let error = await #expect(throws: ServiceError.self) { try await fixture.say("hello", in: id) }
        #expect(error?.kind == .unknownAssistant)
    }
}
