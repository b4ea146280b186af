// SPDX-License-Identifier: Apache-2.0

extension ChannelDialect {
    /// Visitors with an AI, and admins who may take over.
    static let liveChatAI = ChannelDialect(
        type: "live-chat-ai",
        keys: ["issuer", "assistant", "serves", "legacy_admins", "ai", "recovery"],
        requiredKeys: ["assistant"], origins: ["http://localhost:5173"], limits: .unstated
    ) { name, services in LiveChatAIChannel(name: name, services) }
}
