// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// What the conversation service is wired to.
package struct ServiceSettings: Sendable {
    /// What the server runs on.
    package var snapshots: SnapshotStore
    /// Where conversations are kept.
    package var store: any ConversationStore
    /// Performs declared actions.
    package var actions: any ActionRunner
    /// The providers of each snapshot.
    package var registries: ProviderRegistries
    /// What time it is.
    package var clock: any WallClock = SystemWallClock()
    /// Lets time pass for deadlines of providers and queues.
    package var delay: any Delay = SystemDelay()
    /// What is counted.
    package var metrics: any TurnMetrics = NoTurnMetrics()
    /// Tells people of a role at once; nil tells nobody.
    package var alerts: (any AlertSink)?
    /// Tells other systems; nil tells none.
    package var webhooks: WebhookSender?
    /// Compiles an assistant of an earlier snapshot from the files the store kept; nil when it cannot.
    package var recompile: @Sendable (FlowBundle) async -> Assistant? = { _ in nil }
    /// What routes remember from turn to turn.
    package var routes = RouteMemory()
    /// What the operator is told.
    package var log: any LogSink = SilentLog()
    /// Chance, 0..<1, for the wait before another attempt and for weights.
    package var random: @Sendable () -> Double = { Double.random(in: 0..<1) }
    /// Conversations kept in memory though nobody uses them.
    package var idleConversations = 1024

    /// A service on these parts, with the machine's clock and no metrics.
    package init(
        snapshots: SnapshotStore, store: any ConversationStore, actions: any ActionRunner,
        registries: ProviderRegistries
    ) {
        self.snapshots = snapshots
        self.store = store
        self.actions = actions
        self.registries = registries
    }
}

/// Takes alerts to the sockets of those they are for.
package protocol AlertSink: Sendable {
    /// Tells them; the delivery's event is an `alert`. Must not block.
    func raise(_ delivery: ConversationDelivery)
}
