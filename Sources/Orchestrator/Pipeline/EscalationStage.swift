// SPDX-License-Identifier: Apache-2.0

/// Calls people when a rule says so: adds its sentence and a handoff, and never takes away the reply.
struct EscalationStage: TurnStage {
    let speaker: Speaker

    func handle(_ turn: inout Turn) async throws(StorageError) -> StageVerdict {
        if turn.counted.isEmpty || turn.outcome == .cancelled { return .next }
        for counter in turn.counted { turn.dialogue.count(counter, at: turn.now) }
        // Whoever waits for people is not called for again.
        guard turn.handoff == .assistant else { return .next }
        guard let rule = turn.assistant.parts.escalations.first(where: { applies($0, turn) }) else {
            return .next
        }
        turn.dialogue.resetCount(rule.counter)
        turn.effects.append(.handoff(queue: rule.queue))
        turn.escalationSentence = rule.say
        turn.handoffReason = rule.counter.rawValue
        return .next
    }

    // Only a rule whose counter went up now can begin to apply.
    private func applies(_ rule: EscalationRule, _ turn: Turn) -> Bool {
        guard turn.counted.contains(rule.counter) else { return false }
        let since = rule.within.map { turn.now - $0 }
        return turn.dialogue.count(of: rule.counter, since: since) >= rule.count
    }
}
