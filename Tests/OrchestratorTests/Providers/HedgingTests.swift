// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1))) struct HedgingTests {
    private func fixture(_ providers: ScriptedProvider...) -> RouteFixture {
        RouteFixture(
            providers.map { RouteFixture.ask($0.name) } + [.fail(.named("sorry"))], providers
        ) { route, _ in
            route.hedgeAfter = .seconds(2)
        }
    }

    @Test func `a slow provider is overtaken, and only one text is seen`() async {
        let slow = ScriptedProvider("a", .hangs(after: []))
        let fixture = fixture(slow, ScriptedProvider("b", .streams(["from ", "b"])))
        async let outcome = fixture.run()
        await slow.waitForRequests(1)
        await fixture.delay.waitForSleepers(2)
        fixture.delay.advance(by: .seconds(2))
        #expect(await outcome.answer?.text == "from b")
        #expect(await outcome.usage.provider == "b")
        #expect(await outcome.usage.attempts == 2)
        #expect(fixture.seen == ["from ", "b"])
        #expect(fixture.metrics.providerRequests.value(["a", "cancelled"]) == 1)
    }

    @Test func `a provider that begins in time is alone`() async {
        let second = ScriptedProvider("b", .says("from b"))
        let fixture = fixture(ScriptedProvider("a", .streams(["from a"])), second)
        #expect(await fixture.run().answer?.text == "from a")
        #expect(second.requests.isEmpty)
    }

    @Test func `a first that fails early leads to the next as usual`() async {
        let second = ScriptedProvider("b", .says("from b"))
        let fixture = fixture(ScriptedProvider("a", .fails(.overloaded)), second)
        #expect(await fixture.run().answer?.text == "from b")
        #expect(second.requests.count == 1)
    }

    @Test func `with both failing the third is asked`() async {
        let slow = ScriptedProvider("a", .hangs(after: []))
        let third = ScriptedProvider("c", .says("from c"))
        let fixture = fixture(slow, ScriptedProvider("b", .fails(.overloaded)), third)
        async let outcome = fixture.run()
        await slow.waitForRequests(1)
        await fixture.delay.waitForSleepers(2)
        fixture.delay.advance(by: .seconds(2))
        while fixture.metrics.providerRequests.value(["b", "overloaded"]) == nil { await Task.yield() }
        await fixture.delay.waitForSleepers(1)
        fixture.delay.advance(by: .seconds(15))
        #expect(await outcome.answer?.text == "from c")
    }

    @Test func `a turn that is cut short cuts both off`() async {
        let (slow, other) = (
            ScriptedProvider("a", .hangs(after: [])), ScriptedProvider("b", .hangs(after: []))
        )
        let fixture = fixture(slow, other)
        async let outcome = fixture.run()
        await slow.waitForRequests(1)
        await fixture.delay.waitForSleepers(2)
        fixture.delay.advance(by: .seconds(2))
        await other.waitForRequests(1)
        fixture.cancellation.cancel()
        #expect(await outcome.ending == "cancelled")
    }
}
