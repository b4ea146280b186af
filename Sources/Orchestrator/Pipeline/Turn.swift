// SPDX-License-Identifier: Apache-2.0

import Intents
import WireProtocols

/// One message on its way through the stages, with what they have made of it so far.
struct Turn: Sendable {
    /// A question the dialogue leaves to a route.
    struct RouteRequest: Sendable, Hashable {
        /// For a route that an intent names.
        static let usualHistory = 10

        var name: String
        /// How many turns of the conversation go with it.
        var history: Int
    }

    /// The message, who sent it, and the rules that hold for it.
    let incoming: ConversationService.Incoming
    let assistant: Assistant
    let conversation: ConversationRecord
    let finding: SafetyFinding?
    let ledger: TurnLedger
    let cancellation: TurnCancellation
    /// Who answers as the turn begins.
    let handoff: HandoffState
    /// The number the utterance has or will have: the seed of chance and of idempotency keys.
    let sequence: Int

    var dialogue: DialogueState
    var replies: [TurnReply] = []
    /// Said after a route's answer: the question of a flow that waits.
    var followUp: [TurnReply] = []
    var effects: [Effect] = []
    /// Who answers from now on.
    var nextHandoff: HandoffState
    var intent: String?
    /// What escalation rules may count.
    var counted: [EscalationRule.Counter] = []
    /// What an escalation rule wants said when it hands over; nil uses the usual sentence.
    var escalationSentence: ResponseReference?
    /// Why people are called, in a word and a name.
    var handoffReason: String?
    /// Set when nothing but a route is left to answer.
    var route: RouteRequest?
    /// How well the best intent fitted, when none was recognised.
    var unrecognised: Double?
    var failure: ProviderCause?
    /// The failed service's own words, where a contract has people see them.
    var failureDetail: String?
    /// The HTTP status of the failed service.
    var failureStatus: Int?
    /// Where the provider that answered keeps the conversation.
    var thread: String?
    /// For `turns_total`.
    var outcome = TurnOutcome.replied

    var snapshot: Snapshot { incoming.snapshot }
    var caller: Caller { incoming.caller }
    var text: String { incoming.text }
    var now: Timestamp { incoming.now }
}

/// One text of the assistant, before it is a message.
struct TurnReply: Sendable, Hashable {
    var reply: Reply
    /// The id under which pieces of it have gone out; nil gives it a new one.
    var messageID: String?
    var isPartial = false
    var safety: JSON?
    /// What a provider's answer took.
    var usage: JSON?

    init(_ reply: Reply) { self.reply = reply }
}

/// How a turn ended: a label of `turns_total`.
enum TurnOutcome: String, Sendable, Hashable {
    case replied, notUnderstood = "not_understood", providerFailed = "provider_failed", safety, human,
        cancelled, failed
}

/// What a stage leaves to those after it.
enum StageVerdict: Sendable, Hashable {
    /// The next stage looks for an answer.
    case next
    /// There is an answer; only the stages that close a turn follow.
    case answered
    /// The turn is over: not even escalation follows.
    case ended
}

/// One step on the way from a message to its answer.
///
/// The stages and their order are the product's promise.
protocol TurnStage: Sendable {
    /// Makes what it can of the turn.
    /// - Throws: ``StorageError`` when the utterance could not be stored before something outside was asked.
    func handle(_ turn: inout Turn) async throws(StorageError) -> StageVerdict
}
