// SPDX-License-Identifier: Apache-2.0

package import Intents
import WireProtocols

/// Answers an utterance from the open flow or by its intent.
///
/// The order in which an open flow takes an utterance: a wish to stop; an answer to its question, which may also
/// fill or correct other slots; another intent, after which it goes on where it was; and if it is none of these, the
/// question is asked again.
package struct DialogueEngine: Sendable {
    private let context: DialogueContext

    /// From this score on another intent is taken even where any text would be an answer.
    static let strongScore = 0.9

    /// An engine for one turn.
    package init(_ context: DialogueContext) { self.context = context }

    /// Takes an utterance; `decision` is what the intent model makes of it, nil when it was not asked.
    package func respond(
        to utterance: String, decision: IntentDecision?, state: inout DialogueState
    ) async -> DialogueResult {
        var turn = DialogueTurn(context, utterance: utterance, decision: decision, state: state)
        await turn.run()
        state = turn.state
        if turn.result.isUnderstood { state.otherwiseReset() }
        return turn.result
    }

    /// Asks the open flow's question again, as when the assistant has the conversation back; nil without a flow.
    package func resume(_ state: inout DialogueState) async -> DialogueResult? {
        guard state.open != nil else { return nil }
        var turn = DialogueTurn(context, utterance: "", decision: nil, state: state)
        await turn.resumeOpenFlow()
        state = turn.state
        return turn.result
    }
}
