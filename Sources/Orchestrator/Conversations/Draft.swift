// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// What a turn wants stored: not numbered yet, since an emergency may come before it.
struct Draft: Sendable {
    /// A change of who answers; dropped when it has changed otherwise in the meantime.
    struct HandoffChange: Sendable {
        var from: HandoffState
        var to: HandoffState
        /// Why people are called, in a word and a name: `intent talk_to_human`, `emergency cardiac`.
        var reason: String?
        /// The channel from which it is claimed.
        var claimedOn: String?
        /// Nothing is stored when it has changed otherwise in the meantime: of two claims one must fail.
        var isRequired = false
    }

    /// The user's message; nil when it is stored already.
    var utterance: MessageRecord?
    /// The stored utterance that the replies answer; nil when `utterance` is it.
    var inReplyTo: Int?
    var replies: [MessageRecord] = []
    /// The ids of messages whose text is shown and not stored.
    var masked: Set<String> = []
    /// The dialogue after the turn; nil leaves it.
    var dialogue: DialogueState?
    var handoff: HandoffChange?
    var audit: [AuditRecord] = []
    /// False for the utterance alone, stored ahead of its replies.
    var endsTurn = true
    var at: Timestamp
}

/// A safety answer that has gone out, with its message, on its way into the store.
struct OwedTurn: Sendable {
    var messages: [MessageRecord]
    var audit: [AuditRecord]
}
