// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// `kind: routing`: providers, routes and prices.
struct RoutingConfig: ConfigMap {
    static let title = "a routing file"

    let providers: [Named<ProviderConfig>]
    let routes: [Named<RouteConfig>]
    let prices: [Named<PriceConfig>]

    init(_ map: MapReader) {
        FileKind.declare(in: map, .routing)
        providers =
            map.optional(
                "providers", .names(.object(ProviderConfig.self)), "Who can answer freely worded questions.")
            ?? []
        routes =
            map.optional("routes", .names(.object(RouteConfig.self)), "Who is asked in which order.") ?? []
        prices =
            map.optional(
                "prices", .names(.object(PriceConfig.self), rule: .free),
                "What models cost, by the name they are asked under.") ?? []
    }
}

/// What a model costs.
struct PriceConfig: ConfigMap {
    static let title = "a price"

    let input: Located<Double>
    let output: Located<Double>

    init(_ map: MapReader) {
        input = map.required("input", .number(0...10_000), "US dollars for a million tokens of the question.")
        output = map.required("output", .number(0...10_000), "US dollars for a million tokens of the answer.")
    }
}
