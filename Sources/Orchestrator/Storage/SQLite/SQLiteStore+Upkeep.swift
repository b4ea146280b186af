// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// Flow revisions, the audit trail and forgetting.
extension SQLiteStore {
    package func putRevision(_ hash: String, body: JSON, at: Timestamp) async throws(StorageError) {
        _ = try await write { (connection) throws(StorageError) in
            try connection.run(
                """
                INSERT INTO flow_revisions (hash, body, at) VALUES (?, ?, ?) \
                ON CONFLICT (hash) DO UPDATE SET at = excluded.at
                """, .text(hash), .json(body), .time(at))
        }
    }

    package func revision(_ hash: String) async throws(StorageError) -> JSON? {
        try await read { (connection) throws(StorageError) in
            try connection.row("SELECT body FROM flow_revisions WHERE hash = ?", .text(hash)) {
                (row) throws(StorageError) in try row.json(0)
            }
        }
    }

    package func pruneRevisions(before: Timestamp, keeping most: Int) async throws(StorageError) -> Int {
        try await write { (connection) throws(StorageError) in
            try connection.run(
                """
                DELETE FROM flow_revisions WHERE at < ? OR hash NOT IN \
                (SELECT hash FROM flow_revisions ORDER BY at DESC, hash DESC LIMIT ?)
                """, .time(before), .integer(most))
        }
    }

    package func appendAudit(_ rows: [AuditRecord]) async throws(StorageError) {
        try await write { (connection) throws(StorageError) in
            for row in rows { try AuditSQL.insert(row, in: connection) }
        }
    }

    package func latestAudit(limit: Int) async throws(StorageError) -> [AuditRecord] {
        try await read { (connection) throws(StorageError) in try AuditSQL.latest(limit, in: connection) }
    }

    package func prune(before: Timestamp) async throws(StorageError) -> Int {
        var start: String? = ""
        var count = 0
        // Conversation by conversation in small writes, so that no turn waits long behind it.
        while let after = start {
            let step = try await write { (connection) throws(StorageError) in
                try PruneSQL.step(after: after, before: before, in: connection)
            }
            count += step.messages
            start = step.last
        }
        return count
    }
}

/// The statements on the audit trail.
enum AuditSQL {
    static func insert(_ row: AuditRecord, in connection: SQLiteConnection) throws(StorageError) {
        try connection.run(
            "INSERT INTO audit (at, actor, action, subject, outcome) VALUES (?, ?, ?, ?, ?)",
            .time(row.at), .text(row.actor), .text(row.action), .text(row.subject), .text(row.outcome))
    }

    static func latest(_ limit: Int, in connection: SQLiteConnection) throws(StorageError) -> [AuditRecord] {
        try connection.rows(
            "SELECT at, actor, action, subject, outcome FROM audit ORDER BY row DESC LIMIT ?",
            [.integer(limit)]
        ) { row in
            AuditRecord(
                at: row.time(0), actor: row.text(1), action: row.text(2), subject: row.text(3),
                outcome: row.text(4))
        }.reversed()
    }
}

private enum PruneSQL {
    struct Step: Sendable {
        var messages: Int
        /// The last conversation looked at; nil after the last of all.
        var last: String?
    }

    static func step(
        after: String, before: Timestamp, in connection: SQLiteConnection
    ) throws(StorageError) -> Step {
        let ids = try connection.rows(
            "SELECT id FROM conversations WHERE id > ? AND created_at < ? ORDER BY id LIMIT 100",
            [.text(after), .time(before)]
        ) { $0.text(0) }
        var count = 0
        for id in ids {
            count += try connection.run(
                "DELETE FROM messages WHERE conversation = ? AND created_at < ?", .text(id), .time(before))
            try connection.run(
                """
                DELETE FROM conversations WHERE id = ? AND updated_at < ? \
                AND NOT EXISTS (SELECT 1 FROM messages WHERE conversation = conversations.id)
                """, .text(id), .time(before))
        }
        return Step(messages: count, last: ids.count < 100 ? nil : ids.last)
    }
}
