// SPDX-License-Identifier: Apache-2.0

extension ChannelDialect {
    /// A chat window on a page: one request for each message, no accounts, conversations known by their ids.
    static let widget = ChannelDialect(
        type: "widget", keys: ["assistants", "assistant_override", "open_in_development"],
        requiredKeys: ["assistants"], choice: .byName, limits: widgetLimits,
        cors: { policy in
            policy.methods = "GET, POST, DELETE, OPTIONS"
            policy.headers = "Content-Type, Authorization"
        }
    ) { name, services in WidgetChannel(name: name, services) }

    private static var widgetLimits: Limits {
        var limits = Limits()
        limits.bodyBytes = 10 << 20
        limits.messageCharacters = 4000
        limits.requests = RequestLimit(max: 100, per: .seconds(900))
        return limits
    }
}
