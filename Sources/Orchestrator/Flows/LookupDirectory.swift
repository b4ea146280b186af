// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WireProtocols

/// Keeps the names of `lookup` entities, fetched from their actions and renewed after their time.
///
/// A table is fetched as nobody in particular: by a caller of the assistant's first role without a user id, so that it
/// never holds what belongs to one person. While a newer one is fetched, and when that fails, the old one serves.
package final class LookupDirectory: Sendable {
    private struct Key: Hashable {
        var assistant: String
        var entity: String
        /// The action may be another after an edit.
        var digest: String
    }
    private struct Entry {
        var table: LookupTable
        var renewAt: Timestamp
        var isRenewing = false
    }

    /// One entry for each lookup entity of the assistants in use; an older revision's is dropped with the next one.
    private let entries = Mutex<[Key: Entry]>([:])
    private let runner: any ActionRunner
    /// How soon a failed fetch is tried again.
    private static let retry = Duration.seconds(30)

    /// A directory that fetches with that runner.
    package init(runner: any ActionRunner) { self.runner = runner }

    /// The names of an assistant's lookup entities; one whose action fails is left out until it answers.
    package func tables(
        for assistant: Assistant, collections: [String: RecordCollection], now: Timestamp
    ) async -> [String: LookupTable] {
        var tables: [String: LookupTable] = [:]
        for (entity, lookup) in assistant.parts.lookups {
            let key = Key(assistant: assistant.id, entity: entity, digest: assistant.digest)
            tables[entity] = await table(key, lookup, assistant, collections, now)
        }
        return tables
    }

    /// Forgets everything, so that the next turn fetches anew: after rows were changed by an edit.
    package func forget() { entries.withLock { $0 = [:] } }

    private func table(
        _ key: Key, _ lookup: Lookup, _ assistant: Assistant, _ collections: [String: RecordCollection], _ now: Timestamp
    ) async -> LookupTable? {
        let known = entries.withLock { entries -> LookupTable? in
            guard var entry = entries[key] else { return nil }
            if now >= entry.renewAt, !entry.isRenewing {
                entry.isRenewing = true
                entries[key] = entry
                return nil
            }
            return entry.table
        }
        if let known { return known }
        let fetched = await fetch(lookup, assistant, collections, now)
        return entries.withLock { entries in
            guard let table = fetched ?? entries[key]?.table else { return nil }
            let wait = fetched == nil ? Self.retry : lookup.keep
            entries = entries.filter { $0.key.assistant != key.assistant || $0.key.digest == key.digest }
            entries[key] = Entry(table: table, renewAt: now + wait)
            return table
        }
    }

    private func fetch(
        _ lookup: Lookup, _ assistant: Assistant, _ collections: [String: RecordCollection], _ now: Timestamp
    ) async -> LookupTable? {
        guard let action = assistant.parts.actions[lookup.action] else { return nil }
        let context = ActionContext(
            caller: Caller(user: "", role: assistant.parts.roles.first ?? ""), settings: assistant.parts.settings,
            time: LocalTime(now: now, assistant: assistant), collections: collections)
        // A name that cannot be looked up is asked for again; the turn goes on without it.
        guard let rows = try? await runner.run(action, input: JSONObject(), context: context) else { return nil }
        return LookupTable(rows: rows, lookup: lookup)
    }
}
