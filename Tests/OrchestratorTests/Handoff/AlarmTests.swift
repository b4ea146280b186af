// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1))) struct AlarmTests {
    private func alarm(_ fixture: ServiceFixture) async throws -> String {
        let id = try await fixture.begin()
        _ = try await fixture.say("I have chest pain", in: id)
        await fixture.alerts.recorder.wait { $0.contains { $0.line == "alert DOCTOR all" } }
        // Kept just after it was told.
        await fixture.service.alarms.waitUntilKept(id)
        return id
    }

    private func alerts(_ fixture: ServiceFixture) -> Int {
        fixture.alerts.recorder.lines.count { $0 == "alert DOCTOR all" }
    }

    @Test func `an emergency is told again until somebody claims it`() async throws {
        let fixture = ServiceFixture.staffed()
        let id = try await alarm(fixture)
        for expected in 2...3 {
            fixture.clock.advance(by: Alarms.pause)
            fixture.service.alarms.tellDue(fixture.alerts)
            #expect(alerts(fixture) == expected)
        }
        _ = try await fixture.service.claim(id, by: fixture.doctor())
        fixture.clock.advance(by: Alarms.pause)
        fixture.service.alarms.tellDue(fixture.alerts)
        #expect(alerts(fixture) == 3)
    }

    @Test func `an emergency is told again until somebody says that they see to it`() async throws {
        let fixture = ServiceFixture.staffed()
        let id = try await alarm(fixture)
        let patient = StaffMember(fixture.patient, channel: "main")
        await #expect(throws: ConversationService.noConversation) {
            try await fixture.service.acknowledge(id, by: patient)
        }
        #expect(try await fixture.service.acknowledge(id, by: fixture.doctor()))
        #expect(try await fixture.service.acknowledge(id, by: fixture.doctor()) == false)
        fixture.clock.advance(by: Alarms.pause)
        fixture.service.alarms.tellDue(fixture.alerts)
        #expect(alerts(fixture) == 1)
    }

    @Test func `an alarm that nobody sees to ends`() async throws {
        let fixture = ServiceFixture.staffed()
        _ = try await alarm(fixture)
        for _ in 0..<30 {
            fixture.clock.advance(by: Alarms.pause)
            fixture.service.alarms.tellDue(fixture.alerts)
        }
        // Once, and every 30 seconds for ten minutes.
        #expect(alerts(fixture) == 21)
    }

    @Test func `staff are told what waits, with its summary, and who has taken it`() async throws {
        let fixture = ServiceFixture.staffed()
        let id = try await fixture.beginWaiting()
        await fixture.alerts.recorder.wait { $0.contains { $0.line == "queue desk waiting" } }
        _ = try await fixture.service.claim(id, by: fixture.doctor())
        await fixture.alerts.recorder.wait { $0.contains { $0.line == "queue desk claimed d1" } }
        let notices = fixture.alerts.recorder.events.compactMap { event -> QueueNotice? in
            if case .queue(let notice) = event { notice } else { nil }
        }
        #expect(
            notices.first?.summary?.hasPrefix("Pat (PATIENT), patient on native\nwhy: intent human") == true)
        #expect(notices.first?.channels == ["dashboard"])
        #expect(notices.first?.roles == ["DOCTOR"])
    }

    @Test func `typing is told seldom, and ends by itself`() async throws {
        let fixture = ServiceFixture.staffed()
        let id = try await fixture.begin()
        let watcher = EventRecorder()
        _ = try await fixture.service.attach(watcher, to: id, caller: fixture.patient)
        for _ in 0..<5 { try await fixture.service.typing(true, in: id, caller: fixture.patient) }
        #expect(watcher.lines == ["typing p1 true"])
        fixture.clock.advance(by: .seconds(3))
        try await fixture.service.typing(true, in: id, caller: fixture.patient)
        #expect(watcher.lines == ["typing p1 true", "typing p1 true"])
        await fixture.delay.waitForSleepers(1)
        fixture.clock.advance(by: .seconds(10))
        fixture.delay.advance(by: .seconds(10))
        await watcher.wait { $0.last?.line == "typing p1 false" }
    }

    @Test func `whoever writes, or leaves, types no more`() async throws {
        let fixture = ServiceFixture.staffed()
        let id = try await fixture.begin()
        let (one, two) = (EventRecorder(), EventRecorder())
        _ = try await fixture.service.attach(one, to: id, caller: fixture.patient)
        _ = try await fixture.service.attach(two, to: id, caller: fixture.patient)
        try await fixture.service.typing(true, in: id, caller: fixture.patient)
        _ = try await fixture.say("hello", in: id)
        #expect(one.lines.prefix(3) == ["typing p1 true", "typing p1 false", "message 1 user hello"])
        try await fixture.service.typing(true, in: id, caller: fixture.patient)
        fixture.service.detach(two, from: id)
        #expect(one.lines.suffix(2) == ["typing p1 true", "typing p1 false"])
    }

    @Test func `read marks are kept and told`() async throws {
        let fixture = ServiceFixture.staffed()
        let id = try await fixture.beginWaiting()
        _ = try await fixture.service.claim(id, by: fixture.doctor())
        let watcher = EventRecorder()
        _ = try await fixture.service.attach(watcher, to: id, caller: fixture.patient)
        try await fixture.service.read(99, in: id, caller: fixture.doctor().caller)
        #expect(watcher.lines == ["read d1 2"])
        let read = try await fixture.store.messages(in: id, after: 0, limit: 9).map { $0.readAt != nil }
        #expect(read == [true, true])
    }
}

extension Alarms {
    /// Returns once the alarm of a conversation is kept.
    fileprivate func waitUntilKept(_ conversation: String) async {
        while !isKept(conversation) { await Task.yield() }
    }
}
