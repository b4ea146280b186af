// SPDX-License-Identifier: Apache-2.0

import Glibc
import Intents
import Orchestrator

/// Measures the CPU time of one message through the whole pipeline to a fixed reply, and of a relayed one,
/// with the memory store and nobody watching.
///
/// `turn-bench [MESSAGES]` prints microseconds per message.
@main
enum TurnBench {
    static func main() async throws {
        let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 100_000
        // Not on the main actor: each call would then switch threads, which a server's event loop does not do.
        try await Task.detached { try await measure(count) }.value
    }

    private static func measure(_ count: Int) async throws {
        let store = MemoryStore()
        let service = ConversationService(
            ServiceSettings(
                snapshots: SnapshotStore(snapshot()), store: store,
                actions: RecordsActionRunner(store: store),
                registries: ProviderRegistries(factories: [:])))
        for assistant in ["clinic", ConversationService.relay] {
            let caller = Caller(user: "u", role: "PATIENT")
            var ids: [String] = []
            for _ in 0..<100 {
                ids.append(try await service.begin(assistant: assistant, caller: caller, channel: "bench").id)
            }
            for id in ids { _ = try await service.submit("good morning", to: id, caller: caller) }
            let start = processMicroseconds()
            for number in 0..<count {
                _ = try await service.submit(
                    "good morning to you", to: ids[number % ids.count], caller: caller)
            }
            let spent = Double(processMicroseconds() - start) / Double(count)
            let what = assistant == "clinic" ? "fixed reply" : "relay"
            print("\(what): \((spent * 100).rounded() / 100) µs CPU a message")
        }
    }

    private static func processMicroseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    }

    private static func snapshot() -> Snapshot {
        var parts = Assistant.Parts()
        parts.id = "clinic"
        parts.roles = ["PATIENT"]
        parts.responses["hello"] = Response([Template(literal: "Hello! How can I help you today?")])
        let names = ["greet", "book", "cancel", "reports", "doctors", "prescriptions", "hours", "human"]
        for name in names { parts.intents[name] = Intent(name: name, handler: .say(.named("hello"))) }
        let examples = names.map { name in
            IntentExamples(id: name, examples: (1...12).map { "\(name) number \($0) please" })
        }
        let greeting = IntentExamples(
            id: "greet", examples: ["good morning", "hello", "good morning to all"])
        let families = ["chest pain", "cannot breathe", "took too many pills", "bleeding a lot"].map {
            SafetyFamily(id: $0, level: .emergency, phrases: [$0])
        }
        let assistant = Assistant(
            parts, safety: SafetyFloor(families: families),
            model: IntentModel([greeting] + examples.dropFirst()),
            recognizer: EntityRecognizer([]), digest: "bench")
        var whole = Snapshot.Parts()
        whole.assistants["clinic"] = assistant
        return Snapshot(whole, number: 1)
    }
}
