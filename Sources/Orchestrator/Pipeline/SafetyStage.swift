// SPDX-License-Identifier: Apache-2.0

import Intents
import WireProtocols

/// Answers what the safety floor found.
///
/// An emergency is answered on arrival, ahead of every turn; here come the statements that are possibly
/// dangerous, and an emergency that a retry after a crash brings back.
struct SafetyStage: TurnStage {
    let speaker: Speaker

    func handle(_ turn: inout Turn) async throws(StorageError) -> StageVerdict {
        guard let finding = turn.finding, let rule = turn.assistant.parts.families[finding.family] else {
            return answerForeign(&turn)
        }
        let answer = SafetyAnswer(
            finding, rule, speaker: speaker.bound(to: turn), handoff: turn.handoff, now: turn.now)
        turn.replies = answer.replies
        turn.effects = answer.effects
        turn.nextHandoff = answer.handoff
        turn.handoffReason = "\(finding.level.rawValue) \(finding.family)"
        turn.outcome = .safety
        return .ended
    }

    /// The floor cannot vouch for a language the assistant was not written for: the number is shown.
    private func answerForeign(_ turn: inout Turn) -> StageVerdict {
        if case .human = turn.handoff { return .next }
        guard !turn.assistant.parts.families.isEmpty,
            turn.assistant.language.isForeign(turn.text)
        else { return .next }
        turn.replies = [
            TurnReply(speaker.bound(to: turn).say(.named(BuiltinResponse.unsupportedLanguage)))
        ]
        turn.outcome = .notUnderstood
        turn.counted = [.notUnderstood]
        return .answered
    }
}

/// What is said and done about a finding: the family's reply, and its consequences.
///
/// A handoff adds nothing to the text here unless the queue is closed: whoever is in danger reads one
/// message.
struct SafetyAnswer: Sendable {
    var replies: [TurnReply] = []
    var effects: [Effect] = []
    var handoff: HandoffState
    /// Queues entered, for the metrics.
    var entered: [String] = []

    init(
        _ finding: SafetyFinding, _ rule: SafetyRule, speaker: BoundSpeaker, handoff: HandoffState,
        now: Timestamp
    ) {
        self.handoff = handoff
        if finding.level == .possible, rule.level == .emergency {
            // Doubtful, "I took an overdose two years ago": the number is shown, nobody is alarmed.
            say(.named(BuiltinResponse.possibleEmergency), speaker, finding)
            return
        }
        say(rule.say, speaker, finding)
        for consequence in rule.consequences {
            switch consequence {
            case .alert(let alert): effects.append(.alert(alert))
            case .audit(let action): effects.append(.audit(action))
            case .handoff(let queue):
                let step = speaker.machine.request(queue, in: self.handoff, at: now)
                self.handoff = step.state
                entered += step.entered.map(\.queue)
                for response in step.says { say(response, speaker, finding) }
            }
        }
    }

    private mutating func say(
        _ response: ResponseReference, _ speaker: BoundSpeaker, _ finding: SafetyFinding
    ) {
        var reply = TurnReply(speaker.say(response))
        reply.safety = finding.json
        replies.append(reply)
    }
}

extension SafetyFinding {
    /// As it is kept on a message.
    var json: JSON { ["level": .string(level.rawValue), "family": .string(family)] }
}
