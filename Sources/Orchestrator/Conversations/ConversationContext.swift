// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// What a conversation's row keeps besides its columns: the dialogue, the deadline of a waiting state, and
/// utterances whose turn has not ended.
package struct ConversationContext: Sendable, Equatable {
    /// More utterances than this are not kept: the oldest is given up.
    static let maxUnanswered = 8

    /// Open flows, slots and counters.
    package var dialogue = DialogueState()
    /// When waiting ends by itself.
    package var claimBy: Timestamp?
    /// The channel from which a member of staff claimed it.
    package var claimedOn: String?
    /// Why people were called, in a word and a name.
    package var reason: String?
    /// Since when it waits, or people have it.
    package var since: Timestamp?
    /// Sequence numbers of utterances that were stored before their turn ended.
    ///
    /// After a crash a retry of such a message runs its turn; for any other an empty answer is the answer.
    package var unanswered: [Int] = []

    /// A conversation in which nothing has been said.
    package init() {}

    /// Reads what ``json`` wrote; whatever is missing is as at the beginning.
    package init(_ json: JSON) {
        dialogue = json["dialogue"].map { DialogueState(json: $0) } ?? DialogueState()
        claimBy = json["claim_by"]?.int.map(Timestamp.init(milliseconds:))
        claimedOn = json["claimed_on"]?.text
        reason = json["reason"]?.text
        since = json["since"]?.int.map(Timestamp.init(milliseconds:))
        unanswered = json["unanswered"]?.list?.compactMap(\.int) ?? []
    }

    /// As it is stored.
    package var json: JSON {
        var object = JSONObject()
        let dialogue = dialogue.json
        if dialogue != [:] { object["dialogue"] = dialogue }
        if let claimBy { object["claim_by"] = .integer(claimBy.milliseconds) }
        if let reason { object["reason"] = .string(reason) }
        if let since { object["since"] = .integer(since.milliseconds) }
        if let claimedOn { object["claimed_on"] = .string(claimedOn) }
        if !unanswered.isEmpty { object["unanswered"] = .array(unanswered.map(JSON.integer)) }
        return .object(object)
    }

    /// Notes what a change of who answers brings with it.
    mutating func note(_ change: Draft.HandoffChange, at now: Timestamp) {
        guard change.from != change.to else { return }
        claimBy = change.to.deadline
        switch change.to {
        case .assistant, .closed: (claimedOn, reason, since) = (nil, nil, nil)
        case .waiting:
            claimedOn = nil
            reason = change.reason ?? reason
            since = now
        case .human:
            claimedOn = change.claimedOn
            reason = change.reason ?? reason
            since = now
        }
    }

    mutating func markUnanswered(_ sequence: Int) {
        unanswered.append(sequence)
        if unanswered.count > Self.maxUnanswered { unanswered.removeFirst() }
    }
}

extension HandoffState {
    /// The state a stored conversation is in.
    package init(_ record: ConversationRecord, claimBy: Timestamp?) {
        switch record.state {
        case .assistant: self = .assistant
        case .closed: self = .closed
        case .human: self = .human(queue: record.queue, staff: record.staff)
        case .waiting:
            // A row without a queue or a deadline would wait for ever; it has waited long enough.
            self = record.queue.map { .waiting(queue: $0, until: claimBy ?? record.updatedAt) } ?? .assistant
        }
    }
}
