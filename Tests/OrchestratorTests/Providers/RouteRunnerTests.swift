// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1))) struct RouteRunnerTests {
    private let sorry = Route.Entry.reply(.named("sorry"))
    private let fail = Route.Entry.fail(.named("sorry"))
    private func ask(_ name: String, attempts: Int = 1) -> Route.Entry {
        RouteFixture.ask(name, attempts: attempts)
    }

    @Test func `the first provider that answers ends the route`() async {
        let second = ScriptedProvider("b", .says("from b"))
        let fixture = RouteFixture(
            [ask("a"), ask("b"), sorry], [ScriptedProvider("a", .says("from a")), second])
        let outcome = await fixture.run()
        #expect(outcome.answer?.text == "from a")
        #expect(outcome.ending == "answered")
        #expect(second.requests.isEmpty)
    }

    @Test(arguments: ProviderCause.allCases)
    func `a cause in next_on leads to the next provider`(_ cause: ProviderCause) async {
        let fixture = RouteFixture(
            [ask("a"), ask("b"), sorry],
            [ScriptedProvider("a", .fails(cause)), ScriptedProvider("b", .says("from b"))])
        let outcome = await fixture.run()
        #expect(outcome.answer?.text == "from b")
        #expect(outcome.lastCause == cause)
    }

    @Test func `any other cause goes to the end of the route`() async {
        let second = ScriptedProvider("b", .says("from b"))
        let fixture = RouteFixture(
            [ask("a"), ask("b"), fail], [ScriptedProvider("a", .fails(.rejected)), second]
        ) { route, _ in
            route.nextOn = [.timeout]
        }
        #expect(await fixture.run().ending == "fail sorry rejected")
        #expect(second.requests.isEmpty)
    }

    @Test func `a failure that may pass is tried again after a wait with jitter`() async {
        let provider = ScriptedProvider("a", .fails(.serverError), .fails(.overloaded), .says("third try"))
        let fixture = RouteFixture([ask("a", attempts: 3), sorry], [provider])
        async let outcome = fixture.run(random: 0.25)
        await fixture.failed("a", .serverError)
        await fixture.delay.waitForSleepers(1)
        #expect(provider.requests.count == 1)
        fixture.delay.advance(by: .milliseconds(149))
        #expect(provider.requests.count == 1)
        fixture.delay.advance(by: .milliseconds(1))
        await fixture.failed("a", .overloaded)
        await fixture.delay.waitForSleepers(1)
        fixture.delay.advance(by: .milliseconds(300))
        #expect(await outcome.answer?.text == "third try")
        #expect(await outcome.usage.attempts == 3)
    }

    @Test func `the wait a provider asks for is kept, up to the route's longest`() async {
        let provider = ScriptedProvider(
            "a", .limits(.rateLimited, retryAfter: .seconds(2)),
            .limits(.rateLimited, retryAfter: .seconds(900)),
            .says("at last"))
        let fixture = RouteFixture([ask("a", attempts: 3), sorry], [provider])
        async let outcome = fixture.run()
        await fixture.failed("a", .rateLimited)
        await fixture.delay.waitForSleepers(1)
        fixture.delay.advance(by: .milliseconds(1999))
        #expect(provider.requests.count == 1)
        fixture.delay.advance(by: .milliseconds(1))
        await fixture.failed("a", .rateLimited, times: 2)
        await fixture.delay.waitForSleepers(1)
        fixture.delay.advance(by: .seconds(5))
        #expect(await outcome.answer?.text == "at last")
    }

    @Test func `a wait that would outlast the candidate's time is not begun`() async {
        let provider = ScriptedProvider("a", .limits(.rateLimited, retryAfter: .seconds(4)), .says("late"))
        let fixture = RouteFixture(
            [RouteFixture.ask("a", attempts: 2) { $0.limits.total = .seconds(3) }, sorry], [provider])
        #expect(await fixture.run().ending == "reply sorry")
        #expect(provider.requests.count == 1)
    }

    @Test func `a refusal is not tried again`() async {
        let provider = ScriptedProvider("a", .fails(.declined), .says("second try"))
        let fixture = RouteFixture([ask("a", attempts: 2), sorry], [provider])
        #expect(await fixture.run().ending == "reply sorry")
        #expect(provider.requests.count == 1)
    }

    @Test func `a provider that does not begin in time is left`() async {
        let hanging = ScriptedProvider("a", .hangs(after: []))
        let fixture = RouteFixture(
            [RouteFixture.ask("a") { $0.limits.firstToken = .seconds(4) }, fail], [hanging])
        async let outcome = fixture.run()
        await hanging.waitForRequests(1)
        await fixture.delay.waitForSleepers(1)
        fixture.delay.advance(by: .milliseconds(3999))
        fixture.delay.advance(by: .milliseconds(1))
        #expect(await outcome.ending == "fail sorry timeout")
    }

    @Test func `a provider that falls silent is left after the idle time`() async {
        let hanging = ScriptedProvider("a", .hangs(after: ["Take "]))
        let fixture = RouteFixture(
            [RouteFixture.ask("a") { $0.limits.idle = .seconds(3) }, fail], [hanging])
        async let outcome = fixture.run()
        await hanging.waitForRequests(1)
        await fixture.delay.waitForSleepers(1)
        fixture.delay.advance(by: .seconds(15))
        #expect(await outcome.ending == "cut timeout")
        #expect(await outcome.answer?.text == "Take \n\n(cut)")
        #expect(await outcome.answer?.isPartial == true)
    }

    @Test func `all attempts of an entry share its time`() async {
        let hanging = ScriptedProvider("a", .hangs(after: []))
        let fixture = RouteFixture(
            [RouteFixture.ask("a", attempts: 3) { $0.limits.firstToken = .seconds(60) }, sorry], [hanging])
        async let outcome = fixture.run()
        await hanging.waitForRequests(1)
        await fixture.delay.waitForSleepers(1)
        fixture.delay.advance(by: .seconds(30))
        #expect(await outcome.lastCause == .timeout)
        #expect(hanging.requests.count == 1)
    }

    @Test func `a turn that is cut short keeps what has come`() async {
        let hanging = ScriptedProvider("a", .hangs(after: ["Take "]))
        let fixture = RouteFixture([ask("a"), sorry], [hanging])
        async let outcome = fixture.run()
        await hanging.waitForRequests(1)
        fixture.cancellation.cancel()
        #expect(await outcome.answer?.text == "Take ")
        #expect(await outcome.answer?.isPartial == true)
        #expect(await outcome.ending == "cancelled")
    }

    @Test func `a turn that is cut short while it waits for another attempt ends at once`() async {
        let fixture = RouteFixture(
            [ask("a", attempts: 2), sorry], [ScriptedProvider("a", .fails(.serverError))])
        async let outcome = fixture.run()
        await fixture.failed("a", .serverError)
        await fixture.delay.waitForSleepers(1)
        fixture.cancellation.cancel()
        #expect(await outcome.ending == "cancelled")
    }

    @Test func `a caller that goes away cuts the provider off`() async {
        let hanging = ScriptedProvider("a", .hangs(after: []))
        let fixture = RouteFixture([ask("a"), sorry], [hanging])
        let asking = Task { await fixture.run() }
        await hanging.waitForRequests(1)
        asking.cancel()
        #expect(await asking.value.ending == "cancelled")
    }

    @Test func `a provider that is off is passed over without an attempt`() async {
        let fixture = RouteFixture(
            [ask("off"), ask("a"), sorry], [ScriptedProvider("a", .says("from a"))])
        let outcome = await fixture.run()
        #expect(outcome.answer?.text == "from a")
        #expect(outcome.lastCause == nil)
    }

    @Test func `a route may go on with another`() async {
        let fixture = RouteFixture(
            [ask("a"), .route("other")],
            [ScriptedProvider("a", .fails(.timeout)), ScriptedProvider("b", .says("from b"))],
            other: [ask("b"), sorry])
        #expect(await fixture.run().answer?.text == "from b")
    }

    @Test func `routes that go round in circles end`() async {
        let fixture = RouteFixture([.route("other")], [], other: [.route("chat")])
        #expect(await fixture.run().ending == "fail unavailable unreachable")
    }

    @Test func `a failure is logged by ids and names alone`() async {
        let fixture = RouteFixture(
            [ask("a"), sorry], [ScriptedProvider("a", .fails(.serverError))])
        _ = await fixture.run("my secret symptom")
        #expect(
            fixture.log.lines == [
                "provider-failed conversation=c1 route=chat provider=a reason=server_error ms=0"
            ])
    }

    @Test func `pieces of an abandoned attempt are dropped`() {
        let stream = AnswerStream()
        #expect(stream.append("one"))
        #expect(stream.close() == "one")
        #expect(!stream.append("two"))
        #expect(stream.close() == "one")
    }

    @Test func `an answer beyond the limit is cut there`() {
        let stream = AnswerStream()
        #expect(stream.append(String(repeating: "x", count: AnswerStream.maxBytes)))
        #expect(!stream.append("y"))
    }
}
