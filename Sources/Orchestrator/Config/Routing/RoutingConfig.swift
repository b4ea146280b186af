// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// `kind: routing`: providers and routes.
struct RoutingConfig: ConfigMap {
    static let title = "a routing file"

    let providers: [Named<ProviderConfig>]
    let routes: [Named<RouteConfig>]

    init(_ map: MapReader) {
        FileKind.declare(in: map, .routing)
        providers =
            map.optional(
                "providers", .names(.object(ProviderConfig.self)), "Who can answer freely worded questions.")
            ?? []
        routes =
            map.optional("routes", .names(.object(RouteConfig.self)), "Who is asked in which order.") ?? []
    }
}

struct ProviderConfig: ConfigMap {
    static let title = "a provider"
    /// The provider types this build has.
    static let types = ["knowledge"]

    let type: Located<String>
    let sets: [Located<String>]
    let minimumScore: Located<Double>
    let passages: Located<Int>

    init(_ map: MapReader) {
        type = map.required("type", .word(Self.types), "What kind of provider it is.")
        sets = map.required("sets", .list(.name()), "The knowledge sets it searches.")
        minimumScore = map.value(
            "minimum_score", .number(0...1), default: "0.25",
            "Passages that fit less well, 0 to 1, are no answer.")
        passages = map.value(
            "passages", .integer(1...20), default: "3", "At most so many passages are cited.")
    }
}

struct RouteConfig: ConfigMap {
    static let title = "a route"

    let entries: [RouteEntryConfig]
    let nextOn: [Located<String>]

    init(_ map: MapReader) {
        entries = map.required(
            "try", .list(.object(RouteEntryConfig.self)),
            "Asked in order; the last is a `reply`, a `fail` or another `route`.")
        nextOn =
            map.optional(
                "next_on", .list(.word(ProviderCause.allCases.map(\.rawValue))),
                "The failures after which the next is asked; all when left out.") ?? []
    }
}

struct RouteEntryConfig: ConfigMap {
    static let title = "an entry of 'try'"

    let provider: Located<String>?
    let reply: SayConfig?
    let fail: SayConfig?
    let route: Located<String>?
    let attempts: Located<Int>
    let total: Located<Duration>
    let anchor: SourceRange

    init(_ map: MapReader) {
        provider = map.optional("provider", .name(), "The provider asked.")
        reply = map.optional("reply", .say, "Ends the route with this response.")
        fail = map.optional(
            "fail", .say, "Ends the route as a failure: each channel shows its own, or this response.")
        route = map.optional("route", .name(), "Goes on with another route.")
        attempts = map.value(
            "attempts", .integer(1...10), default: "1", "How often the provider is asked before the next.")
        total = map.value(
            "total", .duration, default: "45s", "Time for the whole answer; a person does not wait longer.")
        anchor = map.anchor
        map.exactlyOne(of: ["provider", "reply", "fail", "route"])
    }
}
