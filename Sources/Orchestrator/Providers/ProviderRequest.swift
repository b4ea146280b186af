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

    /// Something found that may hold the answer.
    package struct Passage: Sendable, Hashable {
        /// Its id, to cite it by.
        package var id: String
        /// Where it is from.
        package var source: String
        /// How well it fits, 0...1.
        package var score: Double
        /// Its text.
        package var text: String

        /// Something found.
        package init(id: String, source: String, score: Double, text: String) {
            self.id = id
            self.source = source
            self.score = score
            self.text = text
        }

        /// As it is kept on a message.
        var json: JSON {
            ["id": .string(id), "source": .string(source), "score": .number(score), "text": .string(text)]
        }
    }

    /// An action that a model may ask for.
    package struct Tool: Sendable, Hashable {
        /// The action's name.
        package var name: String
        /// What it does.
        package var summary: String
        /// JSON Schema of its input.
        package var input: JSON

        /// An action that a model may ask for.
        package init(name: String, summary: String, input: JSON) {
            self.name = name
            self.summary = summary
            self.input = input
        }
    }

    /// An action that was asked for, and what came of it.
    package struct Exchange: Sendable, Hashable {
        /// What the model asked for.
        package var call: ToolCall
        /// What came of it, as JSON.
        package var result: String

        /// An action that was carried out.
        package init(call: ToolCall, result: String) {
            self.call = call
            self.result = result
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
    /// The person's role, for routes that choose by it.
    package var role = ""
    /// The intent that was recognised, for routes that choose by it.
    package var intent: String?
    /// The assistant's first language, for routes that choose by it.
    package var language = "en"
    /// The person's id; for budgets, and for services that ask for it.
    package var user = ""
    /// The conversation's id.
    package var conversation = ""
    /// Passages to rest the answer on.
    package var passages: [Passage] = []
    /// What is on record about the person, where the author lets the model see it.
    package var record: String?
    /// What the person has already seen of the answer, which is to be gone on with.
    package var begun = ""
    /// Actions the model may ask for.
    package var tools: [Tool] = []
    /// Actions it has asked for in this turn.
    package var exchanges: [Exchange] = []
    /// The model; nil leaves it to the provider.
    package var model: String?
    /// How freely it words its answers; nil leaves it to the vendor.
    package var temperature: Double?
    /// The longest answer in tokens; nil leaves it to the vendor.
    package var maxTokens: Int?
    /// Who is asked before the others of the route, as the channel has it.
    package var preference: ProviderPreference?
    /// The assistant at the vendor, where the channel lets its callers choose; nil leaves it to the provider.
    package var assistantID: String?
    /// Where the conversation is at a vendor that has none of `threads`.
    package var thread: String?
    /// Where a provider that keeps conversations itself has this one, by the provider's name.
    package var threads: [String: String] = [:]

    /// A question with what goes before it.
    package init(assistant: String, persona: String? = nil, history: [Line] = [], utterance: String) {
        self.assistant = assistant
        self.persona = persona
        self.history = history
        self.utterance = utterance
    }

    /// True when nothing but the words of the question decides about the answer.
    var isStateless: Bool {
        history.isEmpty && record == nil && exchanges.isEmpty && tools.isEmpty && preference == nil
            && assistantID == nil && thread == nil
    }

    /// About how much text a model is given.
    var bytes: Int {
        let said = history.reduce(utterance.utf8.count + begun.utf8.count) { $0 + $1.text.utf8.count }
        let found = passages.reduce(record?.utf8.count ?? 0) { $0 + $1.text.utf8.count }
        return said + found + (persona?.utf8.count ?? 0)
    }
}
