// SPDX-License-Identifier: Apache-2.0

/// What an overlay says about a channel's AI; nil leaves it as it is.
package struct OverlayValues: Sendable, Hashable {
    /// Whether a provider answers at all.
    package var isEnabled: Bool?
    /// The provider asked first.
    package var provider: String?
    /// Its model.
    package var model: String?
    /// Takes the place of the persona.
    package var systemPrompt: String?
    /// How freely the model words its answers.
    package var temperature: Double?
    /// The longest answer, in tokens.
    package var maxTokens: Int?

    /// Leaves all as it is.
    package init() {}

    /// The settings with what is said here in place of them.
    func over(_ settings: ChannelAI) -> ChannelAI {
        var ai = settings
        ai.isEnabled = isEnabled ?? ai.isEnabled
        ai.provider = provider ?? ai.provider
        ai.model = model ?? ai.model
        ai.systemPrompt = systemPrompt ?? ai.systemPrompt
        ai.temperature = temperature ?? ai.temperature
        ai.maxTokens = maxTokens ?? ai.maxTokens
        return ai
    }
}

extension ChannelAI {
    /// Asked before those of the route; nil when no provider is named.
    var candidate: RouteCandidate? {
        provider.map { provider in
            var candidate = RouteCandidate(provider: provider)
            candidate.model = model
            candidate.temperature = temperature
            candidate.maxTokens = maxTokens
            return candidate
        }
    }
}
