// SPDX-License-Identifier: Apache-2.0

extension ChannelAI {
    /// The settings with what is said here in place of them.
    func over(_ settings: ChannelAI) -> ChannelAI {
        var ai = settings
        ai.enabled = enabled ?? ai.enabled
        ai.provider = provider ?? ai.provider
        ai.model = model ?? ai.model
        ai.systemPrompt = systemPrompt ?? ai.systemPrompt
        ai.temperature = temperature ?? ai.temperature
        ai.maxTokens = maxTokens ?? ai.maxTokens
        return ai
    }
}
