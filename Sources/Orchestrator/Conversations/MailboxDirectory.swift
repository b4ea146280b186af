// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The conversations that are in memory: those in use, and the ones used last.
///
/// Invariant: one mailbox for one conversation. So a mailbox is dropped only while nobody has it checked out
/// and nothing is owed to the store, and loading the same one twice keeps the first.
final class MailboxDirectory: Sendable {
    fileprivate struct Entry {
        let mailbox: Mailbox
        var users = 0
        /// When it was last given back; tells its newest line in `idle` from older ones.
        var stamp = 0
    }

    fileprivate struct State {
        var entries: [String: Entry] = [:]
        var idle: [(id: String, stamp: Int)] = []
        var firstIdle = 0
        var stamp = 0
    }

    private let state = Mutex(State())
    private let store: any ConversationStore
    private let metrics: any TurnMetrics
    private let feeds: ChannelFeeds
    /// Mailboxes kept though nobody uses them.
    private let maxIdle: Int

    init(
        store: any ConversationStore, metrics: any TurnMetrics, feeds: ChannelFeeds = ChannelFeeds(),
        maxIdle: Int = 1024
    ) {
        self.store = store
        self.metrics = metrics
        self.feeds = feeds
        self.maxIdle = maxIdle
    }

    /// How many are in memory.
    var count: Int { state.withLock(\.entries.count) }

    /// The conversation if it is in memory; give it back with ``checkIn(_:)``.
    func checkOutResident(_ id: String) -> Mailbox? {
        state.withLock { state in
            state.entries[id]?.users += 1
            return state.entries[id]?.mailbox
        }
    }

    /// The conversation, read from the store if need be; give it back with ``checkIn(_:)``.
    func checkOut(_ id: String) async throws(StorageError) -> Mailbox? {
        if let resident = checkOutResident(id) { return resident }
        guard let record = try await store.conversation(id) else { return nil }
        return checkOut(record)
    }

    /// A conversation whose row is at hand.
    func checkOut(_ record: ConversationRecord) -> Mailbox {
        state.withLock { state in
            var entry =
                state.entries[record.id]
                ?? Entry(mailbox: Mailbox(record, store: store, metrics: metrics, feeds: feeds))
            entry.users += 1
            state.entries[record.id] = entry
            return entry.mailbox
        }
    }

    /// Gives a mailbox back.
    func checkIn(_ mailbox: Mailbox) {
        state.withLock { state in
            guard var entry = state.entries[mailbox.id] else { return }
            entry.users -= 1
            if entry.users == 0 {
                state.stamp += 1
                entry.stamp = state.stamp
                state.idle.append((mailbox.id, state.stamp))
            }
            state.entries[mailbox.id] = entry
            state.dropIdle(keeping: maxIdle)
        }
    }

    /// Mailboxes in memory.
    func resident() -> [Mailbox] { state.withLock { $0.entries.values.map(\.mailbox) } }
}

extension MailboxDirectory.State {
    fileprivate mutating func dropIdle(keeping most: Int) {
        while idle.count - firstIdle > most {
            let (id, stamp) = idle[firstIdle]
            firstIdle += 1
            guard let entry = entries[id], entry.users == 0, entry.stamp == stamp else { continue }
            guard entry.mailbox.owesNothing else {
                idle.append((id, stamp))
                break
            }
            entries[id] = nil
        }
        if firstIdle > 1024, firstIdle * 2 > idle.count {
            idle.removeFirst(firstIdle)
            firstIdle = 0
        }
    }
}
