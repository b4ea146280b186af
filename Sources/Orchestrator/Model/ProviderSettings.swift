// SPDX-License-Identifier: Apache-2.0

/// A provider as configured.
package struct ProviderSettings: Sendable {
    /// One HTTP header the provider is sent.
    package struct Header: Sendable {
        /// The header's name.
        package var name: String
        /// Its value.
        package var value: String

        /// A header.
        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The provider's name, unique in the tree.
    package var name: String
    /// Its type: `openai`, `knowledge`, ...
    package var type: String
    /// For `knowledge`: the sets it searches.
    package var sets: [String] = []
    /// For `knowledge`: passages below this score, 0...1, are no answer.
    package var minimumScore = 0.25
    /// For `knowledge`: at most so many passages are cited.
    package var passages = 3
    /// The address it is reached at; empty is off.
    package var url = ""
    /// What is put behind the address, where the type does not say.
    package var path = ""
    /// The key; nil where none was written, empty is off.
    package var key: Secret?
    /// The model asked where the route names none; nil leaves it to the vendor.
    package var model: String?
    /// For `openai`: `chat` or `responses`.
    package var api = "chat"
    /// For `openai-assistants`: the assistant at the vendor; empty is off.
    package var assistantID: String?
    /// For `context-http`: the answer is asked for as an event stream.
    package var isStreamed = true
    /// Sent with each request.
    package var headers: [Header] = []
    /// A file of certificates to trust in place of the system's.
    package var trust: String?
    /// Time to connect.
    package var connect = Duration.seconds(1)
    /// At most so many questions at once.
    package var concurrency = 64
    /// At most so many wait for a place; one more is turned away as `overloaded`.
    package var queue = 64
    /// How long one waits for a place.
    package var queueWait = Duration.seconds(2)
    /// For `scripted`: what is answered, in turn.
    package var says: [String] = []

    /// A provider of that name and type.
    package init(name: String, type: String) {
        self.name = name
        self.type = type
    }

    /// A provider that searches knowledge sets.
    package init(name: String, type: String, sets: [String], minimumScore: Double, passages: Int) {
        self.init(name: name, type: type)
        self.sets = sets
        self.minimumScore = minimumScore
        self.passages = passages
    }

    /// Whose service it is, in the word that clients use: `openai`, `anthropic`, `google`, `azure`, else its type.
    package var vendor: String {
        if ProviderType.vendors.contains(name) { return name }
        return type == "openai-assistants" ? "openai" : type
    }

    /// True when an empty key, address or id keeps it from being asked.
    package var isOff: Bool {
        guard ProviderType.named(type)?.keys.contains("url") == true else { return false }
        if url.isEmpty { return true }
        return key?.revealed.isEmpty == true || assistantID?.isEmpty == true
    }
}

/// What a million tokens of a model cost, in US dollars.
package struct ModelPrice: Sendable, Hashable {
    /// For a million tokens of the question.
    package var input: Double
    /// For a million tokens of the answer.
    package var output: Double

    /// A model's price.
    package init(input: Double, output: Double) {
        self.input = input
        self.output = output
    }

    /// What that many tokens cost.
    package func cost(input inputTokens: Int, output outputTokens: Int) -> Double {
        (Double(inputTokens) * input + Double(outputTokens) * output) / 1_000_000
    }
}

/// Why a provider gave no answer; one word in `next_on`, `fail`, tests and metrics.
package enum ProviderCause: String, Sendable, Hashable, CaseIterable {
    case connectionRefused = "connection_refused"
    case unreachable
    case timeout
    case rateLimited = "rate_limited"
    case overloaded
    case serverError = "server_error"
    case rejected
    case malformed
    case cut
    case declined
    case overBudget = "over_budget"
}
