// SPDX-License-Identifier: Apache-2.0

/// The rule choosing who answers; ends in a reply or a failure.
package struct Route: Sendable {
    /// One provider to ask, or the end.
    package enum Entry: Sendable {
        case provider(RouteCandidate)
        case reply(ResponseReference)
        case fail(ResponseReference)
        case route(String)

        /// A provider with the usual limits.
        package static func provider(name: String, attempts: Int, total: Duration) -> Entry {
            var candidate = RouteCandidate(provider: name)
            candidate.attempts = attempts
            candidate.limits.total = total
            return .provider(candidate)
        }
    }

    /// In which order the providers are asked.
    package enum Order: String, Sendable, Hashable, CaseIterable {
        /// As they are written.
        case listed
        /// By chance, in proportion to their weights.
        case weighted
        /// The one that lately began to answer soonest.
        case leastLatency = "least_latency"
    }

    /// What becomes of an answer that was cut after pieces of it were seen.
    package enum MidStream: String, Sendable, Hashable, CaseIterable {
        /// The next attempt goes on where it broke off.
        case resume
        /// It is taken back where that is possible, and begun anew.
        case restart
        /// It ends with the route's `ending`.
        case stop
    }

    /// The route's name, unique in the tree.
    package var name: String
    /// Tried in order.
    package var entries: [Entry]
    /// The causes that lead to the next entry; any other ends the route at its last entry.
    package var nextOn: Set<ProviderCause>
    /// In which order the providers are asked.
    package var order = Order.listed
    /// What becomes of an answer that was cut.
    package var midStream = MidStream.stop
    /// Said behind an answer that could not be brought to its end.
    package var ending = ResponseReference.named(BuiltinResponse.cutOff)
    /// The wait before a second attempt; doubles with each further one.
    package var backoff = Duration.milliseconds(200)
    /// The longest wait before an attempt, whatever the provider asks for.
    package var longestWait = Duration.seconds(5)
    /// When a provider is left alone for a while.
    package var cooldown = CooldownRule()
    /// What may be spent; nil without limit.
    package var budget: Budget?
    /// The next provider is asked too when the first has not begun to answer after this; nil never.
    package var hedgeAfter: Duration?
    /// How long answers to questions without a conversation are kept; nil not at all.
    package var cacheFor: Duration?

    /// A route of these parts.
    package init(name: String, entries: [Entry], nextOn: Set<ProviderCause>) {
        self.name = name
        self.entries = entries
        self.nextOn = nextOn
    }
}

/// One provider of a route, with how it is asked there.
package struct RouteCandidate: Sendable {
    /// Times within which something must happen.
    package struct Limits: Sendable, Hashable {
        /// Until the first piece of the answer.
        package var firstToken = Duration.seconds(15)
        /// Between two pieces.
        package var idle = Duration.seconds(15)
        /// For all attempts together.
        package var total = Duration.seconds(45)

        /// The usual limits.
        package init() {}
    }

    /// Who is asked for what: all that are given must hold.
    package struct Condition: Sendable, Hashable {
        /// Roles of the person; empty is any.
        package var roles: Set<String> = []
        /// The assistant; empty is any.
        package var assistants: Set<String> = []
        /// The intent that was recognised; empty is any.
        package var intents: Set<String> = []
        /// The assistant's languages; empty is any.
        package var languages: Set<String> = []

        /// Holds always.
        package init() {}
    }

    /// The provider's name.
    package var provider: String
    /// The model; nil leaves it to the provider.
    package var model: String?
    /// How often it is asked.
    package var attempts = 1
    /// Its deadlines.
    package var limits = Limits()
    /// Its share under `order: weighted`.
    package var weight = 1
    /// How freely it words its answers; nil leaves it to the vendor.
    package var temperature: Double?
    /// The longest answer in tokens; nil leaves it to the vendor.
    package var maxTokens: Int?
    /// The knowledge provider whose passages it is given.
    package var groundedIn: String?
    /// When it is asked at all.
    package var condition = Condition()

    /// A provider with the usual limits.
    package init(provider: String) { self.provider = provider }
}

/// When a provider is left alone for a while.
package struct CooldownRule: Sendable, Hashable {
    /// After so many failures in a row.
    package var failures = 5
    /// The first of them is no older than this.
    package var within = Duration.seconds(60)
    /// For so long; doubles each time.
    package var rest = Duration.seconds(5)
    /// But not beyond this.
    package var longestRest = Duration.seconds(30)

    /// The usual rule.
    package init() {}
}

/// What a route may spend in a day (UTC); nil is no limit.
package struct Budget: Sendable, Hashable {
    /// Tokens of one person.
    package var tokensPerUser: Int?
    /// Dollars of one person.
    package var dollarsPerUser: Double?
    /// Tokens of all together.
    package var tokens: Int?
    /// Dollars of all together.
    package var dollars: Double?

    /// No limit.
    package init() {}
}
