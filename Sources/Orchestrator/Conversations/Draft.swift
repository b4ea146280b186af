// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// What a turn wants stored: not numbered yet, since an emergency may come before it.
struct Draft: Sendable {
    /// A change of who answers; dropped when it has changed otherwise in the meantime.
    struct HandoffChange: Sendable {
        var from: HandoffState
        var to: HandoffState
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
