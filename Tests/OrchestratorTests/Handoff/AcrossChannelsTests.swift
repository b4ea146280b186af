// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing
import WireProtocols

@testable import Orchestrator

/// One conversation on its way over three channels.
@Suite(.timeLimit(.minutes(1))) struct AcrossChannelsTests {
    @Test(arguments: StoreKind.allCases)
    func `a conversation goes from one channel through a queue to staff on two others and back`(
        _ kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            var rule = HumanRule()
            rule.say = ServiceFixture.text("I am back.")
            let fixture = ServiceFixture.staffed(store: store, human: rule)
            let service = fixture.service
            let begun = try await service.begin(
                assistant: "patient", caller: fixture.patient, channel: "streaming-chat",
                alias: ConversationAlias(channel: "streaming-chat", user: "p1", externalID: "socket_1"))
            let person = EventRecorder()
            _ = try await service.attach(person, to: begun.id, caller: fixture.patient)

            // The person waits where the clinic's doctors look, and one of them takes over.
            _ = try await service.requestHandoff(begun.id, caller: fixture.patient, queue: "on_call")
            await fixture.alerts.recorder.wait { $0.contains { $0.line == "queue on_call waiting" } }
            let doctor = fixture.doctor(on: "clinic")
            let socket = EventRecorder()
            _ = try await service.claim(begun.id, by: doctor)
            _ = try await service.attach(socket, to: begun.id, caller: doctor.caller)
            _ = try await service.submit("It hurts", to: begun.id, caller: fixture.patient)
            _ = try await service.reply(ChannelMessage("Where?"), to: begun.id, by: doctor)
            #expect(socket.lines == ["message 2 user It hurts", "message 3 staff Where?"])

            // The doctor leaves; nobody else comes, so it waits where the dashboard's people look.
            try await service.release(begun.id, by: doctor)
            fixture.clock.advance(by: .seconds(30))
            await service.expireDue()
            #expect(try await service.conversation(begun.id, caller: fixture.patient).queue == "desk")
            let admin = StaffMember(
                Caller(user: "admin-1", role: "anonymous", staffOf: "dashboard"), channel: "dashboard")
            let dashboard = EventRecorder()
            service.watch("dashboard", dashboard)
            _ = try await service.reply(ChannelMessage("The desk here"), to: begun.id, by: admin)
            let name = ConversationAlias(channel: "dashboard", externalID: begun.id)
            try await service.bind(name, to: begun.id)
            #expect(try await service.aliased(AliasQuery(channel: "dashboard")).count == 1)
            #expect(dashboard.lines.first == "state human desk admin-1")

            // And back.
            try await service.close(begun.id, by: admin)
            #expect(try await fixture.say("hello", in: begun.id) == ["Hello!"])
            #expect(dashboard.lines.suffix(1) == ["state assistant"])
            #expect(socket.lines.last == "state waiting on_call")
            let said = try await fixture.stored(begun.id)
            #expect(said.count == 10)
            #expect(
                said.suffix(4) == [
                    "7 staff The desk here", "8 assistant I am back.", "9 user hello", "10 assistant Hello!",
                ])
            #expect(
                person.lines.filter { $0.hasPrefix("state") } == [
                    "state waiting on_call", "state human on_call d1", "state waiting on_call",
                    "state waiting desk", "state human desk admin-1", "state assistant",
                ])
        }
    }
}
