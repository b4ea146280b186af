// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WireProtocols

extension Mailbox {
    /// Adds someone who watches; returns the row as of the first event they will be told.
    func attach(_ subscriber: any ConversationSubscriber, user: String) -> ConversationRecord {
        state.withLock { state in
            state.subscribers.append(Watcher(subscriber: subscriber, user: user))
            return state.stored
        }
    }

    /// Removes someone who watches; an event on its way may still reach them.
    ///
    /// False when they did not.
    func detach(_ subscriber: any ConversationSubscriber) -> Bool {
        state.withLock { state in
            guard let index = state.subscribers.firstIndex(where: { $0.subscriber === subscriber }) else {
                return false
            }
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

    /// The same for several events at once; a channel that had the conversation until now is told of the last.
    func publish(_ deliveries: [ConversationDelivery], formerChannel: String? = nil) {
        let mayDeliver = state.withLock { state in
            guard !state.subscribers.isEmpty || !watchers(state.context.claimedOn, formerChannel).isEmpty else { return false }
            state.outbox += deliveries.map { Outgoing(delivery: $0) }
            state.outbox[state.outbox.count - 1].formerChannel = formerChannel
            defer { state.isDelivering = true }
            return !state.isDelivering
        }
        if mayDeliver { deliverOutbox() }
    }

    /// Delivers what is in the outbox, and what others put there meanwhile.
    ///
    /// Only after `isDelivering` was taken.
    private func deliverOutbox() {
        while true {
            let batch: (events: [Outgoing], watchers: [Watcher], claimed: String?)? = state.withLock { state in
                guard !state.outbox.isEmpty else {
                    state.isDelivering = false
                    return nil
                }
                defer { state.outbox.removeAll(keepingCapacity: true) }
                return (state.outbox, state.subscribers, state.context.claimedOn)
            }
            guard let batch else { return }
            for event in batch.events { deliver(event, batch.watchers, batch.claimed) }
        }
    }

    private func deliver(_ event: Outgoing, _ subscribers: [Watcher], _ claimed: String?) {
        let delivery = event.delivery
        for watcher in subscribers where delivery.audience.includes(watcher.user, of: origin) {
            watcher.subscriber.deliver(delivery)
        }
        guard delivery.audience != .owner else { return }
        for subscriber in watchers(claimed, event.formerChannel) { subscriber.deliver(delivery) }
    }

    /// Tells the one who sent the message, then everyone.
    ///
    /// The first message is theirs if `isQuestion`.
    func announce(
        _ stored: [MessageRecord], isQuestion: Bool, _ change: Change?, _ progress: (any TurnProgress)?
    ) {
        let isWatched = isWatched || change?.claimedBefore != nil
        guard isWatched || progress != nil else { return }
        if let progress, isQuestion, let message = stored.first { reportAccepted(message, to: progress) }
        var deliveries = stored.map { delivery(.message($0)) }
        if let change { deliveries.append(delivery(change.state.event)) }
        if let progress { for delivery in deliveries { progress.report(delivery) } }
        if isWatched, !deliveries.isEmpty { publish(deliveries, formerChannel: change?.claimedBefore) }
    }

    func reportAccepted(_ message: MessageRecord, to progress: any TurnProgress) {
        guard let client = message.clientMessageID else { return }
        let accepted = ConversationEvent.accepted(clientMessageID: client, sequence: message.sequence)
        progress.report(delivery(accepted))
    }

    /// An event of this conversation.
    func delivery(
        _ event: ConversationEvent, for audience: ConversationDelivery.Audience = .everyone
    ) -> ConversationDelivery {
        ConversationDelivery(event, of: id, origin: origin, audience: audience)
    }

    private var isWatched: Bool { state.withLock { !$0.subscribers.isEmpty || !watchers($0.context.claimedOn, nil).isEmpty } }

    // Those who watch the channel it was begun on, the one it was claimed from, and the one that has just lost it.
    private func watchers(_ claimed: String?, _ former: String?) -> [any ConversationSubscriber] {
        guard !feeds.isEmpty else { return [] }
        var channels = [origin.channel]
        for case let channel? in [claimed, former] where !channels.contains(channel) {
            channels.append(channel)
        }
        return feeds.watching(channels)
    }
}

extension ConversationDelivery.Audience {
    /// True for someone who watches and is to be told.
    fileprivate func includes(_ user: String, of origin: ConversationOrigin) -> Bool {
        switch self {
        case .everyone: true
        case .owner: user == origin.user
        case .staff: user != origin.user
        }
    }
}

extension HandoffState {
    /// What those who watch are told.
    var event: ConversationEvent { .state(name, queue: queue, staff: staff) }
}
