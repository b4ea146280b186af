// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// What every assistant can say without being told how.
///
/// A response of the same name in its files takes precedence. Those that come before a question see the
/// flow's name as `label`.
package enum BuiltinResponse {
    /// A flow was ended at the person's wish.
    package static let cancelled = "cancelled"
    /// Stands above the numbered items of a `choose` without `say`.
    package static let chooseOne = "choose_one"
    /// The answer to a `choose` named none of the items, or several.
    package static let chooseAgain = "choose_again"
    /// The answer to a `confirm` was neither a yes nor a no.
    package static let confirmAgain = "confirm_again"
    /// The answer to a slot's question was not understood; the question follows.
    package static let slotAgain = "slot_again"
    /// Asks whether there is more to add to a list of items, where the author gave no `more`.
    package static let anythingElse = "anything_else"
    /// An interrupted flow goes on; its question follows.
    package static let resumeFlow = "resume_flow"
    /// The flow was changed too much to go on with it; it begins anew with what is known.
    package static let flowOutdated = "flow_outdated"
    /// An action failed and the flow says nothing about it; or a flow goes in circles.
    package static let backendDown = "backend_down"
    /// The caller's role may not do what the flow wants to do.
    package static let forbidden = "access_denied"
    /// No provider of a route answered.
    package static let unavailable = "unavailable"
    /// Stands behind an answer that a provider did not bring to its end.
    package static let cutOff = "cut_off"
    /// Asks before an action that a model wants carried out; sees what it is as `label`.
    package static let toolConfirm = "tool_confirm"
    /// Such an action is done.
    package static let toolDone = "tool_done"
    /// The conversation now waits for a person.
    package static let handingOver = "handing_over"
    /// The conversation already waits for a person.
    package static let alreadyWaiting = "already_waiting"
    /// Nobody of the queue is there at this hour.
    package static let queueClosed = "queue_closed"
    /// A person has the conversation, and a channel that owes an answer gets this one.
    package static let withStaff = "with_staff"
    /// The assistant has the conversation again.
    package static let backWithAssistant = "back_with_assistant"
    /// No intent was recognised and `otherwise` has no line for it.
    package static let notUnderstood = "not_understood"
    /// Two intents fit about as well; `${first}` and `${second}` are their labels.
    package static let didYouMean = "did_you_mean"
    /// A message may be about an emergency, and its family says nothing about it.
    package static let possibleEmergency = "possible_emergency"
    /// A message is in a language the assistant was not written for.
    package static let unsupportedLanguage = "unsupported_language"
    /// A message is longer than the channel allows.
    package static let tooLong = "too_long"
    /// The server could not carry out the turn.
    package static let failed = "failed"

    /// The response of a name; nil when none is built in.
    package static func named(_ name: String) -> Response? { table[name] }

    /// All names.
    package static var names: [String] { Array(table.keys) }

    private static let table: [String: Response] = [
        cancelled: Response([Template(literal: "Alright, I have stopped. What else can I do for you?")]),
        chooseOne: Response([Template(literal: "Which one would you like?")]),
        chooseAgain: Response([Template(literal: "Please choose one by its number or its name.")]),
        confirmAgain: Response([Template(literal: "Please answer yes or no.")]),
        slotAgain: Response([Template(literal: "Sorry, I did not understand that.")]),
        anythingElse: Response([Template(literal: "Anything else?")]),
        resumeFlow: Response([Template(literal: "Back to where we were.")]),
        flowOutdated: Response([
            Template(literal: "This has changed in the meantime, so let us go through it again.")
        ]),
        backendDown: Response(
            [Template(literal: "Sorry, that did not work. Please try again in a moment.")], type: "error"),
        forbidden: Response([Template(literal: "Sorry, you may not do that.")], type: "access_denied"),
        unavailable: Response(
            [Template(literal: "Sorry, I cannot answer that right now. Please try again in a moment.")],
            type: "error"),
        cutOff: Response([Template(literal: "(The answer broke off here. Please ask again.)")]),
        toolConfirm: Response([label("Shall I do this for you: ", "?")]),
        toolDone: Response([Template(literal: "Done.")]),
        handingOver: Response([Template(literal: "I am getting a person to help you. Please stay here.")]),
        alreadyWaiting: Response([
            Template(literal: "Somebody will be with you soon. I am still here meanwhile.")
        ]),
        queueClosed: Response([Template(literal: "Nobody is there at the moment.")]),
        withStaff: Response(
            [Template(literal: "Your message has gone to the person who is helping you.")],
            type: "clarification"),
        backWithAssistant: Response([Template(literal: "I am here for you again.")]),
        notUnderstood: Response(
            [Template(literal: "Sorry, I did not understand that. Could you say it in other words?")],
            type: "clarification"),
        didYouMean: Response([
            Template([
                .text("Did you mean "), look("first"), .text(" or "), look("second"), .text("?"),
            ])
        ]),
        possibleEmergency: Response(
            [callNow("If this is an emergency, call ")], type: "clarification"),
        unsupportedLanguage: Response(
            [callNow("Sorry, I cannot read this language. If this is an emergency, call ")],
            type: "clarification"),
        tooLong: Response([
            Template(literal: "That message is too long for me. Please say it in fewer words.")
        ]),
        failed: Response(
            [Template(literal: "Sorry, something went wrong. Please try again in a moment.")], type: "error"),
    ]

    private static func label(_ start: String, _ end: String) -> Template {
        let label = Template.Expression(path: ["label"], filters: [], range: .top(of: "built-in"))
        return Template([.text(start), .value(label), .text(end)])
    }

    private static func look(_ name: String) -> Template.Segment {
        .value(Template.Expression(path: [name], filters: [], range: .top(of: "built-in")))
    }

    private static func callNow(_ start: String) -> Template {
        let number = Template.Expression(
            path: ["settings", "emergency_number"],
            filters: [Filter(.default, "your local emergency number")],
            range: .top(of: "built-in"))
        return Template([.text(start), .value(number), .text(" now. Otherwise please tell me more.")])
    }
}
