// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1))) struct CooldownTests {
    private var rule: CooldownRule {
        var rule = CooldownRule()
        (rule.failures, rule.within) = (3, .seconds(60))
        return rule
    }

    private func rested(at now: Duration) -> Cooldown {
        var cooldown = Cooldown()
        for _ in 0..<3 { cooldown.failed(.timeout, at: now, rule) }
        return cooldown
    }

    @Test func `enough failures in a row make it rest, and one question probes afterwards`() {
        var cooldown = Cooldown()
        cooldown.failed(.timeout, at: .seconds(1), rule)
        cooldown.failed(.timeout, at: .seconds(2), rule)
        #expect(cooldown.admit(at: .seconds(3), rule) == .open)
        cooldown.failed(.serverError, at: .seconds(3), rule)
        #expect(cooldown.cause == .serverError)
        #expect(cooldown.admit(at: .milliseconds(7999), rule) == .closed)
        #expect(cooldown.admit(at: .seconds(8), rule) == .probe)
        #expect(cooldown.admit(at: .seconds(8), rule) == .closed)
        cooldown.succeeded()
        #expect(cooldown.admit(at: .seconds(9), rule) == .open)
    }

    @Test func `an answer between failures begins the count anew`() {
        var cooldown = Cooldown()
        for second in 0..<10 {
            cooldown.failed(.timeout, at: .seconds(second), rule)
            cooldown.failed(.timeout, at: .seconds(second), rule)
            cooldown.succeeded()
        }
        #expect(!cooldown.isResting)
    }

    @Test func `failures long apart do not count together`() {
        var cooldown = Cooldown()
        for minute in 0..<10 { cooldown.failed(.timeout, at: .seconds(minute * 31), rule) }
        #expect(!cooldown.isResting)
    }

    @Test func `each failed probe doubles the rest, up to the longest`() {
        var cooldown = rested(at: .zero)
        var now = Duration.zero
        var rests: [Duration] = []
        for _ in 0..<5 {
            let start = now
            while cooldown.admit(at: now, rule) == .closed { now += .seconds(1) }
            rests.append(now - start)
            cooldown.failed(.timeout, at: now, rule)
        }
        #expect(rests == [5, 10, 20, 30, 30].map { .seconds($0) })
    }

    @Test func `a probe that ends without an outcome leaves the next to probe`() {
        var cooldown = rested(at: .zero)
        #expect(cooldown.admit(at: .seconds(5), rule) == .probe)
        cooldown.abandoned(at: .seconds(6))
        #expect(cooldown.admit(at: .seconds(6), rule) == .probe)
    }

    @Test func `where nobody else is left a long rest is interrupted each five seconds`() {
        var cooldown = rested(at: .zero)
        #expect(cooldown.admit(at: .seconds(5), rule) == .probe)
        cooldown.failed(.timeout, at: .seconds(5), rule)
        #expect(cooldown.admit(at: .seconds(9), rule, isLastHope: true) == .closed)
        #expect(cooldown.admit(at: .seconds(10), rule, isLastHope: false) == .closed)
        #expect(cooldown.admit(at: .seconds(10), rule, isLastHope: true) == .probe)
    }

    @Test func `a provider that rests is passed over, and its cause is told`() async {
        let first = ScriptedProvider("a", .fails(.serverError))
        let second = ScriptedProvider("b", .says("from b"))
        let fixture = RouteFixture(
            [RouteFixture.ask("a"), RouteFixture.ask("b"), .reply(.named("sorry"))], [first, second]
        ) { route, _ in
            route.cooldown.failures = 2
        }
        for _ in 0..<5 { #expect(await fixture.run().answer?.text == "from b") }
        #expect(first.requests.count == 2)
        #expect(await fixture.run().lastCause == .serverError)
        fixture.delay.advance(by: .seconds(5))
        _ = await fixture.run()
        #expect(first.requests.count == 3)
    }

    @Test func `all providers down and back: the first question after five seconds is answered`() async {
        let provider = ScriptedProvider(
            "a", .fails(.connectionRefused), .fails(.connectionRefused), .fails(.connectionRefused),
            .says("back"))
        let fixture = RouteFixture(
            [RouteFixture.ask("a"), .fail(.named("sorry"))], [provider]
        ) { route, _ in
            route.cooldown.failures = 1
        }
        for _ in 0..<3 {
            #expect(await fixture.run().ending == "fail sorry connection_refused")
            #expect(await fixture.run().ending == "fail sorry connection_refused")
            fixture.delay.advance(by: .seconds(5))
        }
        #expect(await fixture.run().answer?.text == "back")
        #expect(provider.requests.count == 4)
    }
}
