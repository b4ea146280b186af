// SPDX-License-Identifier: Apache-2.0

/// The stages in the order in which a message meets them.
struct TurnPipeline: Sendable {
    /// Each looks for an answer until one has it.
    let answering: [any TurnStage]
    /// Each adds to the answer.
    let closing: [any TurnStage]

    /// Safety first, then a person if one has taken over, then the open flow and intents, then what is said
    /// otherwise, then a provider by a declared route; escalation whenever a rule says so.
    init(_ settings: ServiceSettings, lookups: LookupNames, revisions: FlowRevisions) {
        let speaker = Speaker()
        answering = [
            SafetyStage(speaker: speaker),
            HumanStage(),
            DialogueStage(
                actions: settings.actions, store: settings.store, lookups: lookups, revisions: revisions),
            OtherwiseStage(speaker: speaker),
            RouteStage(settings, speaker: speaker),
        ]
        closing = [
            EscalationStage(speaker: speaker), HandoffStage(speaker: speaker, metrics: settings.metrics),
        ]
    }

    /// Takes a message through the stages.
    func run(_ turn: inout Turn) async throws(StorageError) {
        for stage in answering {
            switch try await stage.handle(&turn) {
            case .next: continue
            case .ended: return
            case .answered: return try await close(&turn)
            }
        }
        try await close(&turn)
    }

    private func close(_ turn: inout Turn) async throws(StorageError) {
        for stage in closing { _ = try await stage.handle(&turn) }
    }
}
