// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// One route: who is asked, and what happens when that does not go well.
struct RouteConfig: ConfigMap {
    static let title = "a route"

    let entries: [RouteEntryConfig]
    let order: Located<String>
    let nextOn: [Located<String>]
    let midStream: Located<String>?
    let ending: SayConfig?
    let backoff: Located<Duration>
    let longestWait: Located<Duration>
    let cooldown: CooldownConfig?
    let budget: BudgetConfig?
    let hedgeAfter: Located<Duration>?
    let cache: CacheConfig?

    init(_ map: MapReader) {
        entries = map.required(
            "try", .list(.object(RouteEntryConfig.self)),
            "Asked in order; the last is a `reply`, a `fail` or another `route`.")
        order = map.value(
            "order", .word(Route.Order.allCases.map(\.rawValue)), default: "listed",
            "In which order the providers are asked: as written, by their `weight`, or the soonest first.")
        nextOn =
            map.optional(
                "next_on", .list(.word(ProviderCause.allCases.map(\.rawValue))),
                "The failures after which the next is asked; all when left out.") ?? []
        midStream = map.optional(
            "mid_stream", .word(Route.MidStream.allCases.map(\.rawValue)),
            "What becomes of an answer that is cut while it is read: the next goes on (`resume`), it is begun anew where it can be taken back (`restart`), or it ends with `ending` (`stop`)."
        )
        ending = map.optional(
            "ending", .say, "Said behind an answer that could not be brought to its end.")
        backoff = map.value(
            "backoff", .duration, default: "200ms",
            "The wait before a second attempt, give or take half; doubles with each further one.")
        longestWait = map.value(
            "longest_wait", .duration, default: "5s",
            "The longest wait before an attempt, even if the provider asks for a longer one.")
        cooldown = map.optional(
            "cooldown", .object(CooldownConfig.self), "When a provider is left alone for a while.")
        budget = map.optional(
            "budget", .object(BudgetConfig.self), "What may be spent in a day; then `over_budget`.")
        hedgeAfter = map.optional(
            "hedge_after", .duration,
            "The next is asked too when the first has not begun after this; the slower one is cut off.")
        cache = map.optional("cache", .object(CacheConfig.self), "Keeps answers for the same question.")
    }
}

/// When a provider is left alone.
struct CooldownConfig: ConfigMap {
    static let title = "'cooldown'"

    let failures: Located<Int>
    let within: Located<Duration>
    let rest: Located<Duration>
    let longestRest: Located<Duration>

    init(_ map: MapReader) {
        failures = map.value("failures", .integer(1...1000), default: "5", "After so many failures in a row.")
        within = map.value("within", .duration, default: "1m", "The first of them is no older than this.")
        rest = map.value(
            "for", .duration, default: "5s", "It is left alone for so long; doubles each time.")
        longestRest = map.value("up_to", .duration, default: "30s", "But not beyond this.")
    }
}

/// What may be spent in a day.
struct BudgetConfig: ConfigMap {
    static let title = "'budget'"

    let tokensPerUser: Located<Int>?
    let dollarsPerUser: Located<Double>?
    let tokens: Located<Int>?
    let dollars: Located<Double>?

    init(_ map: MapReader) {
        let most = 0...1_000_000_000_000
        tokensPerUser = map.optional("tokens_per_user_per_day", .integer(most), "Tokens of one person.")
        dollarsPerUser = map.optional(
            "usd_per_user_per_day", .number(0...1_000_000_000), "US dollars of one person, by `prices`.")
        tokens = map.optional("tokens_per_day", .integer(most), "Tokens of all together.")
        dollars = map.optional(
            "usd_per_day", .number(0...1_000_000_000), "US dollars of all together, by `prices`.")
    }
}

/// Which answers are kept.
struct CacheConfig: ConfigMap {
    static let title = "'cache'"

    let keep: Located<Duration>

    init(_ map: MapReader) {
        keep = map.required("for", .duration, "How long an answer is kept.")
        _ = map.required(
            "only", .word(["stateless"]),
            "`stateless`: questions asked without history and without the person's record.")
    }
}

/// One line of `try`.
struct RouteEntryConfig: ConfigMap {
    static let title = "an entry of 'try'"

    let provider: Located<String>?
    let reply: SayConfig?
    let fail: SayConfig?
    let route: Located<String>?
    let model: Located<String>?
    let attempts: Located<Int>
    let firstToken: Located<Duration>
    let idle: Located<Duration>
    let total: Located<Duration>
    let weight: Located<Int>
    let temperature: Located<Double>?
    let maxTokens: Located<Int>?
    let groundedIn: Located<String>?
    let condition: RouteConditionConfig?
    let anchor: SourceRange

    init(_ map: MapReader) {
        provider = map.optional("provider", .name(), "The provider asked.")
        reply = map.optional("reply", .say, "Ends the route with this response.")
        fail = map.optional(
            "fail", .say, "Ends the route as a failure: each channel shows its own, or this response.")
        route = map.optional("route", .name(), "Goes on with another route.")
        model = map.optional("model", .text, "The model; the provider's own when left out.")
        attempts = map.value(
            "attempts", .integer(1...10), default: "1", "How often the provider is asked before the next.")
        firstToken = map.value("first_token", .duration, default: "15s", "Time until the answer begins.")
        idle = map.value("idle", .duration, default: "15s", "Time between two pieces of the answer.")
        total = map.value(
            "total", .duration, default: "45s", "Time for the whole answer; a person does not wait longer.")
        weight = map.value("weight", .integer(0...1000), default: "1", "Its share under `order: weighted`.")
        temperature = map.optional("temperature", .number(0...2), "How freely the model words its answers.")
        maxTokens = map.optional("max_tokens", .integer(1...1_000_000), "The longest answer, in tokens.")
        groundedIn = map.optional(
            "grounded_in", .name(), "The `knowledge` provider whose passages the model is given.")
        condition = map.optional("when", .object(RouteConditionConfig.self), "When it is asked at all.")
        anchor = map.anchor
        map.exactlyOne(of: ["provider", "reply", "fail", "route"])
    }
}

/// When a provider of a route is asked at all.
struct RouteConditionConfig: ConfigMap {
    static let title = "'when' of a route's entry"

    let roles: [Located<String>]
    let assistants: [Located<String>]
    let intents: [Located<String>]
    let languages: [Located<String>]

    init(_ map: MapReader) {
        roles = map.optional("role", .oneOrMore(.name(.role)), "The person has one of these roles.") ?? []
        assistants = map.optional("assistant", .oneOrMore(.name()), "One of these assistants asks.") ?? []
        intents = map.optional("intent", .oneOrMore(.name()), "One of these intents was recognised.") ?? []
        languages =
            map.optional("language", .oneOrMore(.name()), "The assistant's first language is one of these.")
            ?? []
    }
}
