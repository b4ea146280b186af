// SPDX-License-Identifier: Apache-2.0
import Diagnostics
package import Orchestrator
import WireProtocols

/// Plays the conversations of `tests` files against the compiled tree: offline, on a clock of its own, each with a
/// store of its own.
package struct TestsRunner: Sendable {
    /// How one conversation went.
    package struct Outcome: Sendable {
        /// The test.
        package var test: ConversationTest
        /// What was expected and did not come, each with its place; empty when it passed.
        package var failures: [String]
        /// What was said, line by line.
        package var transcript: [String]

        /// The failures and the whole conversation, for people.
        package var report: String {
            let place = "\(test.range.file):\(test.range.start.line)"
            return ([place + " " + test.name] + failures.map { "  ✗ " + $0 } + transcript.map { "  | " + $0 })
                .joined(separator: "\n")
        }
    }

    private let snapshot: Snapshot

    /// A runner of the tests of a snapshot.
    package init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    /// Runs the tests one after the other.
    package func run() async throws -> [Outcome] {
        var outcomes: [Outcome] = []
        for test in snapshot.parts.tests { outcomes.append(try await run(test)) }
        return outcomes
    }

    /// Plays one conversation.
    package func run(_ test: ConversationTest) async throws -> Outcome {
        let stage = try await Stage(test, snapshot)
        var outcome = Outcome(test: test, failures: [], transcript: [])
        for step in test.steps {
            let scene = try await stage.play(step.act)
            outcome.transcript += scene.lines
            guard let expectation = step.expectation else { continue }
            let line = "line \(expectation.range.start.line): "
            outcome.failures += scene.failures(of: expectation).map { line + $0 }
        }
        return outcome
    }
}

/// A service of its own for one test.
private struct Stage {
    let service: ConversationService
    let store = MemoryStore()
    let clock: ManualClock
    let delay = ManualDelay()
    let caller: Caller
    let conversation: String

    init(_ test: ConversationTest, _ snapshot: Snapshot) async throws {
        clock = ManualClock(test.clock)
        caller = Caller(user: test.user, role: test.role)
        let faults = test.faults
        // Vendors are off; a fault makes one of them fail as it says.
        let played: ProviderFactory = { settings, snapshot in
            guard let cause = faults[settings.name] else {
                return ProviderFactories.offline[settings.type]?(settings, snapshot)
            }
            return ScriptedProvider(settings.name, .fails(cause))
        }
        let factories = Dictionary(ProviderType.all.map { ($0.name, played) }) { first, _ in first }
        var settings = ServiceSettings(
            snapshots: SnapshotStore(snapshot), store: store, actions: RecordsActionRunner(store: store),
            registries: ProviderRegistries(factories: factories))
        settings.clock = clock
        settings.delay = delay
        service = ConversationService(settings)
        let time = snapshot.assistant(test.assistant).map { LocalTime(now: test.clock, assistant: $0) }
        _ = try await store.applySeeds(snapshot.parts.seeds, now: test.clock) { time?.offset(at: $0) ?? 0 }
        await service.lookups.fill(snapshot)
        conversation = try await service.begin(assistant: test.assistant, caller: caller, channel: "tests").id
    }

    func play(_ act: ConversationTest.Act) async throws -> Scene {
        switch act {
        case .says(let text):
            let answer = try await service.submit(text, to: conversation, caller: caller)
            return try await scene("> " + text, message: answer.message, replies: answer.replies)
        case .waits(let duration):
            let known = try await service.conversation(conversation, caller: caller).sequence
            clock.advance(by: duration)
            delay.advance(by: duration)
            await service.expireDue()
            let replies = try await service.messages(
                in: conversation, caller: caller, after: known, limit: 100
            ).messages
            return try await scene("… \(duration)", message: nil, replies: replies)
        }
    }

    private func scene(_ line: String, message: MessageRecord?, replies: [MessageRecord]) async throws
        -> Scene
    {
        let record = try await service.conversation(conversation, caller: caller)
        return Scene(line: line, message: message, replies: replies, record: record)
    }
}

/// What one act led to.
private struct Scene {
    let line: String
    let message: MessageRecord?
    let replies: [MessageRecord]
    let record: ConversationRecord

    var lines: [String] {
        let answers = replies.flatMap { $0.text.split(separator: "\n", omittingEmptySubsequences: false) }
        let intent = message?.intent.map { " [\($0)]" } ?? ""
        return [line + intent] + answers.map { "< " + $0 }
    }

    func failures(of expectation: ConversationTest.Expectation) -> [String] {
        let said = replies.map(\.text).joined(separator: "\n\n")
        let missing = expectation.says.filter { !said.contains($0) }.map { "'\($0)' was not said" }
        let unwanted = expectation.saysNot.filter { said.contains($0) }.map { "'\($0)' was said" }
        return missing + unwanted + facts(expectation) + slots(expectation)
    }

    private func facts(_ expectation: ConversationTest.Expectation) -> [String] {
        let safety = ([message].compactMap(\.self) + replies).compactMap { $0.safety?["family"]?.text }.first
        return [
            Self.compare("type", expectation.type, replies.last { $0.type != nil }?.type ?? "none"),
            Self.compare("intent", expectation.intent, message?.intent ?? "none"),
            Self.compare("flow", expectation.flow, open?.name ?? "none"),
            Self.compare("state", expectation.state, record.state.rawValue),
            Self.compare("safety", expectation.safety, safety ?? "none"),
        ].compactMap(\.self)
    }

    private func slots(_ expectation: ConversationTest.Expectation) -> [String] {
        let values = JSONObject([.init(name: "slots", value: .object(open?.slots ?? JSONObject()))])
        let scope = Scope(values, time: LocalTime(now: record.updatedAt))
        return expectation.slots.sorted { $0.key < $1.key }.compactMap { name, value in
            let look = Template.Expression(path: ["slots", name], filters: [], range: expectation.range)
            return Self.compare("slot '\(name)'", value, Template([.value(look)]).text(in: scope))
        }
    }

    private var open: OpenFlow? { ConversationContext(record.dialogue).dialogue.open }

    private static func compare(_ what: String, _ expected: String?, _ found: String) -> String? {
        guard let expected, expected != found else { return nil }
        return "\(what) is '\(found)', not '\(expected)'"
    }
}
