// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

/// What conversations tell other systems, and how it is signed.
@Suite(.timeLimit(.minutes(1)))
struct WebhookEventTests {
    // The example of the Standard Webhooks specification.
    @Test func `a signature is what other libraries make of the same`() {
        let body = Array(#"{"test": 2432232314}"#.utf8)
        let secret = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        let header = WebhookSignature.header(
            "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body, secrets: [secret])
        #expect(header == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func `while a secret is being changed there are two signatures, the newer one first`() {
        let (new, old) = (
            Secret(String(repeating: "n", count: 32)), Secret(String(repeating: "o", count: 32))
        )
        let both = WebhookSignature.header("evt_1", "1", [], secrets: [new, old])
        let each = [new, old].map { WebhookSignature.header("evt_1", "1", [], secrets: [$0]) }
        #expect(both == each.joined(separator: " "))
        #expect(each[0] != each[1])
    }

    private static let until = Timestamp(milliseconds: 1000)
    private static let changes: [(HandoffState, HandoffState, WebhookEvent.Kind?)] = [
        (.assistant, .waiting(queue: "desk", until: until), .handoffRequested),
        (.waiting(queue: "desk", until: until), .waiting(queue: "on_call", until: until), .handoffRequested),
        (.waiting(queue: "desk", until: until), .waiting(queue: "desk", until: until + .seconds(1)), nil),
        (.waiting(queue: "desk", until: until), .human(queue: "desk", staff: "d1"), .handoffClaimed),
        (.human(queue: "desk", staff: "d1"), .human(queue: "desk", staff: "d1"), nil),
        (.human(queue: "desk", staff: "d1"), .human(queue: "desk", staff: "d2"), .handoffClaimed),
        (.human(queue: "desk", staff: "d1"), .waiting(queue: "desk", until: until), .handoffRequested),
        (.human(queue: "desk", staff: "d1"), .assistant, .handoffEnded),
        (.waiting(queue: "desk", until: until), .assistant, .handoffEnded),
        (.human(queue: "desk", staff: "d1"), .closed, .conversationClosed),
        (.closed, .assistant, nil), (.assistant, .assistant, nil),
    ]

    @Test(arguments: changes)
    func `a change of who answers is told as what it is`(
        _ before: HandoffState, _ after: HandoffState, _ kind: WebhookEvent.Kind?
    ) {
        let record = ConversationRecord(
            id: "c1", assistant: "patient", epoch: "e1", user: "p1", role: "PATIENT", channel: "main",
            createdAt: Self.until)
        #expect(WebhookEvent(from: before, to: after, in: record, at: Self.until)?.kind == kind)
    }

    @Test func `a conversation tells its way from an emergency to its end, and nothing that was said`()
        async throws
    {
        let receiver = try FakeBackend(200, "{}")
        let webhook = Webhook(
            name: "office", url: receiver.url, keys: [Secret(String(repeating: "k", count: 32))],
            events: Set(WebhookEvent.Kind.allCases))
        let fixture = ServiceFixture(tellsOthers: true) { assistant, parts in
            assistant.webhooks = [webhook]
            assistant.human.backWhenClosed = false
            parts.server.roles["DOCTOR"] = Role(
                name: "DOCTOR", requiresSafety: false, isStaff: true, isOperator: false)
        }
        let id = try await fixture.begin()
        _ = try await fixture.say("I have chest pain PHI-CANARY", in: id)
        _ = try await fixture.service.claim(id, by: fixture.doctor())
        _ = try await fixture.service.close(id, by: fixture.doctor())
        await fixture.service.settings.webhooks?.finish(within: .seconds(5))
        let bodies = receiver.calls.compactMap(\.body)
        #expect(
            bodies.compactMap { $0["type"]?.text }.sorted() == [
                "conversation_closed", "emergency", "handoff_claimed", "handoff_requested",
            ])
        let claimed = try #require(bodies.first { $0["type"] == "handoff_claimed" })
        #expect(
            claimed["data"] == [
                "conversation": .string(id), "assistant": "patient", "channel": "native", "user": "p1",
                "queue": "on_call", "staff": "d1",
            ])
        #expect(bodies.first { $0["type"] == "emergency" }?["data"]?["family"] == "cardiac")
        #expect(!bodies.contains { $0.encodedText.contains("PHI-CANARY") })
    }
}
