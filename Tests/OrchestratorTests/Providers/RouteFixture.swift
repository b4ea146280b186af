// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Synchronization
import WireProtocols

@testable import Orchestrator

/// A route over scripted providers, with time, chance and the visible answer in a test's hands.
final class RouteFixture: Sendable {
    let delay = ManualDelay()
    let clock = ManualClock("2026-03-09T10:00:00.000Z")
    let cancellation = TurnCancellation()
    let memory = RouteMemory()
    let metrics = Metrics()
    let log = RouteLog()
    let snapshot: Snapshot
    let registry: ProviderRegistry
    private let pieces = Mutex<[String]>([])

    init(
        _ entries: [Route.Entry], _ providers: [ScriptedProvider], other: [Route.Entry] = [],
        change: (inout Route, inout Snapshot.Parts) -> Void = { _, _ in }
    ) {
        var parts = Snapshot.Parts()
        var route = Route(name: "chat", entries: entries, nextOn: Set(ProviderCause.allCases))
        for provider in providers {
            parts.providers[provider.name] = ProviderSettings(name: provider.name, type: "scripted")
        }
        change(&route, &parts)
        parts.routes["chat"] = route
        parts.routes["other"] = Route(name: "other", entries: other, nextOn: route.nextOn)
        let byName = Dictionary(uniqueKeysWithValues: providers.map { ($0.name, $0) })
        snapshot = Snapshot(parts, number: 1)
        registry = ProviderRegistry(
            snapshot, factories: ["scripted": { settings, _ in byName[settings.name] }])
    }

    /// The pieces that were seen.
    var seen: [String] { pieces.withLock { $0 } }

    func run(
        _ utterance: String = "hi", canBeTakenBack: Bool = false, random: Double = 0.5,
        output: OutputGate? = nil,
        change: (inout ProviderRequest) -> Void = { _ in }
    ) async -> RouteOutcome {
        var around = RouteRunner.Surroundings(
            snapshot: snapshot, registry: registry, memory: memory, delay: delay, clock: clock,
            metrics: metrics, log: log)
        around.random = { random }
        around.words = { _ in "(cut)" }
        pieces.withLock { $0 = [] }
        let visible = VisibleAnswer(
            messageID: "m", canBeTakenBack: canBeTakenBack, delay: delay, gate: { output },
            forward: { [self] piece, _ in pieces.withLock { $0.append(piece) } })
        var request = ProviderRequest(assistant: "a", utterance: utterance)
        request.user = "u1"
        request.conversation = "c1"
        change(&request)
        return await RouteRunner(around, visible: visible, cancellation: cancellation).run(
            "chat", request: request)
    }

    /// Returns when that provider has failed so often.
    func failed(_ provider: String, _ cause: ProviderCause, times: Int = 1) async {
        while (metrics.providerRequests.value([provider, cause.rawValue]) ?? 0) < times { await Task.yield() }
    }

    static func ask(
        _ name: String, attempts: Int = 1, _ change: (inout RouteCandidate) -> Void = { _ in }
    ) -> Route.Entry {
        var candidate = RouteCandidate(provider: name)
        candidate.attempts = attempts
        candidate.limits.total = .seconds(30)
        change(&candidate)
        return .provider(candidate)
    }
}

/// Keeps log entries.
final class RouteLog: LogSink {
    private let entries = Mutex<[LogEntry]>([])

    func write(_ entry: LogEntry) { entries.withLock { $0.append(entry) } }

    /// Each as its cause and fields.
    var lines: [String] {
        entries.withLock { $0 }.map { entry in
            ([entry.cause]
                + entry.fields.members.map { "\($0.name)=\($0.value.text ?? $0.value.encodedText)" })
                .joined(separator: " ")
        }
    }
}

extension RouteOutcome {
    /// How it ended, in a few words.
    var ending: String {
        switch end {
        case .answered: "answered"
        case .cut(let cause): "cut \(cause.rawValue)"
        case .calls(let calls): "calls " + calls.map(\.name).joined(separator: ",")
        case .reply(.named(let name)): "reply \(name)"
        case .reply: "reply"
        case .fail(.named(let name), let cause): "fail \(name) \(cause.rawValue)"
        case .fail(_, let cause): "fail \(cause.rawValue)"
        case .cancelled: "cancelled"
        }
    }
}
