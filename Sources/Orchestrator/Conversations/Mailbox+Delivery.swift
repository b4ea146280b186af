// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WireProtocols

extension Mailbox {
    /// Adds someone who watches; returns the row as of the first event they will be told.
    func attach(_ subscriber: any ConversationSubscriber, caller: Caller) -> ConversationRecord {
        state.withLock { state in
            state.subscribers.append(Watcher(subscriber: subscriber, caller: caller))
            return state.stored
        }
    }

    /// Removes someone who watches; an event on its way may still reach them.
    ///
    /// Returns whose they were; nil when they did not watch.
    func detach(_ subscriber: any ConversationSubscriber) -> String? {
        state.withLock { state in
            guard let index = state.subscribers.firstIndex(where: { $0.subscriber === subscriber }) else {
                return nil
            }
            return state.subscribers.remove(at: index).caller.user
        }
    }

    /// Tells everyone who watches.
    ///
    /// Events of several threads reach all subscribers in one order.
    func publish(_ event: ConversationEvent) {
        guard isWatched else { return }
        publish([delivery(event)])
    }

    /// The same for several events at once; who had the conversation until now is told of the last.
    func publish(_ deliveries: [ConversationDelivery], former: Holder = Holder()) {
        let mayDeliver = state.withLock { state in
            guard !state.subscribers.isEmpty || !watchers(state.holder, former).isEmpty else { return false }
            state.outbox += deliveries.map { Outgoing(delivery: $0) }
            state.outbox[state.outbox.count - 1].former = former
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
            let batch: (events: [Outgoing], watchers: [Watcher], holder: Holder)? = state.withLock { state in
                guard !state.outbox.isEmpty else {
                    state.isDelivering = false
                    return nil
                }
                defer { state.outbox.removeAll(keepingCapacity: true) }
                return (state.outbox, state.subscribers, state.holder)
            }
            guard let batch else { return }
            for event in batch.events { deliver(event, batch.watchers, batch.holder) }
        }
    }

    private func deliver(_ event: Outgoing, _ subscribers: [Watcher], _ holder: Holder) {
        let delivery = event.delivery
        for watcher in subscribers {
            let caller = watcher.caller
            guard delivery.audience.includes(caller.user, of: origin),
                isEntitled(caller, holder) || isEntitled(caller, event.former)
            else { continue }
            watcher.subscriber.deliver(delivery)
        }
        guard delivery.audience != .owner else { return }
        for subscriber in watchers(holder, event.former) { subscriber.deliver(delivery) }
    }

    // A socket may have been attached while its owner had the conversation, which somebody else has by now.
    private func isEntitled(_ caller: Caller, _ holder: Holder) -> Bool {
        if let channel = caller.staffOf { return origin.channel == channel || holder.channel == channel }
        return caller.user == origin.user || holder.staff == caller.user
            || participants.contains(caller.user)
    }

    /// Tells the one who sent the message, then everyone.
    ///
    /// The first message is theirs if `isQuestion`.
    func announce(
        _ stored: [MessageRecord], isQuestion: Bool, _ change: Change?, _ progress: (any TurnProgress)?
    ) {
        let isWatched = isWatched || change?.former.channel != nil
        guard isWatched || progress != nil else { return }
        if let progress, isQuestion, let message = stored.first { reportAccepted(message, to: progress) }
        var deliveries = stored.map { delivery(.message($0)) }
        if let change { deliveries.append(delivery(change.state.event)) }
        if let progress { for delivery in deliveries { progress.report(delivery) } }
        if isWatched, !deliveries.isEmpty { publish(deliveries, former: change?.former ?? Holder()) }
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

    /// True while somebody watches.
    var isWatched: Bool {
        state.withLock { !$0.subscribers.isEmpty || !watchers($0.holder, Holder()).isEmpty }
    }

    // Those who watch the channel it was begun on, the one it was claimed from, and the one that has just lost it.
    private func watchers(_ holder: Holder, _ former: Holder) -> [any ConversationSubscriber] {
        guard !feeds.isEmpty else { return [] }
        var channels = [origin.channel]
        for case let channel? in [holder.channel, former.channel] where !channels.contains(channel) {
            channels.append(channel)
        }
        return feeds.watching(channels)
    }
}

extension Mailbox.State {
    /// The member of staff who has the conversation just now.
    var holder: Mailbox.Holder { Mailbox.Holder(staff: handoff.staff, channel: context.claimedOn) }
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
