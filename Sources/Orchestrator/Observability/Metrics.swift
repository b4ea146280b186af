// SPDX-License-Identifier: Apache-2.0

/// What the server counts and measures.
///
/// Labels are names from the configuration, never what people wrote.
package final class Metrics: Sendable {
    let turns = MetricFamily(
        "orchestrator_turns_total", "Turns that have ended.", labels: ["assistant", "outcome"], initial: 0)
    let turnSeconds = MetricFamily(
        "orchestrator_turn_seconds", "Time from a message's arrival to the end of its turn.",
        initial: DurationCounts())
    let emergencies = MetricFamily(
        "orchestrator_emergencies_total", "Emergencies recognised.", labels: ["family"], initial: 0)
    let providerRequests = MetricFamily(
        "orchestrator_provider_requests_total", "Questions put to providers.",
        labels: ["provider", "outcome"],
        initial: 0)
    let firstTokenSeconds = MetricFamily(
        "orchestrator_provider_first_token_seconds", "Time until a provider's first piece of an answer.",
        initial: DurationCounts())
    let providerTokens = MetricFamily(
        "orchestrator_provider_tokens_total", "Tokens that questions and answers took.",
        labels: ["provider", "direction"], initial: 0)
    let providerCost = MetricFamily(
        "orchestrator_provider_cost_microusd_total", "Millionths of a US dollar, by the price table.",
        labels: ["provider"], initial: 0)
    let reloads = MetricFamily(
        "orchestrator_config_reloads_total", "Configuration changes taken or refused.", labels: ["outcome"],
        initial: 0)
    let revision = MetricFamily(
        "orchestrator_config_revision_info", "The configuration revision being served.", labels: ["revision"],
        initial: 0)
    let sockets = MetricFamily(
        "orchestrator_sockets", "WebSockets open now.", labels: ["channel"], initial: 0)
    let messages = MetricFamily(
        "orchestrator_messages_total", "Messages stored.", labels: ["author"], initial: 0)
    let handoffs = MetricFamily(
        "orchestrator_handoffs", "Conversations that entered a state of a queue.",
        labels: ["queue", "state"],
        initial: 0)
    let webhooks = MetricFamily(
        "orchestrator_webhooks_total", "What other systems were told, or not.",
        labels: ["webhook", "outcome"], initial: 0)
    let commitSeconds = MetricFamily(
        "orchestrator_store_commit_seconds", "Time a durable write took.", initial: DurationCounts())
    let unstoredSafety = MetricFamily(
        "orchestrator_safety_unstored_total", "Safety answers that went out and could not be stored.",
        initial: 0)

    /// Counts from nothing.
    package init() {}
}

extension Metrics {
    /// A turn of an assistant has ended: `turns_total`, `turn_seconds`.
    package func turnEnded(assistant: String, outcome: String, took: Duration) {
        turns.change([assistant, outcome]) { $0 += 1 }
        turnSeconds.change([]) { $0.add(took) }
    }

    /// An emergency was recognised: `emergencies_total`.
    package func emergency(family: String) { emergencies.change([family]) { $0 += 1 } }

    /// A provider was asked: `provider_requests_total`.
    package func providerAsked(_ provider: String, outcome: String) {
        providerRequests.change([provider, outcome]) { $0 += 1 }
    }

    /// A provider took that many tokens: `provider_tokens_total`, `provider_cost_microusd_total`.
    package func providerUsed(_ provider: String, _ tokens: TokenUsage, dollars: Double) {
        guard tokens.input + tokens.output > 0 else { return }
        providerTokens.change([provider, "input"]) { $0 += tokens.input }
        providerTokens.change([provider, "output"]) { $0 += tokens.output }
        if dollars > 0 { providerCost.change([provider]) { $0 += Int((dollars * 1_000_000).rounded()) } }
    }

    /// A provider began to answer: `provider_first_token_seconds`.
    package func providerBegan(after duration: Duration) { firstTokenSeconds.change([]) { $0.add(duration) } }

    /// A conversation entered a state of a queue: `handoffs`.
    package func handoff(queue: String, state: String) { handoffs.change([queue, state]) { $0 += 1 } }

    /// Messages were stored: `messages_total`.
    package func messagesStored(_ author: MessageAuthor, count: Int) {
        messages.change([author.rawValue]) { $0 += count }
    }

    /// A safety answer went out and could not be stored: `safety_unstored_total`.
    package func safetyUnstored() { unstoredSafety.change([]) { $0 += 1 } }

    /// Another system was told, or not: `webhooks_total`.
    package func webhookSent(_ webhook: String, outcome: String) {
        webhooks.change([webhook, outcome]) { $0 += 1 }
    }

    /// A durable write was made: `store_commit_seconds`.
    package func storeCommitted(in duration: Duration) { commitSeconds.change([]) { $0.add(duration) } }

    /// A change of the configuration was taken or refused: `config_reloads_total`.
    package func reloadEnded(outcome: String) { reloads.change([outcome]) { $0 += 1 } }

    /// Another revision is served: `config_revision_info`.
    package func serving(revision name: String) { revision.replaceAll(with: [name], 1) }

    /// A WebSocket of a channel was opened (+1) or closed (-1): `sockets`.
    package func socketsChanged(channel: String, by change: Int) {
        sockets.change([channel]) { $0 += change }
    }

    /// How many WebSockets of a channel are open.
    package func openSockets(channel: String) -> Int { sockets.value([channel]) ?? 0 }
}
