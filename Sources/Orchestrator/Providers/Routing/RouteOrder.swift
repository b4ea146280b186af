// SPDX-License-Identifier: Apache-2.0

/// In which order a route's providers are asked for one question.
enum RouteOrder {
    /// The candidates whose conditions hold, in the order in which they are asked; `random` gives 0..<1.
    static func candidates(
        of route: Route, for request: ProviderRequest, memory: RouteMemory, random: () -> Double
    ) -> [RouteCandidate] {
        let usual = usual(of: route, for: request, memory: memory, random: random)
        guard let preferred = request.preferred else { return usual }
        return [preferred] + usual.filter { $0.provider != preferred.provider }
    }

    private static func usual(
        of route: Route, for request: ProviderRequest, memory: RouteMemory, random: () -> Double
    ) -> [RouteCandidate] {
        let fitting = route.entries.compactMap { entry -> RouteCandidate? in
            guard case .provider(let candidate) = entry else { return nil }
            return candidate.condition.holds(for: request) ? candidate : nil
        }
        switch route.order {
        case .listed: return fitting
        case .weighted: return weighted(fitting, random)
        case .leastLatency:
            // One that was never asked goes first, so that it can be known. The sort is stable.
            return fitting.enumerated().map { ($1, memory.state(of: $1.provider).latency ?? 0, $0) }
                .sorted { ($0.1, $0.2) < ($1.1, $1.2) }.map(\.0)
        }
    }

    // Drawn one after the other; those of weight 0 are asked last.
    private static func weighted(_ candidates: [RouteCandidate], _ random: () -> Double) -> [RouteCandidate] {
        var left = candidates
        var drawn: [RouteCandidate] = []
        while !left.isEmpty {
            let whole = left.reduce(0) { $0 + $1.weight }
            var point = random() * Double(whole)
            let index = left.firstIndex { candidate in
                point -= Double(candidate.weight)
                return point < 0
            }
            drawn.append(left.remove(at: index ?? 0))
        }
        return drawn
    }
}

extension RouteCandidate.Condition {
    /// True when all that is asked for holds.
    func holds(for request: ProviderRequest) -> Bool {
        (roles.isEmpty || roles.contains(request.role))
            && (assistants.isEmpty || assistants.contains(request.assistant))
            && (intents.isEmpty || request.intent.map(intents.contains) == true)
            && (languages.isEmpty || languages.contains(request.language))
    }
}
