// SPDX-License-Identifier: Apache-2.0

import WireProtocols

extension SQLiteStore: RecordStore {
    package func transact<Value: Sendable>(
        _ body: @escaping @Sendable (any RecordTransaction) throws -> Value
    ) async throws -> Value {
        try await writeAnything { try body(SQLiteRecordTransaction($0)) }
    }

    package func readRecords<Value: Sendable>(
        _ body: @escaping @Sendable (any RecordReading) throws -> Value
    ) async throws -> Value {
        try await readAnything { try body(SQLiteRecordTransaction($0)) }
    }

    package func applySeeds(
        _ seeds: [RecordSeed], now: Timestamp, offsetAt: @escaping @Sendable (Int) -> Int
    ) async throws(StorageError) -> Int {
        try await write { (connection) throws(StorageError) in
            var changed = 0
            for seed in seeds {
                changed += try SeedSQL.apply(seed, now: now, offsetAt: offsetAt, in: connection)
            }
            return changed
        }
    }
}

private enum SeedSQL {
    static func apply(
        _ seed: RecordSeed, now: Timestamp, offsetAt: (Int) -> Int, in connection: SQLiteConnection
    ) throws(StorageError) -> Int {
        let key: [SQLiteValue] = [.text(seed.collection), .text(seed.id)]
        let known = try connection.rows(
            "SELECT seed_hash FROM record_seeds WHERE collection = ? AND id = ?", key
        ) { $0.text(0) }.first
        let touched = try connection.rows("SELECT touched FROM records WHERE collection = ? AND id = ?", key)
        {
            $0.integer(0) != 0
        }.first
        let hash = seed.hash
        let step = SeedStep(known: known, hash: hash, isTouched: touched)
        guard step != .keep else { return 0 }
        try connection.run(
            """
            INSERT INTO record_seeds (collection, id, seed_hash) VALUES (?, ?, ?) \
            ON CONFLICT (collection, id) DO UPDATE SET seed_hash = excluded.seed_hash
            """, key + [.text(hash)])
        guard step != .remember else { return 0 }
        let body = JSON.object(seed.row(now: now, offsetAt: offsetAt))
        return try connection.run(
            """
            INSERT INTO records (collection, id, body) VALUES (?, ?, ?) \
            ON CONFLICT (collection, id) DO UPDATE SET body = excluded.body
            """, key + [.json(body)])
    }
}
