// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Synchronization
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

/// Deliveries to receivers that are real servers.
@Suite(.timeLimit(.minutes(1)))
struct WebhookSenderTests {
    private static let secret = Secret("a-webhook-secret-of-32-bytes-....")

    /// A sender with the webhooks of one assistant, and everything outside it in a test's hands.
    private struct Fixture {
        let clock = ManualClock("2026-03-09T10:00:00.000Z")
        let delay = ManualDelay()
        let metrics = Metrics()
        let log = LogRecorder()
        let snapshots: SnapshotStore
        let sender: WebhookSender

        init(_ webhooks: [Webhook]) {
            snapshots = SnapshotStore(Self.snapshot(webhooks))
            var settings = WebhookSettings(snapshots: snapshots, client: HTTPClient())
            (settings.clock, settings.delay) = (clock, delay)
            (settings.metrics, settings.log) = (metrics, log)
            settings.random = { 0.5 }
            sender = WebhookSender(settings)
        }

        static func snapshot(_ webhooks: [Webhook]) -> Snapshot {
            ServiceFixture.snapshot(providers: []) { assistant, _ in assistant.webhooks = webhooks }
        }

        func tell(_ conversation: String = "c1", _ kind: WebhookEvent.Kind = .emergency) {
            let record = ConversationRecord(
                id: conversation, assistant: "patient", epoch: "e1", user: "p1", role: "PATIENT",
                channel: "main", createdAt: clock.now())
            sender.tell(
                WebhookEvent(kind, in: record, at: clock.now(), ["family": "cardiac"]), snapshots.current())
        }

        func sent(_ webhook: String) -> [String: Int] {
            var counts: [String: Int] = [:]
            for series in metrics.webhooks.all where series.labelValues[0] == webhook {
                counts[series.labelValues[1]] = series.value
            }
            return counts
        }
    }

    private func webhook(_ name: String, _ receiver: FakeBackend) -> Webhook {
        Webhook(name: name, url: receiver.url, keys: [Self.secret], events: [.emergency])
    }

    private func conversations(_ receiver: FakeBackend) -> [String] {
        receiver.calls.compactMap { $0.body?["data"]?["conversation"]?.text }
    }

    @Test func `a delivery has ids only, and proves who sent it and when`() async throws {
        let receiver = try FakeBackend(204, "")
        let fixture = Fixture([webhook("office", receiver)])
        fixture.tell()
        fixture.tell("c2", .handoffClaimed)
        await fixture.sender.finish(within: .seconds(5))
        #expect(receiver.calls.count == 1)
        let call = try #require(receiver.calls.first)
        #expect(call.method == "POST")
        let body: JSON = [
            "type": "emergency", "timestamp": "2026-03-09T10:00:00.000Z",
            "data": [
                "conversation": "c1", "assistant": "patient", "channel": "main", "user": "p1",
                "family": "cardiac",
            ],
        ]
        #expect(call.body == body)
        #expect(call.headers["content-type"] == "application/json")
        let id = try #require(call.headers["webhook-id"])
        #expect(id.hasPrefix("evt_"))
        #expect(call.headers["webhook-timestamp"] == "1773050400")
        let signed = Array("\(id).1773050400.".utf8) + body.encoded()
        let signature = HMACSHA256.authenticate(signed, key: Array(Self.secret.revealed.utf8))
        #expect(call.headers["webhook-signature"] == "v1," + Base64.encode(signature))
        #expect(fixture.sent("office") == ["delivered": 1])
    }

    @Test func `what fails is tried again after growing pauses, with the same id and a new time`()
        async throws
    {
        let receiver = try FakeBackend { _, number in .backend(number < 2 ? 503 : 200, "{}") }
        let fixture = Fixture([webhook("office", receiver)])
        fixture.tell()
        for pause in [1, 2] {
            await fixture.delay.waitForSleepers(1)
            #expect(receiver.calls.count == pause)
            fixture.clock.advance(by: .seconds(pause))
            fixture.delay.advance(by: .seconds(pause))
        }
        await fixture.sender.finish(within: .seconds(5))
        #expect(Set(receiver.calls.compactMap { $0.headers["webhook-id"] }).count == 1)
        let times = receiver.calls.compactMap { $0.headers["webhook-timestamp"] }
        #expect(times == ["1773050400", "1773050401", "1773050403"])
        #expect(fixture.sent("office") == ["delivered": 1])
        #expect(fixture.log.entries.isEmpty)
    }

    @Test func `a receiver that asks for time is given it, up to five minutes`() async throws {
        let receiver = try FakeBackend { _, number in
            number == 0 ? .backend(429, "", headers: ["Retry-After": "900"]) : .backend(200, "{}")
        }
        let fixture = Fixture([webhook("office", receiver)])
        fixture.tell()
        await fixture.delay.waitForSleepers(1)
        fixture.delay.advance(by: .seconds(299))
        #expect(receiver.calls.count == 1)
        fixture.delay.advance(by: .seconds(1))
        await fixture.sender.finish(within: .seconds(5))
        #expect(receiver.calls.count == 2)
    }

