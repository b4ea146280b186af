// SPDX-License-Identifier: Apache-2.0

/// Who is asked before the others of a route.
package struct ProviderPreference: Sendable, Hashable {
    /// Which providers go first.
    package enum Choice: Sendable, Hashable {
        /// Whoever is first on the route anyhow.
        case usual
        /// The provider of that name, also where the route has it not.
        case provider(String)
        /// Those of a vendor that the route has, or one it goes on to.
        case vendor(String)
    }

    /// Which providers go first.
    package var choice: Choice
    /// What those are asked for; nil leaves it to the route.
    package var model: String?
    /// How freely those word their answer; nil leaves it to the route.
    package var temperature: Double?
    /// Their longest answer in tokens; nil leaves it to the route.
    package var maxTokens: Int?

    /// A preference for a model and its words; nil when nothing is said.
    init?(_ asking: ChannelMessage.Asking) {
        if let vendor = asking.vendor {
            choice = .vendor(vendor)
        } else if let provider = asking.provider {
            choice = .provider(provider)
        } else if asking.model != nil || asking.temperature != nil || asking.maxTokens != nil {
            choice = .usual
        } else {
            return nil
        }
        model = asking.model
        temperature = asking.temperature
        maxTokens = asking.maxTokens
    }
}

/// In which order a route's providers are asked for one question.
struct RouteOrder {
    let parts: Snapshot.Parts
    let memory: RouteMemory
    /// 0..<1.
    let random: () -> Double

    /// The candidates whose conditions hold, in the order in which they are asked.
    ///
    /// `moved` are those that were put first, on this route or one before it.
    func candidates(
        of route: Route, for request: ProviderRequest, moved: inout Set<String>
    ) -> [RouteCandidate] {
        let usual = usual(of: route, for: request).filter { !moved.contains($0.provider) }
        guard let preference = request.preference, moved.isEmpty else { return usual }
        var first: [RouteCandidate]
        switch preference.choice {
        case .usual: first = Array(usual.prefix(1))
        case .provider(let name):
            first = usual.filter { $0.provider == name }.prefix(1).map(\.self)
            if first.isEmpty { first = [RouteCandidate(provider: name)] }
        case .vendor(let vendor):
            first = ([route] + parts.routes(after: route)).flatMap { self.usual(of: $0, for: request) }
                .filter { parts.providers[$0.provider]?.vendor == vendor }
        }
        for index in first.indices { first[index].prefer(preference) }
        moved = Set(first.map(\.provider))
        return first + usual.filter { !moved.contains($0.provider) }
    }

    private func usual(of route: Route, for request: ProviderRequest) -> [RouteCandidate] {
        let fitting = route.candidates.filter { $0.condition.holds(for: request) }
        switch route.order {
        case .listed: return fitting
        case .weighted: return weighted(fitting)
        case .leastLatency:
            // One that was never asked goes first, so that it can be known. The sort is stable.
            return fitting.enumerated().map { ($1, memory.state(of: $1.provider).latency ?? 0, $0) }
                .sorted { ($0.1, $0.2) < ($1.1, $1.2) }.map(\.0)
        }
    }

    // Drawn one after the other; those of weight 0 are asked last.
    private func weighted(_ candidates: [RouteCandidate]) -> [RouteCandidate] {
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

extension Route {
    /// Its providers, as they are written.
    var candidates: [RouteCandidate] {
        entries.compactMap { entry in
            guard case .provider(let candidate) = entry else { return nil }
            return candidate
        }
    }
}

extension Snapshot.Parts {
    /// The routes a route goes on to, in their order.
    func routes(after route: Route) -> [Route] {
        var found: [Route] = []
        var current: Route? = route
        while let here = current, found.count < RouteRunner.maxJumps {
            let next = here.entries.lazy.compactMap { entry -> Route? in
                guard case .route(let name) = entry else { return nil }
                return routes[name]
            }.first
            if let next { found.append(next) }
            current = next
        }
        return found
    }
}

extension RouteCandidate {
    fileprivate mutating func prefer(_ preference: ProviderPreference) {
        model = preference.model ?? model
        temperature = preference.temperature ?? temperature
        maxTokens = preference.maxTokens ?? maxTokens
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
