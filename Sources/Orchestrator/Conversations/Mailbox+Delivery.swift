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
        guard state.withLock({ !$0.subscribers.isEmpty }) else { return }
        publish([ConversationDelivery(event, of: id)])
    }

    /// The same for several events at once.
    func publish(_ deliveries: [ConversationDelivery]) {
        let mayDeliver = state.withLock { state in
            guard !state.subscribers.isEmpty else { return false }
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
                    return (state.outbox, state.subscribers)
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
        let isWatched = state.withLock { !$0.subscribers.isEmpty }
        guard isWatched || progress != nil else { return }
        if let progress, isQuestion, let message = stored.first { reportAccepted(message, to: progress) }
        var deliveries = stored.map { ConversationDelivery(.message($0), of: id) }
        if let change { deliveries.append(ConversationDelivery(change.event, of: id)) }
        if let progress { for delivery in deliveries { progress.report(delivery) } }
        if isWatched { publish(deliveries) }
    }

    func reportAccepted(_ message: MessageRecord, to progress: any TurnProgress) {
        guard let client = message.clientMessageID else { return }
        let accepted = ConversationEvent.accepted(clientMessageID: client, sequence: message.sequence)
        progress.report(ConversationDelivery(accepted, of: id))
    }
}

extension HandoffState {
    /// What those who watch are told.
    var event: ConversationEvent { .state(name, queue: queue, staff: staff) }
}
