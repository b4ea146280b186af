// SPDX-License-Identifier: Apache-2.0
import Diagnostics

extension RoutingLinker {
    func routes(_ findings: inout LinkFindings) -> [String: Route] {
        var routes: [String: Route] = [:]
        for (name, (config, range)) in index.routes.values {
            let entries = config.entries.compactMap { entry($0, of: name, &findings) }
            checkEnd(of: name, config, range, &findings)
            checkMidStream(of: name, config, range, &findings)
            routes[name] = config.route(named: name, entries)
        }
        checkCycles(
            "route", index.routes.values.mapValues { ($0.range, $0.value.entries.compactMap(\.route)) },
            &findings)
        return routes
    }

    private func entry(
        _ config: RouteEntryConfig, of route: String, _ findings: inout LinkFindings
    ) -> Route.Entry? {
        let user = "the route '\(route)'"
        if let provider = config.provider {
            let type = index.providers.resolve(provider, for: user, &findings)?.type.value
            checkGround(config, for: user, &findings)
            checkModel(config, type, &findings)
            config.condition.map { check($0, for: user, &findings) }
            return .provider(config.candidate(provider.value))
        }
        if let next = config.route {
            index.routes.resolve(next, for: user, &findings)
            return .route(next.value)
        }
        return config.reply.map { .reply($0.reference) } ?? config.fail.map { .fail($0.reference) }
    }

    private func checkGround(_ config: RouteEntryConfig, for user: String, _ findings: inout LinkFindings) {
        guard let ground = config.groundedIn,
            let provider = index.providers.resolve(ground, for: user, &findings),
            provider.type.value != "knowledge"
        else { return }
        findings.error(
            "ground-type", at: ground.range,
            "'\(ground.value)' is of the type '\(provider.type.value)' and has no passages to give",
            help: "name a provider of the type 'knowledge'")
    }

    private func checkModel(_ config: RouteEntryConfig, _ type: String?, _ findings: inout LinkFindings) {
        guard let model = config.model, let kind = type.flatMap(ProviderType.named),
            !kind.keys.contains("model")
        else { return }
        findings.error(
            "provider-key", at: model.range,
            "a provider of the type '\(kind.name)' has no use for 'model'", help: "remove it")
    }

    private func check(
        _ condition: RouteConditionConfig, for user: String, _ findings: inout LinkFindings
    ) {
        for role in condition.roles { index.roles.resolve(role, for: user, &findings) }
        for assistant in condition.assistants { index.assistants.resolve(assistant, for: user, &findings) }
        let known =
            index.assistants.values.values.flatMap { $0.value.config.shared.intents.map(\.name.value) }
            + index.libraries.values.values.flatMap { $0.value.config.shared.intents.map(\.name.value) }
        for intent in condition.intents where !known.contains(intent.value) && !intent.value.isEmpty {
            findings.error(
                "intent-unknown", at: intent.range,
                "\(user) names the intent '\(intent.value)', which does not exist",
                help: nearestName(to: intent.value, in: known).map { "did you mean '\($0)'?" })
        }
    }

    // What the person then sees is a decision, so it is written down (DESIGN 3).
    private func checkMidStream(
        of name: String, _ config: RouteConfig, _ range: SourceRange, _ findings: inout LinkFindings
    ) {
        guard config.midStream == nil,
            let streaming = config.entries.compactMap(\.provider).first(where: {
                let type = index.providers[$0.value]?.type.value
                return type.flatMap(ProviderType.named)?.capabilities.contains(.streaming) == true
            })
        else { return }
        findings.error(
            "key-missing", at: range, "the route '\(name)' needs the key 'mid_stream'",
            help: "say what becomes of an answer that is cut while it is read: mid_stream: resume",
            related: [.init(streaming.range, "'\(streaming.value)' gives its answer piece by piece")])
    }
}

extension RouteConfig {
    fileprivate func route(named name: String, _ entries: [Route.Entry]) -> Route {
        let causes = nextOn.compactMap { ProviderCause(rawValue: $0.value) }
        var route = Route(
            name: name, entries: entries, nextOn: Set(causes.isEmpty ? ProviderCause.allCases : causes))
        route.order = Route.Order(rawValue: order.value) ?? .listed
        route.midStream = midStream.flatMap { Route.MidStream(rawValue: $0.value) } ?? .stop
        if let ending { route.ending = ending.reference }
        route.backoff = backoff.value
        route.longestWait = longestWait.value
        if let cooldown {
            route.cooldown.failures = cooldown.failures.value
            route.cooldown.within = cooldown.within.value
            route.cooldown.rest = cooldown.rest.value
            route.cooldown.longestRest = max(cooldown.rest.value, cooldown.longestRest.value)
        }
        route.budget = budget?.budget
        route.hedgeAfter = hedgeAfter?.value
        route.cacheFor = cache?.keep.value
        return route
    }
}

extension BudgetConfig {
    fileprivate var budget: Budget {
        var budget = Budget()
        budget.tokensPerUser = tokensPerUser?.value
        budget.dollarsPerUser = dollarsPerUser?.value
        budget.tokens = tokens?.value
        budget.dollars = dollars?.value
        return budget
    }
}

extension RouteEntryConfig {
    fileprivate func candidate(_ provider: String) -> RouteCandidate {
        var candidate = RouteCandidate(provider: provider)
        candidate.model = model?.value
        candidate.attempts = attempts.value
        candidate.limits.firstToken = firstToken.value
        candidate.limits.idle = idle.value
        candidate.limits.total = total.value
        candidate.weight = weight.value
        candidate.temperature = temperature?.value
        candidate.maxTokens = maxTokens?.value
        candidate.groundedIn = groundedIn?.value
        if let condition {
            candidate.condition.roles = Set(condition.roles.map(\.value))
            candidate.condition.assistants = Set(condition.assistants.map(\.value))
            candidate.condition.intents = Set(condition.intents.map(\.value))
            candidate.condition.languages = Set(condition.languages.map(\.value))
        }
        return candidate
    }
}
