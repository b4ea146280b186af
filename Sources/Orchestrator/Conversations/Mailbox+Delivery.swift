// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WireProtocols

extension Mailbox {
    /// Adds someone who watches; returns the row as of the first event they will be told.
    func attach(_ subscriber: any ConversationSubscriber) -> ConversationRecord {
        state.withLock { state in
            state.subscribers.append(subscriber)
            return state.stored
        }
    }

    /// Removes someone who watches; an event on its way may still reach them.
    ///
    /// False when they did not.
    func detach(_ subscriber: any ConversationSubscriber) -> Bool {
        state.withLock { state in
            guard let index = state.subscribers.firstIndex(where: { $0 === subscriber }) else { return false }
            state.subscribers.remove(at: index)
            return true
        }
    }

    /// Tells everyone who watches.
    ///
    /// Events of several threads reach all subscribers in one order.
    func publish(_ event: ConversationEvent) {
        guard isWatched else { return }
        publish([delivery(event)])
    }

    /// The same for several events at once.
    func publish(_ deliveries: [ConversationDelivery]) {
        let mayDeliver = state.withLock { state in
            guard !state.subscribers.isEmpty || !watchers(state).isEmpty else { return false }
            state.outbox += deliveries
            defer { state.isDelivering = true }
            return !state.isDelivering
        }
        if mayDeliver { deliverOutbox() }
    }

    /// Delivers what is in the outbox, and what others put there meanwhile.
    ///
    /// Only after `isDelivering` was taken.
    func deliverOutbox() {
        while true {
            let batch: (events: [ConversationDelivery], subscribers: [any ConversationSubscriber])? =
                state.withLock { state in
                    guard !state.outbox.isEmpty else {
                        state.isDelivering = false
                        return nil
                    }
                    defer { state.outbox.removeAll(keepingCapacity: true) }
                    return (state.outbox, state.subscribers + watchers(state))
                }
            guard let batch else { return }
            for event in batch.events {
                for subscriber in batch.subscribers { subscriber.deliver(event) }
            }
        }
    }

    /// Tells the one who sent the message, then everyone.
    ///
    /// The first message is theirs if `isQuestion`.
    func announce(
        _ stored: [MessageRecord], isQuestion: Bool, _ change: HandoffState?, _ progress: (any TurnProgress)?
    ) {
        let isWatched = isWatched
        guard isWatched || progress != nil else { return }
        if let progress, isQuestion, let message = stored.first { reportAccepted(message, to: progress) }
        var deliveries = stored.map { delivery(.message($0)) }
        if let change { deliveries.append(delivery(change.event)) }
        if let progress { for delivery in deliveries { progress.report(delivery) } }
        if isWatched { publish(deliveries) }
    }

    func reportAccepted(_ message: MessageRecord, to progress: any TurnProgress) {
        guard let client = message.clientMessageID else { return }
        let accepted = ConversationEvent.accepted(clientMessageID: client, sequence: message.sequence)
        progress.report(delivery(accepted))
    }

    /// An event of this conversation.
    func delivery(_ event: ConversationEvent) -> ConversationDelivery {
        ConversationDelivery(event, of: id, origin: origin)
    }

    /// True while somebody watches.
    var isWatched: Bool { state.withLock { !$0.subscribers.isEmpty || !watchers($0).isEmpty } }

    // Those who watch the channel it was begun on, or the one it was claimed from.
    private func watchers(_ state: State) -> [any ConversationSubscriber] {
        guard let claimed = state.context.claimedOn, claimed != origin.channel else {
            return feeds.watching([origin.channel])
        }
        return feeds.watching([origin.channel, claimed])
    }
}

extension HandoffState {
    /// What those who watch are told.
    var event: ConversationEvent { .state(name, queue: queue, staff: staff) }
}
