// SPDX-License-Identifier: Apache-2.0

/// Hands over to the queues that flows, intents and rules asked for, and says so.
struct HandoffStage: TurnStage {
    let speaker: Speaker
    let metrics: any TurnMetrics

    func handle(_ turn: inout Turn) async throws(StorageError) -> StageVerdict {
        var asked: Set<String> = []
        // A flow and a rule may ask for the same people: they are called, and the person is told, once.
        for case .handoff(let queue) in turn.effects where asked.insert(queue).inserted {
            let speaker = speaker.bound(to: turn)
            let step = speaker.machine.request(queue, in: turn.nextHandoff, at: turn.now)
            for response in step.says { turn.replies.append(TurnReply(speaker.say(response))) }
            if step.isHandingOver {
                let sentence = turn.escalationSentence ?? .named(BuiltinResponse.handingOver)
                turn.replies.append(TurnReply(speaker.say(sentence)))
            }
            for entered in step.entered {
                metrics.handoff(queue: entered.queue, state: entered.isOpen ? "waiting" : "closed")
            }
            turn.nextHandoff = step.state
            if turn.handoffReason == nil {
                turn.handoffReason = turn.ledger.draft.intent.map { "intent " + $0 }
            }
        }
        return .next
    }
}
