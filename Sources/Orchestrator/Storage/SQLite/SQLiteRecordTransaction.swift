// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// A transaction over rows in SQLite: SQL picks what can match, `RecordCondition.matches` decides.
final class SQLiteRecordTransaction: RecordTransaction {
    private struct Row {
        var number: Int
        var body: JSONObject
    }

    private let connection: SQLiteConnection

    init(_ connection: SQLiteConnection) { self.connection = connection }

    func select(
        _ collection: String, where conditions: [RecordCondition], order: [RecordOrder], limit: Int?
    ) throws(StorageError) -> [JSONObject] {
        let rows = try find(collection, conditions, limit: order.isEmpty ? limit : nil).map(\.body)
        return Array(order.sorted(rows).prefix(limit ?? .max))
    }

    func insert(_ collection: String, values: JSONObject) throws(StorageError) -> JSONObject {
        let (row, id) = values.identified(RandomID.uuid)
        do throws(StorageError) {
            try connection.run(
                "INSERT INTO records (collection, id, body, touched) VALUES (?, ?, ?, 1)",
                .text(collection), .text(id), .json(.object(row)))
        } catch  where error.kind == .conflict {
            throw StorageError(.conflict, "a row of that id exists already")
        }
        return row
    }

    func update(
        _ collection: String, where conditions: [RecordCondition], set values: JSONObject
    ) throws(StorageError) -> [JSONObject] {
        var changed: [JSONObject] = []
        for row in try find(collection, conditions, limit: nil) {
            let body = try row.body.updated(with: values)
            try connection.run(
                "UPDATE records SET body = ?, touched = 1 WHERE row = ?", .json(.object(body)),
                .integer(row.number))
            changed.append(body)
        }
        return changed
    }

    func delete(_ collection: String, where conditions: [RecordCondition]) throws(StorageError) -> Int {
        let rows = try find(collection, conditions, limit: nil)
        for row in rows { try connection.run("DELETE FROM records WHERE row = ?", .integer(row.number)) }
        return rows.count
    }

    func storedResult(for key: String, since: Timestamp) throws(StorageError) -> JSON? {
        try connection.row(
            "SELECT result FROM idempotency WHERE key = ? AND at >= ?", .text(key), .time(since)
        ) {
            (row) throws(StorageError) in try row.json(0)
        }
    }

    func storeResult(
        _ result: JSON, for key: String, at: Timestamp, expiry: Timestamp
    ) throws(StorageError) {
        try connection.run("DELETE FROM idempotency WHERE at < ?", .time(expiry))
        try connection.run(
            "INSERT INTO idempotency (key, result, at) VALUES (?, ?, ?)", .text(key), .json(result), .time(at)
        )
    }

    private func find(
        _ collection: String, _ conditions: [RecordCondition], limit: Int?
    ) throws(StorageError) -> [Row] {
        let condition = RecordCondition.all(conditions)
        let choice = RecordSQL.choice(of: condition)
        let sql = "SELECT row, body FROM records WHERE collection = ? AND \(choice?.sql ?? "1") ORDER BY row"
        var rows: [Row] = []
        if limit == 0 { return rows }
        try connection.each(sql, [.text(collection)] + (choice?.values ?? [])) { (row) throws(StorageError) in
            guard case .object(let body) = try row.json(1), condition.matches(body) else { return true }
            rows.append(Row(number: row.integer(0), body: body))
            return limit.map { rows.count < $0 } ?? true
        }
        return rows
    }
}
