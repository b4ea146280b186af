// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing
import WireProtocols

@testable import Orchestrator

extension ServiceFixture {
    /// A clinic whose staff answer, with channels that serve its queues.
    static func staffed(
        store: any ConversationStore & RecordStore = MemoryStore(),
        human: HumanRule = HumanRule(), change: (inout Snapshot.Parts) -> Void = { _ in }
    ) -> ServiceFixture {
        ServiceFixture(store: store) { assistant, parts in
            assistant.human = human
            for role in ["DOCTOR", "ADMIN"] {
                parts.server.roles[role] = Role(
                    name: role, requiresSafety: false, isStaff: true, isOperator: role == "ADMIN")
            }
            parts.server.roles["PATIENT"] = Role(
                name: "PATIENT", requiresSafety: true, isStaff: false, isOperator: false)
            for (name, queue) in [("clinic", "on_call"), ("dashboard", "desk")] {
                var channel = ChannelSettings(
                    name: name, type: "native", address: ListenAddress(host: "127.0.0.1", port: 0))
                channel.serves = [queue]
                parts.server.channels[name] = channel
            }
            change(&parts)
        }
    }

    func doctor(_ user: String = "d1", on channel: String = NativeChannel.mainName) -> StaffMember {
        StaffMember(Caller(user: user, role: "DOCTOR", name: "Dr. \(user)"), channel: channel)
    }

    /// A conversation that waits in the desk's queue.
    func beginWaiting() async throws -> String {
        let id = try await begin()
        _ = try await say("I want a human", in: id)
        return id
    }
}

