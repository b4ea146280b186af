// SPDX-License-Identifier: Apache-2.0

extension ChannelDialect {
    /// People and staff in one room: rooms are sessions, staff are whoever may say `admin_message`.
    static let liveChat = ChannelDialect(
        type: "live-chat",
        keys: ["issuer", "assistant", "staff_access", "trust_unknown", "recovery", "serves"],
        requiredKeys: ["assistant"], origins: ["*"], limits: .unstated
    ) { name, services in LiveChatChannel(name: name, services) }
}

extension Limits {
    /// Those of a contract that states none: what a body may hold, a message may.
    ///
    /// The rest is Socket.IO's own.
    static let unstated: Limits = {
        var limits = Limits()
        limits.messageCharacters = 1_000_000
        limits.webSocketMessageBytes = 1_000_000
        limits.pingInterval = .seconds(25)
        limits.pingGrace = .seconds(20)
        return limits
    }()
}
