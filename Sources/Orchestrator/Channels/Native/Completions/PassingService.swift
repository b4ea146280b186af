// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WireProtocols

/// Answers questions that belong to no stored conversation: the same pipeline over a store that lives as long as
/// the question, for assistants without their flows, handoffs and escalations.
final class PassingService: Sendable {
    private let settings: ServiceSettings
    private let reduced = Mutex<(of: Snapshot, snapshot: Snapshot)?>(nil)

    init(_ service: ConversationService) { settings = service.settings }

    /// A conversation in which so much was said; ask it with `submit`.
    func conversation(
        with assistant: String, of caller: Caller, history: [ProviderRequest.Line], channel: String
    ) async throws(ServiceError) -> (service: ConversationService, id: String) {
        let store = MemoryStore()
        var settings = settings
        settings.store = store
        settings.snapshots = SnapshotStore(snapshot())
        settings.alerts = nil
        let service = ConversationService(settings)
        let record = try await service.begin(assistant: assistant, caller: caller, channel: channel)
        guard !history.isEmpty else { return (service, record.id) }
        var row = record
        row.sequence = history.count
        let messages = history.enumerated().map { index, line in
            MessageRecord(
                id: RandomID.uuid(), conversation: record.id, sequence: index + 1, author: line.author,
                text: line.text, createdAt: record.createdAt)
        }
        do throws(StorageError) {
            try await store.commit(TurnWrite(conversation: row, messages: messages))
        } catch {
            throw ServiceError(error)
        }
        return (service, record.id)
    }

    private func snapshot() -> Snapshot {
        let current = settings.snapshots.current()
        if let known = reduced.withLock({ $0 }), known.of === current { return known.snapshot }
        var parts = current.parts
        parts.assistants = parts.assistants.mapValues(\.withoutDialogue)
        let made = Snapshot(parts, number: current.number)
        reduced.withLock { $0 = (current, made) }
        return made
    }
}

extension Assistant {
    /// The assistant as it answers single questions.
    fileprivate var withoutDialogue: Assistant {
        var parts = parts
        parts.flows = [:]
        parts.escalations = []
        parts.intents = parts.intents.filter { _, intent in
            switch intent.handler {
            case .say, .route: true
            case .flow, .handoff: false
            }
        }
        parts.otherwise = parts.otherwise.map { line in
            var line = line
            // What the client sends is what it wants seen.
            line.history = 100
            if case .handoff = line.answer { line.answer = .say(.named(BuiltinResponse.notUnderstood)) }
            return line
        }
        parts.families = parts.families.mapValues { rule in
            var rule = rule
            rule.consequences = rule.consequences.filter { if case .audit = $0 { true } else { false } }
            return rule
        }
        return Assistant(parts, safety: safety, model: model, recognizer: recognizer, digest: digest)
    }
}
