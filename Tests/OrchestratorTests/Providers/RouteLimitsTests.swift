// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1))) struct RouteLimitsTests {
    private let sorry = Route.Entry.reply(.named("sorry"))

    private static func counted(_ text: String, input: Int, output: Int) -> ScriptedProvider.Line {
        .replies { _, stream throws(ProviderError) in
            stream.append(text)
            var answer = ProviderAnswer(text: text)
            answer.usage = TokenUsage(input: input, output: output)
            answer.model = "m1"
            return answer
        }
    }

    // MARK: budgets

    @Test func `a person who has used up the day's tokens is not asked for, others are`() async {
        let provider = ScriptedProvider("a", Self.counted("yes", input: 60, output: 40))
        let fixture = RouteFixture([RouteFixture.ask("a"), .fail(.named("sorry"))], [provider]) { route, _ in
            route.budget = Budget()
            route.budget?.tokensPerUser = 150
        }
        #expect(await fixture.run().ending == "answered")
        #expect(await fixture.run().ending == "answered")
        #expect(await fixture.run().ending == "fail sorry over_budget")
        #expect(await fixture.run { $0.user = "u2" }.ending == "answered")
        fixture.clock.advance(by: .seconds(86_400))
        #expect(await fixture.run().ending == "answered")
    }

    @Test func `dollars are counted by the price table for all together`() async {
        let provider = ScriptedProvider("a", Self.counted("yes", input: 1_000_000, output: 500_000))
        let fixture = RouteFixture(
            [RouteFixture.ask("a") { $0.model = "m1" }, .fail(.named("sorry"))], [provider]
        ) { route, parts in
            route.budget = Budget()
            route.budget?.dollars = 1
            parts.prices["m1"] = ModelPrice(input: 0.15, output: 0.60)
        }
        let first = await fixture.run()
        #expect(first.usage.dollars == 0.45)
        #expect(first.usage.tokens == TokenUsage(input: 1_000_000, output: 500_000))
        for _ in 0..<2 { #expect(await fixture.run { $0.user = "u2" }.ending == "answered") }
        #expect(await fixture.run { $0.user = "u3" }.ending == "fail sorry over_budget")
    }

    @Test func `a provider that does not count is reckoned by length`() async {
        let fixture = RouteFixture(
            [RouteFixture.ask("a"), sorry], [ScriptedProvider("a", .streams(["four", "more"]))])
        let usage = await fixture.run("eight ch").usage
        #expect(usage.tokens == TokenUsage(input: 2, output: 2))
        #expect(usage.isEstimated)
    }

    // MARK: places

    @Test func `one question more than places and queue is turned away, and the provider is not blamed`()
        async
    {
        let provider = ScriptedProvider("a", .hangs(after: []))
        let fixture = RouteFixture([RouteFixture.ask("a"), .fail(.named("sorry"))], [provider]) {
            route, parts in
            parts.providers["a"]?.concurrency = 2
            parts.providers["a"]?.queue = 1
            route.cooldown.failures = 1
        }
        let held = (0..<3).map { _ in Task { await fixture.run() } }
        await provider.waitForRequests(2)
        while fixture.memory.state(of: "a").load.waiting == 0 { await Task.yield() }
        #expect(await fixture.run().ending == "fail sorry overloaded")
        #expect(!fixture.memory.state(of: "a").isResting)
        for task in held { task.cancel() }
        for task in held { #expect(await task.value.ending == "cancelled") }
        while fixture.memory.state(of: "a").load != (0, 0) { await Task.yield() }
    }

    @Test func `a question that waits for a place gets it when one is free`() async {
        let provider = ScriptedProvider("a", .hangs(after: []), .says("mine"))
        let fixture = RouteFixture([RouteFixture.ask("a"), sorry], [provider]) { _, parts in
            parts.providers["a"]?.concurrency = 1
        }
        let first = Task { await fixture.run() }
        await provider.waitForRequests(1)
        let second = Task { await fixture.run() }
        while fixture.memory.state(of: "a").load.waiting == 0 { await Task.yield() }
        first.cancel()
        #expect(await second.value.answer?.text == "mine")
    }

    // MARK: cache

    @Test func `the same stateless question is answered once`() async {
        let provider = ScriptedProvider("a", .says("one"), .says("two"))
        let fixture = RouteFixture([RouteFixture.ask("a"), sorry], [provider]) { route, _ in
            route.cacheFor = .seconds(600)
        }
        #expect(await fixture.run("When are you open?").answer?.text == "one")
        let again = await fixture.run("  when ARE you  open? ")
        #expect(again.answer?.text == "one")
        #expect(again.usage.isCached)
        #expect(provider.requests.count == 1)
        fixture.delay.advance(by: .seconds(600))
        #expect(await fixture.run("When are you open?").answer?.text == "two")
    }

    @Test func `a question with history, a record or another role is not answered from what others asked`()
        async
    {
        let provider = ScriptedProvider("a", .says("one"), .says("two"), .says("three"), .says("four"))
        let fixture = RouteFixture([RouteFixture.ask("a"), sorry], [provider]) { route, _ in
            route.cacheFor = .seconds(600)
        }
        _ = await fixture.run("q")
        #expect(
            await fixture.run("q") { $0.history = [.init(author: .user, text: "x")] }.answer?.text == "two")
        #expect(await fixture.run("q") { $0.record = "age 40" }.answer?.text == "three")
        #expect(await fixture.run("q") { $0.role = "DOCTOR" }.answer?.text == "four")
    }

    // MARK: order

    @Test func `weights decide by chance, and least latency by what was seen`() async {
        let providers = ["a", "b", "c"].map { ScriptedProvider($0, .says($0)) }
        let weighted = RouteFixture(
            [
                RouteFixture.ask("a") { $0.weight = 1 }, RouteFixture.ask("b") { $0.weight = 3 },
                RouteFixture.ask("c") { $0.weight = 0 }, sorry,
            ], providers
        ) { route, _ in
            route.order = .weighted
        }
        #expect(await weighted.run(random: 0.24).answer?.text == "a")
        #expect(await weighted.run(random: 0.26).answer?.text == "b")
        #expect(await weighted.run(random: 0.999).answer?.text == "b")

        let fast = RouteFixture(
            [RouteFixture.ask("a"), RouteFixture.ask("b"), sorry], Array(providers.prefix(2))
        ) { route, _ in
            route.order = .leastLatency
        }
        fast.memory.state(of: "a").succeeded(firstPiece: .seconds(2))
        #expect(await fast.run().answer?.text == "b")
        fast.memory.state(of: "b").succeeded(firstPiece: .seconds(60))
        #expect(await fast.run().answer?.text == "a")
    }

    @Test func `a candidate is asked only where its condition holds`() async {
        let providers = ["staff", "night", "all"].map { ScriptedProvider($0, .says($0)) }
        let fixture = RouteFixture(
            [
                RouteFixture.ask("staff") { $0.condition.roles = ["DOCTOR"] },
                RouteFixture.ask("night") {
                    $0.condition.languages = ["de"]; $0.condition.intents = ["x"]
                },
                RouteFixture.ask("all"), sorry,
            ], providers)
        #expect(await fixture.run { $0.role = "PATIENT" }.answer?.text == "all")
        #expect(await fixture.run { $0.role = "DOCTOR" }.answer?.text == "staff")
        #expect(await fixture.run { $0.language = "de" }.answer?.text == "all")
        #expect(await fixture.run { ($0.language, $0.intent) = ("de", "x") }.answer?.text == "night")
    }
}
