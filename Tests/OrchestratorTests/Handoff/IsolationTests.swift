// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing
import WireProtocols

@testable import Orchestrator

/// Nothing of a conversation reaches anyone who has no right to it.
@Suite(.timeLimit(.minutes(1))) struct IsolationTests {
    @Test func `a dashboard sees what was begun on its channel and nothing else`() async throws {
        let fixture = ServiceFixture.staffed()
        let dashboard = EventRecorder()
        fixture.service.watch("dashboard", dashboard)
        let elsewhere = try await fixture.beginWaiting()
        #expect(dashboard.lines == [])
        let here = try await fixture.service.begin(
            assistant: "patient", caller: fixture.patient, channel: "dashboard",
            alias: ConversationAlias(channel: "dashboard", externalID: "session_1"))
        _ = try await fixture.say("hello", in: here.id)
        #expect(dashboard.lines == ["message 1 user hello", "message 2 assistant Hello!"])
        _ = elsewhere
        fixture.service.unwatch("dashboard", dashboard)
        _ = try await fixture.say("hello", in: here.id)
        #expect(dashboard.lines.count == 2)
    }

    @Test func `a transcript opens with the claim and shuts with the release`() async throws {
        let fixture = ServiceFixture.staffed()
        let id = try await fixture.beginWaiting()
        let dashboard = EventRecorder()
        fixture.service.watch("dashboard", dashboard)
        let admin = StaffMember(
            Caller(user: "admin-1", role: "anonymous", staffOf: "dashboard"), channel: "dashboard")
        _ = try await fixture.say("hello", in: id)
        #expect(dashboard.lines == [])
        _ = try await fixture.service.claim(id, by: admin)
        _ = try await fixture.service.submit("are you there?", to: id, caller: fixture.patient)
        try await fixture.service.release(id, by: admin)
        _ = try await fixture.say("hello", in: id)
        #expect(
            dashboard.lines == [
                "state human desk admin-1", "message 5 user are you there?",
                "state waiting desk",
            ])
    }

    @Test func `a socket that stays attached hears no more once its owner has given the conversation up`()
        async throws
    {
        let fixture = ServiceFixture.staffed()
        let id = try await fixture.beginWaiting()
        let doctor = fixture.doctor()
        let socket = EventRecorder()
        _ = try await fixture.service.claim(id, by: doctor)
        _ = try await fixture.service.attach(socket, to: id, caller: doctor.caller)
        try await fixture.service.release(id, by: doctor)
        let before = socket.lines
        #expect(before.last == "state waiting desk")
        _ = try await fixture.say("my secret", in: id)
        #expect(socket.lines == before)
        await #expect(throws: ServiceError.self) {
            try await fixture.service.submit("hello", to: id, caller: doctor.caller)
        }
        await #expect(throws: ConversationService.noConversation) {
            try await fixture.service.messages(in: id, caller: doctor.caller, after: 0, limit: 9)
        }
    }

    @Test func `a room is for its members alone`() async throws {
        let fixture = ServiceFixture.staffed()
        let doctor = Caller(user: "d1", role: "DOCTOR")
        let room = try await fixture.service.begin(
            assistant: ConversationService.relay, caller: doctor, channel: "clinic",
            alias: ConversationAlias(channel: "clinic", externalID: "chat_d1_p1"), participants: ["p1"])
        let watcher = EventRecorder()
        _ = try await fixture.service.attach(watcher, to: room.id, caller: fixture.patient)
        _ = try await fixture.service.submit("how are you?", to: room.id, caller: doctor)
        _ = try await fixture.service.submit("better", to: room.id, caller: fixture.patient)
        #expect(watcher.lines == ["message 1 user how are you?", "message 2 user better"])
        let authors = try await fixture.store.messages(in: room.id, after: 0, limit: 9).map(\.authorID)
        #expect(authors == ["d1", "p1"])
        for stranger in [Caller(user: "d2", role: "DOCTOR"), Caller(user: "p2", role: "PATIENT")] {
            await #expect(throws: ConversationService.noConversation) {
                try await fixture.service.submit("hi", to: room.id, caller: stranger)
            }
            await #expect(throws: ConversationService.noConversation) {
                try await fixture.service.attach(EventRecorder(), to: room.id, caller: stranger)
            }
        }
    }

    @Test func `while a person helps, an emergency is told to its author alone, and to those who must know`()
        async throws
    {
        let fixture = ServiceFixture.staffed()
        let id = try await fixture.beginWaiting()
        let doctor = fixture.doctor()
        _ = try await fixture.service.claim(id, by: doctor)
        let (own, staff) = (EventRecorder(), EventRecorder())
        _ = try await fixture.service.attach(own, to: id, caller: fixture.patient)
        _ = try await fixture.service.attach(staff, to: id, caller: doctor.caller)
        _ = try await fixture.say("I have chest pain", in: id)
        #expect(own.lines == ["message 3 user I have chest pain", "message 4 assistant Call 911 now."])
        #expect(staff.lines == ["message 3 user I have chest pain"])
        await fixture.alerts.recorder.wait { $0.contains { $0.line == "alert DOCTOR all" } }
    }

    @Test func `people who write to each other are watched over in silence`() async throws {
        let fixture = ServiceFixture.staffed()
        let room = try await fixture.service.begin(
            assistant: ConversationService.relay, caller: fixture.patient, channel: "clinic")
        let answer = try await fixture.service.submit("chest pain", to: room.id, caller: fixture.patient)
        #expect(answer.replies == [])
        await fixture.alerts.recorder.wait { $0.contains { $0.line == "alert DOCTOR all" } }
        #expect(try await fixture.store.latestAudit(limit: 9).map(\.action) == ["emergency"])
    }

    @Test func `notes are for staff and only while they have the conversation`() async throws {
        let fixture = ServiceFixture.staffed()
        let id = try await fixture.beginWaiting()
        let doctor = fixture.doctor()
        await #expect(throws: ConversationService.noConversation) {
            try await fixture.service.addNote("worried", to: id, by: doctor)
        }
        _ = try await fixture.service.claim(id, by: doctor)
        _ = try await fixture.service.addNote("worried", to: id, by: doctor)
        #expect(try await fixture.service.notes(of: id, for: doctor).map(\.text) == ["worried"])
        #expect(try await fixture.stored(id).count == 2)
        let owner = StaffMember(fixture.patient, channel: "main")
        await #expect(throws: ConversationService.noConversation) {
            try await fixture.service.notes(of: id, for: owner)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `search finds what one has, and not what others have`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let fixture = ServiceFixture.staffed(store: store)
            let id = try await fixture.beginWaiting()
            _ = try await fixture.service.claim(id, by: fixture.doctor())
            let find: (String, String) async throws -> [String] = { text, user in
                try await fixture.service.search(
                    text, caller: Caller(user: user, role: "DOCTOR"), limit: 9
                ).map(\.line)
            }
            #expect(try await find("A HUMAN", "d1") == ["1 user I want a human"])
            #expect(try await find("a human", "d2") == [])
            #expect(try await find("a human", "p1") == ["1 user I want a human"])
            #expect(try await find("%", "d1") == [])
            #expect(try await find("_", "d1") == [])
        }
    }
}
