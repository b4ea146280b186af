// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WireProtocols

/// The names of `lookup` entities, read by their actions in the background: a turn never waits for them, and
/// until they are there such an entity finds nothing.
///
/// Names are read with every row of every collection in view: they are what anyone may say, and decide
/// nothing.
package final class LookupNames: Sendable {
    /// How soon names that could not be read are tried again.
    static let retryAfter = Duration.seconds(5)

    fileprivate struct Key: Hashable {
        var assistant: String
        var entity: String
        var lookup: Lookup
    }

    fileprivate struct Entry {
        var table: LookupTable?
        /// From then on they are read again, while the old ones still serve.
        var staleAt: Timestamp
        var isReading = false
    }

    private let entries = Mutex<[Key: Entry]>([:])
    private let actions: any ActionRunner
    private let clock: any WallClock

    init(actions: any ActionRunner, clock: any WallClock) {
        self.actions = actions
        self.clock = clock
    }

    /// The names known now, by entity; what is old is read again in the background.
    func tables(for assistant: Assistant, in snapshot: Snapshot) -> [String: LookupTable] {
        guard !assistant.parts.lookups.isEmpty else { return [:] }
        let now = clock.now()
        var tables: [String: LookupTable] = [:]
        for (entity, lookup) in assistant.parts.lookups {
            let key = Key(assistant: assistant.id, entity: entity, lookup: lookup)
            let (table, mustRead) = entries.withLock { $0.claim(key, at: now) }
            tables[entity] = table
            // Ends when the action has answered.
            if mustRead { Task { await self.read(key, assistant, snapshot) } }
        }
        return tables
    }

    /// Reads the names of all assistants of a snapshot and forgets those that none of them has; called at
    /// start and right after a snapshot was swapped in.
    package func fill(_ snapshot: Snapshot) async {
        var wanted: Set<Key> = []
        for assistant in snapshot.parts.assistants.values {
            for (entity, lookup) in assistant.parts.lookups {
                let key = Key(assistant: assistant.id, entity: entity, lookup: lookup)
                wanted.insert(key)
                await read(key, assistant, snapshot)
            }
        }
        entries.withLock { entries in entries = entries.filter { wanted.contains($0.key) } }
    }

    private func read(_ key: Key, _ assistant: Assistant, _ snapshot: Snapshot) async {
        guard let action = assistant.parts.actions[key.lookup.action] else { return }
        let now = clock.now()
        let context = ActionContext(
            caller: Caller(user: "system", role: "system"), settings: assistant.parts.settings,
            time: LocalTime(now: now, assistant: assistant),
            collections: snapshot.parts.collections.mapValues { RecordCollection(name: $0.name, access: nil) }
        )
        let rows = try? await actions.run(action, input: JSONObject(), context: context)
        let table = rows.map { LookupTable(rows: $0, lookup: key.lookup) }
        entries.withLock { entries in
            let staleAt = now + (table == nil ? Self.retryAfter : key.lookup.keep)
            entries[key] = Entry(table: table ?? entries[key]?.table, staleAt: staleAt)
        }
    }
}

extension [LookupNames.Key: LookupNames.Entry] {
    /// What is known, and whether the one who asked is to read it again.
    fileprivate mutating func claim(_ key: Key, at now: Timestamp) -> (table: LookupTable?, mustRead: Bool) {
        var entry = self[key] ?? LookupNames.Entry(staleAt: now)
        let mustRead = entry.staleAt <= now && !entry.isReading
        if mustRead { entry.isReading = true }
        self[key] = entry
        return (entry.table, mustRead)
    }
}
