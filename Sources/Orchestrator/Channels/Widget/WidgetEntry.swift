// SPDX-License-Identifier: Apache-2.0

/// What a type of assistant stands for: one of ours, and the providers that may answer for it.
struct WidgetEntry: Sendable {
    let type: String
    let assistant: Assistant
    /// Those of its routes, and of the routes these go on to, in order.
    let providers: [ProviderSettings]

    init?(_ type: String, _ settings: ChannelSettings, _ snapshot: Snapshot) {
        guard let id = settings.choices[type], let assistant = snapshot.assistant(id) else { return nil }
        self.type = type
        self.assistant = assistant
        var names: [String] = []
        for name in assistant.routes {
            guard let route = snapshot.parts.routes[name] else { continue }
            for candidate in ([route] + snapshot.parts.routes(after: route)).flatMap(\.candidates)
            where candidate.condition.fits(id) && !names.contains(candidate.provider) {
                names.append(candidate.provider)
            }
        }
        providers = names.compactMap { snapshot.parts.providers[$0] }
    }

    /// The word for who answers unless something else is asked for.
    var provider: String {
        let vendors = providers.filter { ProviderType.vendors.contains($0.vendor) }
        return (vendors.first { !$0.isOff } ?? vendors.first ?? providers.first)?.vendor ?? "openai"
    }

    /// The words of those that can be asked.
    var vendors: [String] {
        providers.reduce(into: []) { words, provider in
            if !provider.isOff, !words.contains(provider.vendor) { words.append(provider.vendor) }
        }
    }

    /// The assistant at the vendor; nil when none is named.
    var assistantID: String? { providers.lazy.compactMap(\.ownAssistantID).first }

    /// Nobody can answer, because the vendor's assistant is not named.
    var lacksAssistantID: Bool {
        providers.allSatisfy(\.isOff) && assistantID == nil
            && providers.contains { $0.type == "openai-assistants" }
    }
}

extension Assistant {
    /// The routes its questions may take: what it says to anything else first.
    fileprivate var routes: [String] {
        let otherwise = parts.otherwise.compactMap { line -> String? in
            if case .route(let name) = line.answer { name } else { nil }
        }
        let intents = parts.intents.values.sorted { $0.name < $1.name }.compactMap { intent -> String? in
            if case .route(let name) = intent.handler { name } else { nil }
        }
        return otherwise + intents
    }
}

extension RouteCandidate.Condition {
    fileprivate func fits(_ assistant: String) -> Bool {
        (assistants.isEmpty || assistants.contains(assistant))
            && (roles.isEmpty || roles.contains(Identity.anonymousRole))
    }
}

extension ProviderSettings {
    /// The assistant at the vendor, where it names one.
    var ownAssistantID: String? { assistantID.flatMap { $0.isEmpty ? nil : $0 } }
}