@Suite(.timeLimit(.minutes(1))) struct ClaimTests {
    @Test(arguments: StoreKind.allCases)
    func `of any number who claim at once, exactly one has the conversation`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let fixture = ServiceFixture.staffed(store: store)
            let id = try await fixture.beginWaiting()
            let winners = await withTaskGroup(of: String?.self) { group in
                for number in 0..<32 {
                    group.addTask {
                        let staff = fixture.doctor("d\(number)")
                        do throws(ServiceError) {
                            return try await fixture.service.claim(id, by: staff).isNew
                                ? staff.caller.user : nil
                        } catch {
                            #expect(error.kind == .alreadyClaimed)
                            return nil
                        }
                    }
                }
                return await group.reduce(into: [String]()) { list, one in
                    if let one { list.append(one) }
                }
            }
            #expect(winners.count == 1)
            let record = try #require(try await store.conversation(id))
            #expect(record.state == .human)
            #expect(record.staff == winners.first)
            #expect(record.queue == "desk")
        }
    }

    @Test func `the first words of staff are the claim, and the assistant is silent from then on`()
        async throws
    {
        let fixture = ServiceFixture.staffed()
        let id = try await fixture.beginWaiting()
        let watcher = EventRecorder()
        _ = try await fixture.service.attach(watcher, to: id, caller: fixture.patient)
        _ = try await fixture.service.reply(ChannelMessage("Hello Pat"), to: id, by: fixture.doctor())
        let answer = try await fixture.service.submit("hello", to: id, caller: fixture.patient)
        #expect(answer.replies == [])
        #expect(answer.withStaff?.type == "clarification")
        #expect(
            watcher.lines == ["state human desk d1", "message 3 staff Hello Pat", "message 4 user hello"])
    }

    @Test func `a summary says who, why and what was said`() async throws {
        let fixture = ServiceFixture.staffed()
        let id = try await fixture.beginWaiting()
        let claim = try await fixture.service.claim(id, by: fixture.doctor())
        #expect(
            claim.summary.text == """
                Pat (PATIENT), patient on native
                why: intent human
                person: I want a human
                assistant: I am getting a person to help you. Please stay here.
                """)
    }

    @Test func `whoever may not answer a queue does not learn that a conversation exists`() async throws {
        let fixture = ServiceFixture.staffed()
        let id = try await fixture.beginWaiting()
        let others = [
            StaffMember(fixture.patient, channel: "main"),
            StaffMember(Caller(user: "n1", role: "NURSE"), channel: "main"),
            // The clinic serves another queue.
            fixture.doctor(on: "clinic"),
            StaffMember(Caller(user: "x", role: "anonymous", staffOf: "clinic"), channel: "clinic"),
        ]
        for staff in others {
            await #expect(throws: ConversationService.noConversation) {
                try await fixture.service.claim(id, by: staff)
            }
            await #expect(throws: ConversationService.noConversation) {
                try await fixture.service.summary(of: id, for: staff)
            }
        }
        let vouched = StaffMember(
            Caller(user: "admin-1", role: "anonymous", staffOf: "dashboard"), channel: "dashboard")
        #expect(try await fixture.service.claim(id, by: vouched).isNew)
    }

    @Test func `released it waits again, and passed on it waits elsewhere`() async throws {
        let fixture = ServiceFixture.staffed()
        let id = try await fixture.beginWaiting()
        let doctor = fixture.doctor()
        _ = try await fixture.service.claim(id, by: doctor)
        #expect(try await fixture.service.release(id, by: doctor).state == .waiting)
        let error1 = await #expect(throws: ServiceError.self) {
            try await fixture.service.release(id, by: doctor)
        }
        #expect(error1?.kind == .notClaimed)
        _ = try await fixture.service.claim(id, by: doctor)
        let error2 = await #expect(throws: ServiceError.self) {
            try await fixture.service.transfer(id, by: doctor, to: "nowhere")
        }
        #expect(error2?.kind == .unknownQueue)
        let moved = try await fixture.service.transfer(id, by: doctor, to: "on_call")
        #expect(moved.queue == "on_call")
        #expect(moved.state == .waiting)
        #expect(try await fixture.service.claim(id, by: fixture.doctor("d2", on: "clinic")).isNew)
        let error3 = await #expect(throws: ServiceError.self) {
            try await fixture.service.close(id, by: doctor)
        }
        #expect(error3?.kind == .alreadyClaimed)
    }

    @Test func `closed, the assistant has it again and says so`() async throws {
        var rule = HumanRule()
        rule.say = ServiceFixture.text("I am back.")
        let fixture = ServiceFixture.staffed(human: rule)
        let id = try await fixture.beginWaiting()
        _ = try await fixture.service.claim(id, by: fixture.doctor())
        #expect(try await fixture.service.close(id, by: fixture.doctor()).state == .assistant)
        #expect(try await fixture.stored(id).last == "3 assistant I am back.")
        #expect(try await fixture.say("hello", in: id) == ["Hello!"])
        let audit = try await fixture.store.latestAudit(limit: 9).map { "\($0.action) \($0.actor)" }
        #expect(audit == ["handoff-claim d1", "handoff-close d1"])
    }

    @Test func `without a word for it a closed conversation stays closed until the person writes`()
        async throws
    {
        var rule = HumanRule()
        rule.backWhenClosed = false
        let fixture = ServiceFixture.staffed(human: rule)
        let id = try await fixture.beginWaiting()
        _ = try await fixture.service.claim(id, by: fixture.doctor())
        #expect(try await fixture.service.close(id, by: fixture.doctor()).state == .closed)
        #expect(try await fixture.say("hello", in: id) == ["Hello!"])
        #expect(try await fixture.service.conversation(id, caller: fixture.patient).state == .assistant)
    }

    @Test(arguments: StoreKind.allCases)
    func `silence gives it back, also over a restart`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var rule = HumanRule()
            rule.backWhenIdle = .seconds(900)
            rule.say = ServiceFixture.text("I am back.")
            let fixture = ServiceFixture.staffed(store: store, human: rule)
            let id = try await fixture.beginWaiting()
            _ = try await fixture.service.claim(id, by: fixture.doctor())
            fixture.clock.advance(by: .seconds(600))
            _ = try await fixture.service.submit("still there?", to: id, caller: fixture.patient)
            let restarted = ServiceFixture.staffed(store: store, human: rule)
            restarted.clock.advance(by: .seconds(1499))
            await restarted.service.rearm()
            await restarted.service.expireDue()
            #expect(try await restarted.service.conversation(id, caller: fixture.patient).state == .human)
            restarted.clock.advance(by: .seconds(1))
            await restarted.service.expireDue()
            #expect(try await restarted.stored(id).last == "4 assistant I am back.")
        }
    }

    @Test func `a person may ask for people by themselves`() async throws {
        let fixture = ServiceFixture.staffed()
        let id = try await fixture.begin()
        let record = try await fixture.service.requestHandoff(
            id, caller: fixture.patient, reason: "I would rather talk")
        #expect(record.state == .waiting)
        #expect(record.queue == "desk")
        let again = try await fixture.service.requestHandoff(id, caller: fixture.patient)
        #expect(again.queue == "desk")
        #expect(try await fixture.stored(id).count == 1)
        let claim = try await fixture.service.claim(id, by: fixture.doctor())
        #expect(claim.summary.reason == "asked: I would rather talk")
        let error4 = await #expect(throws: ServiceError.self) {
            try await fixture.service.requestHandoff(id, caller: fixture.patient, queue: "nowhere")
        }
        #expect(error4?.kind == .unknownQueue)
    }

    @Test func `staff may step in, and the running turn ends`() async throws {
        let fixture = ServiceFixture.staffed()
        let id = try await fixture.begin()
        #expect(try await fixture.service.claim(id, by: fixture.doctor()).isNew)
        #expect(try await fixture.service.claim(id, by: fixture.doctor()).isNew == false)
        #expect(try await fixture.service.release(id, by: fixture.doctor()).state == .assistant)
        await #expect(throws: ConversationService.noConversation) {
            try await fixture.service.claim(id, by: fixture.doctor(on: "clinic"))
        }
    }
}

extension ServiceError {
    /// Errors are told apart by their kind.
    fileprivate init(_ kind: Kind) {
        switch kind {
        case .alreadyClaimed: self.init(StaffRefusal.alreadyClaimed)
        case .notClaimed: self.init(StaffRefusal.notClaimed)
        case .queueClosed: self.init(StaffRefusal.queueClosed)
        default: self.init(StaffRefusal.unknownQueue)
        }
    }
}
