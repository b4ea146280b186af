// SPDX-License-Identifier: Apache-2.0

/// While a person has the conversation, the assistant is silent: the message is stored and goes to whoever
/// watches, staff among them.
struct HumanStage: TurnStage {
    func handle(_ turn: inout Turn) async throws(StorageError) -> StageVerdict {
        guard case .human = turn.handoff else { return .next }
        turn.outcome = .human
        return .ended
    }
}
