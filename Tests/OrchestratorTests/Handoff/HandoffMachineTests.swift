// SPDX-License-Identifier: Apache-2.0

import Testing
import WireProtocols

@testable import Orchestrator

@Suite struct HandoffMachineTests {
    // Monday 9 March 2026, 10:00 UTC.
    let monday = Timestamp(milliseconds: 1_773_050_400_000)
    let sunday = Timestamp(milliseconds: 1_773_050_400_000 - 86_400_000)

    private func queue(
        _ name: String, hours: OpeningHours? = nil, otherwise: [Queue.Fallback] = [.end]
    ) -> Queue {
        Queue(name: name, roles: ["DOCTOR"], hours: hours, claimWithin: .seconds(30), otherwise: otherwise)
    }

    private func machine(_ queues: Queue...) -> HandoffMachine {
        HandoffMachine(queues: Dictionary(uniqueKeysWithValues: queues.map { ($0.name, $0) }))
    }

    private let workdays = OpeningHours(
        weekdays: [1, 2, 3, 4, 5], minutes: 480..<1080, timezone: "Europe/London")

    @Test func `an open queue is waited in until its deadline`() {
        let step = machine(queue("desk", hours: workdays)).request("desk", in: .assistant, at: monday)
        #expect(step.state == .waiting(queue: "desk", until: monday + .seconds(30)))
        #expect(step.isHandingOver)
        #expect(step.says.isEmpty)
    }

    @Test func `a closed queue says what it says and is not waited in`() {
        let closed = queue("desk", hours: workdays, otherwise: [.say(.named("leave_message")), .end])
        let step = machine(closed).request("desk", in: .assistant, at: sunday)
        #expect(step.state == .assistant)
        #expect(step.says == [.named("leave_message")])
        #expect(!step.isHandingOver)
    }

    @Test func `whoever waits goes on waiting when another queue is closed`() {
        let closed = queue("desk", hours: workdays, otherwise: [.say(.named("leave_message")), .end])
        let waiting = HandoffState.waiting(queue: "on_call", until: sunday + .seconds(5))
        let step = machine(closed, queue("on_call")).request("desk", in: waiting, at: sunday)
        #expect(step.state == waiting)
        #expect(step.says == [.named("leave_message")])
    }

    @Test func `a closed queue may pass on to one that is open`() {
        let first = queue(
            "desk", hours: workdays, otherwise: [.say(.named("closed")), .handoff(queue: "night")])
        let step = machine(first, queue("night")).request("desk", in: .assistant, at: sunday)
        #expect(step.state == .waiting(queue: "night", until: sunday + .seconds(30)))
        #expect(step.says == [.named("closed")])
        #expect(step.entered.map(\.queue) == ["desk", "night"])
    }

    @Test func `queues that name each other end with the assistant`() {
        let first = queue("a", hours: workdays, otherwise: [.handoff(queue: "b")])
        let second = queue("b", hours: workdays, otherwise: [.handoff(queue: "a")])
        #expect(machine(first, second).request("a", in: .assistant, at: sunday).state == .assistant)
    }

    @Test func `asking again for the queue one waits in changes nothing`() {
        let waiting = HandoffState.waiting(queue: "desk", until: monday + .seconds(5))
        let step = machine(queue("desk")).request("desk", in: waiting, at: monday)
        #expect(step.state == waiting)
        #expect(!step.isHandingOver)
    }

    @Test func `a person who has the conversation keeps it`() {
        let human = HandoffState.human(queue: "desk", staff: "d1")
        #expect(machine(queue("other")).request("other", in: human, at: monday).state == human)
    }

    @Test func `waiting ends at its deadline and not before`() {
        let fallback = queue("call", otherwise: [.say(.named("call_now")), .handoff(queue: "desk")])
        let machine = machine(fallback, queue("desk"))
        let waiting = HandoffState.waiting(queue: "call", until: monday)
        #expect(machine.tick(waiting, at: monday - .milliseconds(1)).state == waiting)
        let step = machine.tick(waiting, at: monday)
        #expect(step.state == .waiting(queue: "desk", until: monday + .seconds(30)))
        #expect(step.says == [.named("call_now")])
    }

    @Test func `a queue that no longer exists gives the conversation back`() {
        #expect(machine().tick(.waiting(queue: "gone", until: monday), at: monday).state == .assistant)
        #expect(machine().request("gone", in: .assistant, at: monday).state == .assistant)
    }

    @Test func `a message reopens a closed conversation`() {
        #expect(machine().reopened(.closed) == .assistant)
        #expect(machine().reopened(.human(queue: nil, staff: "d")) == .human(queue: nil, staff: "d"))
    }
}

@Suite struct OpeningHoursTests {
    struct Case: CustomTestStringConvertible {
        let instant: String
        let isOpen: Bool
        var testDescription: String { instant }
    }

    @Test(arguments: [
        Case(instant: "2026-03-09T08:00:00Z", isOpen: true),
        Case(instant: "2026-03-09T07:59:59Z", isOpen: false),
        Case(instant: "2026-03-09T18:00:00Z", isOpen: false),
        Case(instant: "2026-03-08T12:00:00Z", isOpen: false),
        // Summer time: 07:00 UTC is 08:00 in London.
        Case(instant: "2026-07-06T07:00:00Z", isOpen: true),
        Case(instant: "1969-12-29T09:00:00+01:00", isOpen: true),
    ])
    func `opening hours are read on the zone's wall clock`(_ test: Case) throws {
        let hours = OpeningHours(weekdays: [1, 2, 3, 4, 5], minutes: 480..<1080, timezone: "Europe/London")
        let instant = try #require(Timestamp(iso8601: test.instant))
        #expect(hours.contains(instant) == test.isOpen)
    }
}
