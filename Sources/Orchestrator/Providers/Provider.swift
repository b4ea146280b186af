// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// What a provider is asked.
package struct ProviderRequest: Sendable {
    /// One message of the conversation so far.
    package struct Line: Sendable, Hashable {
        /// Who said it.
        package var author: MessageAuthor
        /// What was said.
        package var text: String

        /// A message of the conversation so far.
        package init(author: MessageAuthor, text: String) {
            self.author = author
            self.text = text
        }
    }

    /// The assistant that asks.
    package var assistant: String
    /// How the assistant is told to be; nil when its author says nothing.
    package var persona: String?
    /// What was said before, oldest first.
    package var history: [Line]
    /// What the person says now.
    package var utterance: String

    /// A question with what goes before it.
    package init(assistant: String, persona: String? = nil, history: [Line] = [], utterance: String) {
        self.assistant = assistant
        self.persona = persona
        self.history = history
        self.utterance = utterance
    }
}

/// A provider's whole answer.
package struct ProviderAnswer: Sendable, Hashable {
    /// What it says; with pieces already given to the stream, all of them together.
    package var text: String
    /// The passages it rests on: `[{ id, source, score, text }]`.
    package var sources: JSON?

    /// An answer.
    package init(text: String, sources: JSON? = nil) {
        self.text = text
        self.sources = sources
    }
}

/// An AI vendor or service, or our own retrieval.
package protocol Provider: Sendable {
    /// The name it is configured under.
    var name: String { get }

    /// Answers, giving pieces to `stream` as they come if it can.
    ///
    /// Ends soon after its task is cancelled; whoever asked does not wait for that.
    func answer(_ request: ProviderRequest, stream: AnswerStream) async throws(ProviderError)
        -> ProviderAnswer
}
