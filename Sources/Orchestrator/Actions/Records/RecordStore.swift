// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// Reads rows of the embedded backend as they are at one moment.
package protocol RecordReading: AnyObject {
    /// Rows of a collection that meet all conditions, in the order asked for, then in that of their making.
    func select(
        _ collection: String, where conditions: [RecordCondition], order: [RecordOrder], limit: Int?
    ) throws(StorageError) -> [JSONObject]
}

/// Reads and changes rows of the embedded backend: all of it or, when its body throws, nothing.
package protocol RecordTransaction: RecordReading {
    /// Adds a row and returns it; an `id` is made when there is none, and always is text.
    /// - Throws: `conflict` when a row of that id exists.
    func insert(_ collection: String, values: JSONObject) throws(StorageError) -> JSONObject

    /// Sets members, by name or dotted path, of every row that meets the conditions; returns these rows.
    /// - Throws: `conflict` when it would change an `id`.
    func update(
        _ collection: String, where conditions: [RecordCondition], set values: JSONObject
    ) throws(StorageError) -> [JSONObject]

    /// Removes every row that meets the conditions; returns how many.
    func delete(_ collection: String, where conditions: [RecordCondition]) throws(StorageError) -> Int

    /// What was answered under this idempotency key since then.
    func storedResult(for key: String, since: Timestamp) throws(StorageError) -> JSON?

    /// Keeps an answer under an idempotency key and forgets those from before `expiry`.
    func storeResult(_ result: JSON, for key: String, at: Timestamp, expiry: Timestamp) throws(StorageError)
}

/// Where the rows of the embedded backend are kept.
package protocol RecordStore: Sendable {
    /// Runs the body as one transaction, after those before it; what it throws takes everything back.
    ///
    /// The body runs on the store's own thread and must not keep the transaction.
    func transact<Value: Sendable>(
        _ body: @escaping @Sendable (any RecordTransaction) throws -> Value
    ) async throws -> Value

    /// Runs the body on the rows as they are now, beside writes and other reads.
    func readRecords<Value: Sendable>(
        _ body: @escaping @Sendable (any RecordReading) throws -> Value
    ) async throws -> Value

    /// Brings in the rows of `records` files; returns how many rows were added or changed.
    ///
    /// A seed becomes a row once, follows its edits only while the row is untouched, and never removes or
    /// revives a row.
    func applySeeds(_ seeds: [RecordSeed], now: Timestamp, offsetAt: @escaping @Sendable (Int) -> Int)
        async throws(StorageError) -> Int
}

extension RecordReading {
    /// All rows of a collection that meet the conditions, in the order of their making.
    package func select(
        _ collection: String, where conditions: [RecordCondition] = []
    ) throws(StorageError) -> [JSONObject] {
        try select(collection, where: conditions, order: [], limit: nil)
    }
}

extension RecordStore {
    /// Runs the body once for each idempotency key.
    ///
    /// Within 24 hours the same key is answered as it was then, without running again. A body that throws
    /// keeps nothing, so its key may be tried again.
    package func transactOnce(
        key: String, now: Timestamp, _ body: @escaping @Sendable (any RecordTransaction) throws -> JSON
    ) async throws -> JSON {
        try await transact { transaction in
            let expiry = now - .seconds(24 * 3600)
            if let known = try transaction.storedResult(for: key, since: expiry) { return known }
            let result = try body(transaction)
            try transaction.storeResult(result, for: key, at: now, expiry: expiry)
            return result
        }
    }
}