    @Test func `after its attempts it is given up, and the next one goes out`() async throws {
        let receiver = try FakeBackend { call, _ in
            .backend(call.body?["data"]?["conversation"] == "c1" ? 500 : 200, "the patient's own words")
        }
        var webhook = webhook("office", receiver)
        webhook.attempts = 2
        let fixture = Fixture([webhook])
        fixture.tell("c1")
        fixture.tell("c2")
        await fixture.delay.waitForSleepers(1)
        fixture.delay.advance(by: .seconds(1))
        await fixture.sender.finish(within: .seconds(5))
        #expect(conversations(receiver) == ["c1", "c1", "c2"])
        #expect(fixture.sent("office") == ["failed": 1, "delivered": 1])
        let entry = try #require(fixture.log.entries.first)
        #expect(entry.cause == "webhook-failed")
        #expect(entry.message == "it answered 500")
        #expect(entry.fields == ["webhook": "office", "event": "emergency"])
    }

    @Test(arguments: [301, 400, 401, 404, 410])
    func `what would be refused again is not sent again`(_ status: Int) async throws {
        let receiver = try FakeBackend(status, "", headers: ["Location": "http://127.0.0.1:1/"])
        let fixture = Fixture([webhook("office", receiver)])
        fixture.tell()
        await fixture.sender.finish(within: .seconds(5))
        #expect(receiver.calls.count == 1)
        #expect(fixture.sent("office") == ["failed": 1])
    }

    @Test func `a slow receiver holds up neither the others nor memory: the oldest that waits is given up`()
        async throws
    {
        let gate = Gate()
        let slow = try FakeBackend { _, number in
            if number == 0 { await gate.wait() }
            return .backend(200, "{}")
        }
        let quick = try FakeBackend(200, "{}")
        var bounded = webhook("slow", slow)
        bounded.backlog = 2
        let fixture = Fixture([bounded, webhook("quick", quick)])
        fixture.tell("c1")
        await gate.waitUntilReached()
        for number in 2...5 { fixture.tell("c\(number)") }
        while quick.calls.count < 5 { await Task.yield() }
        #expect(conversations(quick) == ["c1", "c2", "c3", "c4", "c5"])
        #expect(fixture.sent("slow") == ["dropped": 2])
        gate.open()
        await fixture.sender.finish(within: .seconds(5))
        #expect(conversations(slow) == ["c1", "c4", "c5"])
    }

    @Test func `a name that leads to a private address is not told`() async throws {
        let receiver = try FakeBackend(200, "{}")
        var webhook = webhook("office", receiver)
        webhook.destinations = .publicOnes(and: [])
        let fixture = Fixture([webhook])
        fixture.tell()
        await fixture.sender.finish(within: .seconds(5))
        #expect(receiver.calls.isEmpty)
        #expect(fixture.log.entries.first?.message?.hasSuffix("; see private_networks") == true)
    }

    @Test func `a webhook that is taken out of the files is not told what still waits`() async throws {
        let receiver = try FakeBackend(503, "")
        let fixture = Fixture([webhook("office", receiver)])
        fixture.tell()
        await fixture.delay.waitForSleepers(1)
        fixture.snapshots.replace(with: Fixture.snapshot([]))
        fixture.delay.advance(by: .seconds(1))
        await fixture.sender.finish(within: .seconds(5))
        #expect(receiver.calls.count == 1)
    }

    @Test func `stopping waits for no receiver beyond its limit, and says what is left`() async throws {
        let gate = Gate()
        let receiver = try FakeBackend { _, _ in
            await gate.wait()
            return .backend(200, "{}")
        }
        let fixture = Fixture([webhook("office", receiver)])
        fixture.tell("c1")
        fixture.tell("c2")
        await gate.waitUntilReached()
        async let finished: Void = fixture.sender.finish(within: .seconds(1))
        await fixture.delay.waitForSleepers(1)
        fixture.delay.advance(by: .seconds(1))
        await finished
        gate.open()
        #expect(conversations(receiver) == ["c1"])
        #expect(fixture.log.entries.map(\.cause) == ["webhook-failed", "webhooks-unsent"])
        #expect(fixture.log.entries.last?.fields == ["count": 1])
    }
}

/// Holds up whoever waits until a test opens it.
private final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        var watchers: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())

    func wait() async {
        await withCheckedContinuation { continuation in
            let (isOpen, watchers) = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                defer { state.watchers = [] }
                return (state.isOpen, state.watchers)
            }
            if isOpen { continuation.resume() }
            watchers.forEach { $0.resume() }
        }
    }

    func waitUntilReached() async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if state.waiting.isEmpty { state.watchers.append(continuation) }
                return !state.waiting.isEmpty
            }
            if isReached { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        waiting.forEach { $0.resume() }
    }
}
