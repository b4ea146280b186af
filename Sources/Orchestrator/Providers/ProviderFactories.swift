// SPDX-License-Identifier: Apache-2.0

package import Transport

/// The makers of all provider types of this build.
package enum ProviderFactories {
    /// Those that work without a network.
    package static let offline: [String: ProviderFactory] = [
        "knowledge": KnowledgeProvider.factory, "scripted": RehearsedProvider.factory,
    ]

    /// All of them; vendors are reached through that client.
    package static func all(
        client: HTTPClient, clock: any WallClock = SystemWallClock()
    ) -> [String: ProviderFactory] {
        offline.merging(remote(client, clock)) { _, new in new }
    }

    private static func remote(_ client: HTTPClient, _ clock: any WallClock) -> [String: ProviderFactory] {
        [
            "openai": { settings, _ in
                guard !settings.isOff else { return nil }
                let (key, model) = (settings.key, settings.model)
                let dialect: any VendorDialect =
                    settings.api == "responses"
                    ? ResponsesDialect(key: key, model: model)
                    : ChatCompletionsDialect(key: key, model: model)
                return HTTPProvider(settings, dialect, client: client, clock: clock)
            },
            "openai-assistants": { settings, _ in
                settings.isOff ? nil : ThreadsProvider(settings, client: client, clock: clock)
            },
            "anthropic": { settings, _ in
                guard !settings.isOff else { return nil }
                let dialect = MessagesDialect(key: settings.key, model: settings.model)
                return HTTPProvider(settings, dialect, client: client, clock: clock)
            },
            "google": { settings, _ in
                guard !settings.isOff else { return nil }
                let dialect = GenerateContentDialect(key: settings.key, model: settings.model)
                return HTTPProvider(settings, dialect, client: client, clock: clock)
            },
            "context-http": { settings, _ in
                guard !settings.isOff else { return nil }
                let dialect = ContextDialect(
                    name: settings.name, path: settings.path, key: settings.key,
                    isStreamed: settings.isStreamed)
                return HTTPProvider(settings, dialect, client: client, clock: clock)
            },
        ]
    }
}
