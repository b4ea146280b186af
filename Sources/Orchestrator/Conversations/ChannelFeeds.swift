// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Who watches whole channels: a dashboard that sees every conversation of its channel.
///
/// Asked with every event, so that a server without a dashboard pays one comparison.
package final class ChannelFeeds: Sendable {
    private let watchers = Mutex<[String: [any ConversationSubscriber]]>([:])
    private let count = Atomic<Int>(0)

    /// Nobody watches.
    package init() {}

    /// Tells the subscriber about every conversation begun on the channel, or claimed there, from now on.
    package func watch(_ channel: String, _ subscriber: any ConversationSubscriber) {
        watchers.withLock { $0[channel, default: []].append(subscriber) }
        count.add(1, ordering: .sequentiallyConsistent)
    }

    /// Ends what ``watch(_:_:)`` began; without one it does nothing.
    package func unwatch(_ channel: String, _ subscriber: any ConversationSubscriber) {
        let isRemoved = watchers.withLock { watchers in
            guard let index = watchers[channel]?.firstIndex(where: { $0 === subscriber }) else {
                return false
            }
            watchers[channel]?.remove(at: index)
            return true
        }
        if isRemoved { count.subtract(1, ordering: .sequentiallyConsistent) }
    }

    /// True while nobody watches any channel.
    var isEmpty: Bool { count.load(ordering: .sequentiallyConsistent) == 0 }

    /// Those who watch any of these channels, each once.
    func watching(_ channels: [String]) -> [any ConversationSubscriber] {
        guard !isEmpty else { return [] }
        return watchers.withLock { watchers in
            guard channels.count > 1 else { return channels.first.flatMap { watchers[$0] } ?? [] }
            var seen: Set<ObjectIdentifier> = []
            return channels.flatMap { watchers[$0] ?? [] }.filter {
                seen.insert(ObjectIdentifier($0)).inserted
            }
        }
    }
}
