// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WireProtocols

/// The rows of the embedded backend in memory: a value, so that a transaction is a copy kept or dropped.
struct MemoryRecords: Sendable {
    struct Row: Sendable {
        var id: String
        var body: JSONObject
        var isTouched: Bool
    }

    struct SeedKey: Hashable, Sendable {
        var collection: String
        var id: String
    }

    var rows: [String: [Row]] = [:]
    var seeds: [SeedKey: String] = [:]
    var results: [String: (result: JSON, at: Timestamp)] = [:]

    mutating func apply(_ seeds: [RecordSeed], now: Timestamp, offsetAt: (Int) -> Int) -> Int {
        var changed = 0
        for seed in seeds {
            let key = SeedKey(collection: seed.collection, id: seed.id)
            let index = rows[seed.collection]?.firstIndex { $0.id == seed.id }
            let isTouched = index.flatMap { rows[seed.collection]?[$0].isTouched }
            let hash = seed.hash
            let step = SeedStep(known: self.seeds[key], hash: hash, isTouched: isTouched)
            self.seeds[key] = hash
            guard step == .insert || step == .update else { continue }
            let row = Row(id: seed.id, body: seed.row(now: now, offsetAt: offsetAt), isTouched: false)
            if let index {
                rows[seed.collection]?[index] = row
            } else {
                rows[seed.collection, default: []].append(row)
            }
            changed += 1
        }
        return changed
    }
}

/// A transaction over rows in memory.
final class MemoryRecordTransaction: RecordTransaction {
    var records: MemoryRecords

    init(_ records: MemoryRecords) { self.records = records }

    func select(
        _ collection: String, where conditions: [RecordCondition], order: [RecordOrder], limit: Int?
    ) throws(StorageError) -> [JSONObject] {
        let condition = RecordCondition.all(conditions)
        let found = (records.rows[collection] ?? []).lazy.map(\.body).filter(condition.matches)
        if order.isEmpty { return Array(found.prefix(limit ?? .max)) }
        return Array(order.sorted(Array(found)).prefix(limit ?? .max))
    }

    func insert(_ collection: String, values: JSONObject) throws(StorageError) -> JSONObject {
        let (row, id) = values.identified(RandomID.uuid)
        guard records.rows[collection]?.contains(where: { $0.id == id }) != true else {
            throw StorageError(.conflict, "a row of that id exists already")
        }
        records.rows[collection, default: []].append(MemoryRecords.Row(id: id, body: row, isTouched: true))
        return row
    }

    func update(
        _ collection: String, where conditions: [RecordCondition], set values: JSONObject
    ) throws(StorageError) -> [JSONObject] {
        let condition = RecordCondition.all(conditions)
        var changed: [JSONObject] = []
        for (index, row) in (records.rows[collection] ?? []).enumerated() where condition.matches(row.body) {
            let body = try row.body.updated(with: values)
            records.rows[collection]?[index].body = body
            records.rows[collection]?[index].isTouched = true
            changed.append(body)
        }
        return changed
    }

    func delete(_ collection: String, where conditions: [RecordCondition]) throws(StorageError) -> Int {
        let condition = RecordCondition.all(conditions)
        let before = records.rows[collection]?.count ?? 0
        records.rows[collection]?.removeAll { condition.matches($0.body) }
        return before - (records.rows[collection]?.count ?? 0)
    }

    func storedResult(for key: String, since: Timestamp) throws(StorageError) -> JSON? {
        records.results[key].flatMap { $0.at >= since ? $0.result : nil }
    }

    func storeResult(
        _ result: JSON, for key: String, at: Timestamp, expiry: Timestamp
    ) throws(StorageError) {
        records.results = records.results.filter { $0.value.at >= expiry }
        records.results[key] = (result, at)
    }
}

extension MemoryStore: RecordStore {
    package func transact<Value: Sendable>(
        _ body: @escaping @Sendable (any RecordTransaction) throws -> Value
    ) async throws -> Value {
        try probeNow()
        return try records.withLock { records in
            let transaction = MemoryRecordTransaction(records)
            let value = try body(transaction)
            records = transaction.records
            return value
        }
    }

    package func readRecords<Value: Sendable>(
        _ body: @escaping @Sendable (any RecordReading) throws -> Value
    ) async throws -> Value {
        try probeNow()
        let copy = records.withLock { $0 }
        return try body(MemoryRecordTransaction(copy))
    }

    package func applySeeds(
        _ seeds: [RecordSeed], now: Timestamp, offsetAt: @escaping @Sendable (Int) -> Int
    ) async throws(StorageError) -> Int {
        try probeNow()
        return records.withLock { $0.apply(seeds, now: now, offsetAt: offsetAt) }
    }
}
