// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing

@testable import Orchestrator

/// Who is asked before the others of a route.
@Suite(.timeLimit(.minutes(1))) struct ProviderPreferenceTests {
    private func fixture(_ entries: [Route.Entry], other: [Route.Entry] = []) -> (
        RouteFixture, [String: ScriptedProvider]
    ) {
        let providers = ["a", "b", "c"].map { ScriptedProvider($0, .fails(.serverError)) }
        let fixture = RouteFixture(entries, providers, other: other) { _, parts in
            // Words of vendors are made of types and names; only those of this test's types count.
            parts.providers["d"] = ProviderSettings(name: "d", type: "openai")
        }
        return (fixture, Dictionary(uniqueKeysWithValues: providers.map { ($0.name, $0) }))
    }

    private func asked(
        _ fixture: RouteFixture, _ change: (inout ChannelMessage.Asking) -> Void
    ) async -> [String] {
        var asking = ChannelMessage.Asking()
        change(&asking)
        _ = await fixture.run { $0.preference = ProviderPreference(asking) }
        return fixture.log.lines.compactMap { line in
            line.split(separator: " ").first { $0.hasPrefix("provider=") }.map { String($0.dropFirst(9)) }
        }
    }

    private let sorry = Route.Entry.reply(.named("sorry"))

    @Test func `a named provider is asked first, once, with the limits it has on the route`() async {
        let (fixture, providers) = fixture([
            RouteFixture.ask("a"), RouteFixture.ask("b") { $0.temperature = 0.2 }, sorry,
        ])
        let asked = await asked(fixture) {
            $0.provider = "b"
            $0.model = "m"
            $0.maxTokens = 50
        }
        #expect(asked == ["b", "a"])
        #expect(providers["b"]?.requests.first?.model == "m")
        #expect(providers["b"]?.requests.first?.temperature == 0.2)
        #expect(providers["b"]?.requests.first?.maxTokens == 50)
        #expect(providers["a"]?.requests.first?.model == nil)
    }

    @Test func `a named provider that the route has not is asked first all the same`() async {
        let (fixture, _) = fixture([RouteFixture.ask("a"), sorry])
        #expect(await asked(fixture) { $0.provider = "c" } == ["c", "a"])
    }

    @Test func `a model without a provider is the first one's`() async {
        let (fixture, providers) = fixture([RouteFixture.ask("a"), RouteFixture.ask("b"), sorry])
        #expect(await asked(fixture) { $0.model = "m" } == ["a", "b"])
        #expect(providers["a"]?.requests.first?.model == "m")
        #expect(providers["b"]?.requests.first?.model == nil)
    }

    @Test func `a vendor's providers are asked in the route's order, those of a later route too`() async {
        let (fixture, _) = fixture(
            [RouteFixture.ask("a"), .route("other")],
            other: [RouteFixture.ask("b"), RouteFixture.ask("c"), sorry])
        #expect(await asked(fixture) { $0.vendor = "scripted" } == ["a", "b", "c"])
        let second = self.fixture([RouteFixture.ask("a"), RouteFixture.ask("b"), sorry]).0
        #expect(await asked(second) { $0.vendor = "google" } == ["a", "b"])
    }

    @Test(arguments: [
        ("main", "openai-assistants", "openai"), ("x", "openai", "openai"), ("azure", "openai", "azure"),
        ("x", "anthropic", "anthropic"), ("x", "google", "google"), ("faq", "knowledge", "knowledge"),
    ])
    func `whose service a provider is follows from its name, else its type`(
        name: String, type: String, vendor: String
    ) {
        #expect(ProviderSettings(name: name, type: type).vendor == vendor)
    }

    @Test func `what a channel prefers is not kept for others`() {
        var request = ProviderRequest(assistant: "a", utterance: "hi")
        #expect(request.isStateless)
        request.preference = ProviderPreference(ChannelMessage.Asking())
        #expect(request.isStateless)
        var asking = ChannelMessage.Asking()
        asking.temperature = 1
        request.preference = ProviderPreference(asking)
        #expect(!request.isStateless)
    }
}
