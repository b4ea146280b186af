// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Synchronization
import Testing
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1))) struct RouteRunnerTests {
    let delay = ManualDelay()
    let cancellation = TurnCancellation()

    private func run(
        _ entries: [Route.Entry], nextOn: Set<ProviderCause> = Set(ProviderCause.allCases),
        other: [Route.Entry] = [], _ providers: ScriptedProvider...
    ) async -> RouteOutcome {
        var parts = Snapshot.Parts()
        parts.routes["chat"] = Route(name: "chat", entries: entries, nextOn: nextOn)
        parts.routes["other"] = Route(name: "other", entries: other, nextOn: nextOn)
        for provider in providers { parts.providers[provider.name] = scripted(provider.name) }
        let byName = Dictionary(uniqueKeysWithValues: providers.map { ($0.name, $0) })
        let snapshot = Snapshot(parts, number: 1)
        let registry = ProviderRegistry(
            snapshot, factories: ["scripted": { settings, _ in byName[settings.name] }])
        let ids = Mutex(0)
        let runner = RouteRunner(
            snapshot: snapshot, registry: registry, delay: delay, metrics: NoTurnMetrics(),
            cancellation: cancellation,
            makeStream: { AnswerStream(messageID: "m\(ids.withLock { $0 += 1; return $0 })") })
        return await runner.run("chat", request: ProviderRequest(assistant: "a", utterance: "hi"))
    }

    private func scripted(_ name: String) -> ProviderSettings {
        ProviderSettings(name: name, type: "scripted", sets: [], minimumScore: 0, passages: 1)
    }

    private func ask(_ name: String, attempts: Int = 1) -> Route.Entry {
        .provider(name: name, attempts: attempts, total: .seconds(30))
    }

    @Test func `the first provider that answers ends the route`() async {
        let second = ScriptedProvider("b", .says("from b"))
        let outcome = await run(
            [ask("a"), ask("b"), .reply(.named("sorry"))], ScriptedProvider("a", .says("from a")), second)
        #expect(outcome.parts.map(\.text) == ["from a"])
        #expect(second.requests.isEmpty)
        guard case .answered = outcome.end else { return #expect(Bool(false), "\(outcome.end)") }
    }

    @Test(arguments: ProviderCause.allCases)
    func `a cause in next_on leads to the next provider`(_ cause: ProviderCause) async {
        let outcome = await run(
            [ask("a"), ask("b"), .reply(.named("sorry"))], ScriptedProvider("a", .fails(cause)),
            ScriptedProvider("b", .says("from b")))
        #expect(outcome.parts.map(\.text) == ["from b"])
        #expect(outcome.lastCause == cause)
    }

    @Test func `any other cause goes to the end of the route`() async {
        let second = ScriptedProvider("b", .says("from b"))
        let outcome = await run(
            [ask("a"), ask("b"), .fail(.named("sorry"))], nextOn: [.timeout],
            ScriptedProvider("a", .fails(.rejected)),
            second)
        #expect(second.requests.isEmpty)
        guard case .fail(.named("sorry"), .rejected) = outcome.end else {
            return #expect(Bool(false), "\(outcome.end)")
        }
    }

    @Test func `a failure that may pass is tried again as often as the entry says`() async {
        let provider = ScriptedProvider("a", .fails(.serverError), .says("second try"))
        let outcome = await run([ask("a", attempts: 2), .reply(.named("sorry"))], provider)
        #expect(outcome.parts.map(\.text) == ["second try"])
        #expect(provider.requests.count == 2)
    }

    @Test func `a refusal is not tried again`() async {
        let provider = ScriptedProvider("a", .fails(.declined), .says("second try"))
        let outcome = await run([ask("a", attempts: 2), .reply(.named("sorry"))], provider)
        #expect(provider.requests.count == 1)
        guard case .reply(.named("sorry")) = outcome.end else {
            return #expect(Bool(false), "\(outcome.end)")
        }
    }

    @Test func `a provider that hangs is left when its time is up`() async {
        let hanging = ScriptedProvider("a", .hangs(after: []))
        async let outcome = run([ask("a"), .fail(.named("sorry"))], hanging)
        await hanging.waitForRequests(1)
        await delay.waitForSleepers(1)
        delay.advance(by: .seconds(30))
        guard case .fail(.named("sorry"), .timeout) = await outcome.end else {
            return #expect(Bool(false), "the route did not end in a timeout")
        }
    }

    @Test func `all attempts of an entry share its time`() async {
        let hanging = ScriptedProvider("a", .hangs(after: []))
        async let outcome = run([ask("a", attempts: 3), .reply(.named("sorry"))], hanging)
        await hanging.waitForRequests(1)
        await delay.waitForSleepers(1)
        delay.advance(by: .seconds(30))
        #expect(await outcome.lastCause == .timeout)
        #expect(hanging.requests.count == 1)
    }

    @Test func `what was said before the cut is kept as partial and the next provider begins anew`() async {
        let outcome = await run(
            [ask("a", attempts: 2), ask("b"), .reply(.named("sorry"))],
            ScriptedProvider("a", .cut(after: ["Take ", "two"])),
            ScriptedProvider("b", .streams(["Take one"])))
        #expect(outcome.parts.map(\.text) == ["Take two", "Take one"])
        #expect(outcome.parts.map(\.isPartial) == [true, false])
        #expect(outcome.parts.map(\.messageID) == ["m1", "m2"])
    }

    @Test func `a turn that is cut short keeps what has come`() async {
        let hanging = ScriptedProvider("a", .hangs(after: ["Take "]))
        async let outcome = run([ask("a"), .reply(.named("sorry"))], hanging)
        await hanging.waitForRequests(1)
        cancellation.cancel()
        let ended = await outcome
        #expect(ended.parts.map(\.text) == ["Take "])
        #expect(ended.parts.map(\.isPartial) == [true])
        guard case .cancelled = ended.end else { return #expect(Bool(false), "\(ended.end)") }
    }

    @Test func `a caller that goes away cuts the provider off`() async {
        let hanging = ScriptedProvider("a", .hangs(after: []))
        let asking = Task { await run([ask("a"), .reply(.named("sorry"))], hanging) }
        await hanging.waitForRequests(1)
        asking.cancel()
        guard case .cancelled = await asking.value.end else { return #expect(Bool(false)) }
    }

    @Test func `a provider that is off is passed over without an attempt`() async {
        let outcome = await run(
            [ask("off"), ask("a"), .reply(.named("sorry"))], ScriptedProvider("a", .says("from a")))
        #expect(outcome.parts.map(\.text) == ["from a"])
        #expect(outcome.lastCause == nil)
    }

    @Test func `a route may go on with another`() async {
        let outcome = await run(
            [ask("a"), .route("other")], other: [ask("b"), .reply(.named("sorry"))],
            ScriptedProvider("a", .fails(.timeout)),
            ScriptedProvider("b", .says("from b")))
        #expect(outcome.parts.map(\.text) == ["from b"])
    }

    @Test func `routes that go round in circles end`() async {
        let outcome = await run([.route("other")], other: [.route("chat")])
        guard case .fail(.named("unavailable"), .unreachable) = outcome.end else {
            return #expect(Bool(false), "\(outcome.end)")
        }
    }

    @Test func `pieces of an abandoned attempt are dropped`() {
        let stream = AnswerStream(messageID: "m")
        #expect(stream.append("one"))
        #expect(stream.close() == "one")
        #expect(!stream.append("two"))
        #expect(stream.close() == "one")
    }

    @Test func `an answer beyond the limit is cut there`() {
        let stream = AnswerStream(messageID: "m")
        #expect(stream.append(String(repeating: "x", count: AnswerStream.maxBytes)))
        #expect(!stream.append("y"))
    }
}
