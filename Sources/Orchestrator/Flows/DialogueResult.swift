// SPDX-License-Identifier: Apache-2.0

package import Intents

/// What the dialogue makes of one utterance.
package struct DialogueResult: Sendable {
    /// Who has the answer.
    package enum Outcome: Sendable, Hashable {
        /// The replies are the answer.
        case answered
        /// Nothing in the dialogue fits; the best intents there are.
        case notUnderstood(ranking: [IntentMatch])
        /// A route has to answer.
        case route(String)
    }

    /// What is said, in order.
    package var replies: [Reply] = []
    /// Said after a route's answer: the question of a flow that waits.
    package var followUp: [Reply] = []
    /// What is caused besides.
    package var effects: [Effect] = []
    /// Who has the answer.
    package var outcome = Outcome.answered
    /// The intent that was followed; nil when the utterance answered a question.
    package var intent: String?
    /// False when a question had to be asked again, or nothing fits.
    package var isUnderstood = true
    /// True once an action was carried out.
    package var usedAction = false
    /// How many actions failed, rather than refuse for a reason that belongs to the task.
    package var failedActions = 0
    /// The utterance holds something that must not be kept.
    package var utteranceIsSensitive = false
}
