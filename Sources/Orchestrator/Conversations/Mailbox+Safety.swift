// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WireProtocols

extension Mailbox {
    /// Safety answers that may wait for a store that takes none; a further one goes out all the same.
    static let maxOwed = 64
    /// Safety answers remembered for retries.
    static let maxSafetyAnswers = 8

    /// What a safety answer consists of, before it has its numbers.
    struct SafetyDraft: Sendable {
        var utterance: MessageRecord
        var replies: [MessageRecord]
        var handoff: Draft.HandoffChange?
        var audit: [AuditRecord]
    }

    /// Sends a safety answer at once and cuts the running turn short: nothing here waits.
    ///
    /// In this order, so that what the running turn leaves behind, and who waits in line, come after the answer.
    /// Storing it is left to ``storeOwed()``, which the caller starts.
    func answerAtOnce(_ draft: SafetyDraft, progress: (any TurnProgress)?) -> TurnAnswer {
        let (running, owed) = state.withLock { ($0.line.first?.cancellation, $0.owe(draft)) }
        let (answer, change) = owed
        let messages = [answer.message] + answer.replies
        // While people have the conversation, it is the person alone who is spoken to.
        let isWithPeople = handoff.name == .human
        var deliveries = messages.map { message in
            delivery(
                .message(message), for: isWithPeople && message.author == .assistant ? .owner : .everyone)
        }
        if let change { deliveries.append(delivery(change.event)) }
        if let progress { for delivery in deliveries { progress.report(delivery) } }
        publish(deliveries)
        running?.cancel()
        return answer
    }
}

extension Mailbox.State {
    fileprivate mutating func owe(_ draft: Mailbox.SafetyDraft) -> (answer: TurnAnswer, change: HandoffState?)
    {
        let number = assigned + 1
        var message = draft.utterance
        message.sequence = number
        var replies = draft.replies
        for index in replies.indices {
            replies[index].sequence = number + 1 + index
            replies[index].inReplyTo = number
        }
        let answer = TurnAnswer(message: message, replies: replies)
        remember(answer)
        var change: HandoffState?
        if let wanted = draft.handoff, wanted.from == handoff, wanted.to != handoff {
            handoff = wanted.to
            context.note(wanted, at: draft.utterance.createdAt)
            change = handoff
        }
        if owed.count < Mailbox.maxOwed {
            assigned += 1 + replies.count
            owed.append(OwedTurn(messages: [message] + replies, audit: draft.audit))
        }
        return (answer, change)
    }

    private mutating func remember(_ answer: TurnAnswer) {
        guard answer.message.clientMessageID != nil else { return }
        safetyAnswers.append(answer)
        if safetyAnswers.count > Mailbox.maxSafetyAnswers { safetyAnswers.removeFirst() }
    }
}
