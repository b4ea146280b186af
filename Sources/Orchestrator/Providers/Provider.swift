// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// An AI vendor or service, or our own retrieval.
package protocol Provider: Sendable {
    /// The name it is configured under.
    var name: String { get }
    /// True when it can go on with an answer that another began.
    var canContinue: Bool { get }
    /// True when asking it costs nothing, so that no budget applies.
    var isFree: Bool { get }

    /// Answers, giving pieces to `stream` as they come if it can.
    ///
    /// Ends soon after its task is cancelled; whoever asked does not wait for that.
    func answer(_ request: ProviderRequest, stream: AnswerStream) async throws(ProviderError)
        -> ProviderAnswer
}

extension Provider {
    /// Models can.
    package var canContinue: Bool { true }
    /// Vendors are not.
    package var isFree: Bool { false }
}

/// A provider's whole answer.
package struct ProviderAnswer: Sendable, Hashable {
    /// What it says; with pieces already given to the stream, all of them together.
    package var text: String
    /// The passages it rests on: `[{ id, source, score, text }]`.
    package var sources: JSON?
    /// The actions it wants carried out before it answers.
    package var calls: [ToolCall] = []
    /// What it counted; nil when it did not say.
    package var usage: TokenUsage?
    /// The model that answered, as it names it.
    package var model: String?
    /// Where it keeps the conversation, for the next question.
    package var thread: String?
    /// When the service says the answer was made.
    package var timestamp: String?
    /// True when it stopped at the longest answer it may give.
    package var isCutShort = false

    /// An answer.
    package init(text: String, sources: JSON? = nil) {
        self.text = text
        self.sources = sources
    }
}

/// Tokens that a question and its answer took.
package struct TokenUsage: Sendable, Hashable {
    /// Of the question.
    package var input: Int
    /// Of the answer.
    package var output: Int

    /// Counted tokens.
    package init(input: Int, output: Int) {
        self.input = input
        self.output = output
    }

    /// Four bytes to a token: near enough for a budget where the vendor says nothing.
    static func estimate(questionBytes: Int, answerBytes: Int) -> TokenUsage {
        TokenUsage(input: (questionBytes + 3) / 4, output: (answerBytes + 3) / 4)
    }
}

/// An action that a model wants carried out.
package struct ToolCall: Sendable, Hashable {
    /// The model's name for this call.
    package var id: String
    /// The action.
    package var name: String
    /// Its input as the model wrote it: JSON, or not.
    package var arguments: String

    /// A wish.
    package init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}
