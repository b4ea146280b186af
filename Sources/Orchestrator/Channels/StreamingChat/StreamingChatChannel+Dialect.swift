// SPDX-License-Identifier: Apache-2.0

extension ChannelDialect {
    /// A chat back end with accounts of its own and answers in pieces.
    static let streamingChat = ChannelDialect(
        type: "streaming-chat", keys: ["issuer", "assistant"], requiredKeys: ["assistant"],
        limits: streamingChatLimits,
        cors: { policy in
            policy.methods = "GET, POST, PUT, DELETE, OPTIONS"
            policy.headers = "Content-Type, Authorization, X-Requested-With"
            policy.allowsCredentials = true
        }
    ) { name, services in StreamingChatChannel(services, name: name) }

    private static var streamingChatLimits: Limits {
        var limits = Limits()
        limits.bodyBytes = 10 << 20
        limits.pingInterval = .seconds(30)
        return limits
    }
}
