// SPDX-License-Identifier: Apache-2.0

/// What turns count and measure.
///
/// Labels are names from the configuration, never what people wrote.
package protocol TurnMetrics: Sendable {
    /// A turn of an assistant has ended: `turns_total`, `turn_seconds`.
    func turnEnded(assistant: String, outcome: String, took: Duration)
    /// An emergency was recognised: `emergencies_total`.
    func emergency(family: String)
    /// A provider was asked: `provider_requests_total`.
    func providerAsked(_ provider: String, outcome: String)
    /// A conversation entered a state of a queue: `handoffs`.
    func handoff(queue: String, state: String)
    /// A provider's first piece came after so long: `provider_first_token_seconds`.
    func providerBegan(after duration: Duration)
    /// A durable write took so long: `store_commit_seconds`.
    func storeCommitted(in duration: Duration)
    /// Messages were stored: `messages_total`.
    func messagesStored(_ author: MessageAuthor, count: Int)
    /// A provider took that many tokens: `provider_tokens_total`, `provider_cost_microusd_total`.
    func providerUsed(_ provider: String, _ tokens: TokenUsage, dollars: Double)
    /// A safety answer went out and could not be stored: `safety_unstored_total`.
    func safetyUnstored()
    /// Another system was told, or not: `webhooks_total`.
    func webhookSent(_ webhook: String, outcome: String)
}

extension TurnMetrics {
    /// Counts nothing.
    package func providerUsed(_ provider: String, _ tokens: TokenUsage, dollars: Double) {}
    /// Counts nothing.
    package func webhookSent(_ webhook: String, outcome: String) {}
}

/// Counts nothing.
package struct NoTurnMetrics: TurnMetrics {
    /// Counts nothing.
    package init() {}
    package func turnEnded(assistant: String, outcome: String, took: Duration) {}
    package func emergency(family: String) {}
    package func providerAsked(_ provider: String, outcome: String) {}
    package func handoff(queue: String, state: String) {}
    package func providerBegan(after duration: Duration) {}
    package func storeCommitted(in duration: Duration) {}
    package func messagesStored(_ author: MessageAuthor, count: Int) {}
    package func safetyUnstored() {}
}
