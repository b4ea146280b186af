// SPDX-License-Identifier: Apache-2.0

/// Answers what nobody understood, by the first line of `otherwise` that applies.
struct OtherwiseStage: TurnStage {
    let speaker: Speaker

    func handle(_ turn: inout Turn) async throws(StorageError) -> StageVerdict {
        guard turn.route == nil, let score = turn.unrecognised else {
            return turn.route == nil ? .answered : .next
        }
        turn.outcome = .notUnderstood
        guard let index = line(for: score, in: turn) else {
            turn.counted.append(.notUnderstood)
            turn.replies.append(TurnReply(speaker.bound(to: turn).say(.named(BuiltinResponse.notUnderstood))))
            return .answered
        }
        turn.dialogue.otherwiseUsed(index)
        let line = turn.assistant.parts.otherwise[index]
        switch line.answer {
        case .say(let response):
            turn.counted.append(.notUnderstood)
            turn.replies.append(TurnReply(speaker.bound(to: turn).say(response)))
            return .answered
        case .handoff(let queue):
            turn.counted.append(.notUnderstood)
            turn.effects.append(.handoff(queue: queue))
            return .answered
        case .route(let name):
            turn.route = Turn.RouteRequest(name: name, history: line.history)
            return .next
        }
    }

    private func line(for score: Double, in turn: Turn) -> Int? {
        turn.assistant.parts.otherwise.indices.first { index in
            let line = turn.assistant.parts.otherwise[index]
            if let below = line.below, score >= below { return false }
            if let times = line.times, turn.dialogue.otherwiseTimes(index) >= times { return false }
            return true
        }
    }
}
