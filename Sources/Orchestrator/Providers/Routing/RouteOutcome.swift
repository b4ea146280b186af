// SPDX-License-Identifier: Apache-2.0

package import Intents
package import WireProtocols

/// What came of a route.
package struct RouteOutcome: Sendable {
    /// The text people have seen.
    package struct Answer: Sendable, Hashable {
        /// The id it was streamed under, and is stored under.
        package var messageID: String
        /// What was said.
        package var text: String
        /// True when it was cut short.
        package var isPartial: Bool
        /// What it rests on.
        package var sources: JSON?
        /// True when pieces of it have gone out.
        package var wasStreamed: Bool
    }

    /// How the route ended.
    package enum End: Sendable {
        case answered
        /// An answer was begun, and ends with what the route says at such an end.
        case cut(ProviderCause)
        /// The model wants actions carried out before it answers.
        case calls([ToolCall])
        case reply(ResponseReference)
        case fail(ResponseReference, ProviderCause)
        case cancelled
    }

    /// The text, if any was seen.
    package var answer: Answer?
    /// How it ended.
    package var end: End
    /// Why the last provider that was asked gave no answer.
    package var lastCause: ProviderCause?
    /// That provider's own words, where a contract has people see them.
    package var lastDetail: String?
    /// The HTTP status it answered with; nil where there was none.
    package var lastStatus: Int?
    /// What the answer took.
    package var usage = AnswerUsage()
    /// Where a provider keeps this conversation from now on, by its name.
    package var threads: [String: String] = [:]
    /// The alarm that the answer itself raised.
    package var finding: SafetyFinding?

    /// An outcome.
    package init(end: End) { self.end = end }
}

/// What an answer took: kept with its message.
package struct AnswerUsage: Sendable, Hashable {
    /// Who gave it, or the last part of it.
    package var provider: String?
    /// The model, as the provider names it.
    package var model: String?
    /// Questions put to providers.
    package var attempts = 0
    /// Tokens of all attempts.
    package var tokens = TokenUsage(input: 0, output: 0)
    /// US dollars by the price table; nil where the model has no price.
    package var dollars: Double?
    /// True when a provider did not say, and tokens were reckoned from the length of the texts.
    package var isEstimated = false
    /// True when it was kept from an earlier question.
    package var isCached = false
    /// When the service says the answer was made.
    package var timestamp: String?
    /// Until the first piece.
    package var firstToken: Duration?
    /// Until the last.
    package var took = Duration.zero

    /// Nothing was asked.
    package init() {}

    /// Adds what earlier rounds of the same turn took.
    mutating func add(_ earlier: AnswerUsage) {
        attempts += earlier.attempts
        tokens.input += earlier.tokens.input
        tokens.output += earlier.tokens.output
        if let spent = earlier.dollars { dollars = (dollars ?? 0) + spent }
        isEstimated = isEstimated || earlier.isEstimated
        firstToken = earlier.firstToken ?? firstToken
        took += earlier.took
    }

    /// As it is stored with the message; nil when no provider answered.
    package var json: JSON? {
        guard let provider else { return nil }
        var object = JSONObject([.init(name: "provider", value: .string(provider))])
        if let model { object["model"] = .string(model) }
        object["attempts"] = .integer(attempts)
        object["input_tokens"] = .integer(tokens.input)
        object["output_tokens"] = .integer(tokens.output)
        if let dollars { object["usd"] = .number(dollars) }
        if isEstimated { object["estimated"] = true }
        if isCached { object["cached"] = true }
        if let timestamp { object["timestamp"] = .string(timestamp) }
        if let firstToken { object["first_token_ms"] = .integer(firstToken.milliseconds) }
        object["total_ms"] = .integer(took.milliseconds)
        return .object(object)
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int {
        let (seconds, fraction) = components
        return Int(seconds) * 1000 + Int(fraction / 1_000_000_000_000_000)
    }
}
