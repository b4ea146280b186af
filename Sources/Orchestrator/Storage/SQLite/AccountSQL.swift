// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// The statements on accounts and keys.
enum AccountSQL {
    /// Rows of one answer about changes.
    static let page = 1000

    private static let userColumns =
        "id, name, email, password, role, created_at, last_login, disabled, tokens_from"
    private static let keyColumns =
        "id, hash, name, role, assistants, created_at, expires_at, revoked_at, last_used_at"
    private static let next = "(SELECT count FROM account_changes)"

    static func insert(_ user: UserRecord, in connection: SQLiteConnection) throws(StorageError) {
        do throws(StorageError) {
            try connection.run(
                """
                INSERT INTO users (id, name, name_key, email, password, role, created_at, last_login, disabled, \
                tokens_from) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, .text(user.id), .text(user.name), .text(UserRecord.key(user.name)), .text(user.email),
                .text(user.passwordHash), .text(user.role), .time(user.createdAt), time(user.lastLogin),
                .integer(user.isDisabled ? 1 : 0), time(user.tokensFrom))
        } catch  where error.kind == .conflict {
            throw StorageError.nameTaken
        }
    }

    static func user(id: String, in connection: SQLiteConnection) throws(StorageError) -> UserRecord? {
        try connection.row("SELECT \(userColumns) FROM users WHERE id = ?", .text(id), read: user)
    }

    static func user(key: String, in connection: SQLiteConnection) throws(StorageError) -> UserRecord? {
        try connection.row("SELECT \(userColumns) FROM users WHERE name_key = ?", .text(key), read: user)
    }

    static func users(
        after key: String, limit: Int, in connection: SQLiteConnection
    ) throws(StorageError) -> [UserRecord] {
        try connection.rows(
            "SELECT \(userColumns) FROM users WHERE name_key > ? ORDER BY name_key LIMIT ?",
            [.text(key), .integer(limit)], user)
    }

    /// Numbers the next change of somebody's rights.
    static func count(in connection: SQLiteConnection) throws(StorageError) {
        try connection.run("UPDATE account_changes SET count = count + 1")
    }

    static func setPassword(
        _ hash: String, of id: String, tokensFrom: Timestamp, in connection: SQLiteConnection
    ) throws(StorageError) {
        try count(in: connection)
        let changed = try connection.run(
            "UPDATE users SET password = ?, tokens_from = ?, changed = \(next) WHERE id = ?", .text(hash),
            .time(tokensFrom), .text(id))
        guard changed > 0 else { throw StorageError.noAccount }
        try connection.run("DELETE FROM password_resets WHERE user = ?", .text(id))
    }

    static func setDisabled(
        _ isDisabled: Bool, of id: String, tokensFrom: Timestamp, in connection: SQLiteConnection
    ) throws(StorageError) {
        try count(in: connection)
        let changed = try connection.run(
            "UPDATE users SET disabled = ?, tokens_from = ?, changed = \(next) WHERE id = ?",
            .integer(isDisabled ? 1 : 0), .time(tokensFrom), .text(id))
        guard changed > 0 else { throw StorageError.noAccount }
    }

    static func resetUser(
        _ hash: String, now: Timestamp, in connection: SQLiteConnection
    ) throws(StorageError) -> String? {
        try connection.row(
            "SELECT user FROM password_resets WHERE hash = ? AND expires_at > ?", .text(hash), .time(now)
        ) { $0.text(0) }
    }

    static func insert(_ key: KeyRecord, in connection: SQLiteConnection) throws(StorageError) {
        try count(in: connection)
        try connection.run(
            "INSERT INTO api_keys (\(keyColumns), changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, \(next))",
            .text(key.id), .text(key.hash), .text(key.name), .text(key.role),
            .json(key.assistants.map { .array($0.map { .string($0) }) }), .time(key.createdAt),
            time(key.expiresAt), time(key.revokedAt), time(key.lastUsedAt))
    }

    static func keys(in connection: SQLiteConnection) throws(StorageError) -> [KeyRecord] {
        try connection.rows("SELECT \(keyColumns) FROM api_keys ORDER BY created_at, id", [], key)
    }

    static func revoke(_ id: String, at: Timestamp, in connection: SQLiteConnection) throws(StorageError) {
        try count(in: connection)
        let changed = try connection.run(
            "UPDATE api_keys SET revoked_at = ?, changed = \(next) WHERE id = ? AND revoked_at IS NULL",
            .time(at), .text(id))
        guard changed > 0 else { throw StorageError.noKey }
    }

    /// What was changed after a mark.
    ///
    /// The mark of a full page is that of its last row, so that nothing behind it is skipped.
    static func changes(
        after mark: Int, in connection: SQLiteConnection
    ) throws(StorageError) -> AccountChanges {
        let last = try connection.row("SELECT count FROM account_changes") { $0.integer(0) } ?? 0
        guard last > mark else { return AccountChanges(mark: mark, users: [], keys: []) }
        var ends = [last]
        let users = try connection.rows(
            """
            SELECT id, disabled, tokens_from, changed FROM users WHERE changed > ? AND changed > 0 \
            ORDER BY changed LIMIT ?
            """, [.integer(mark), .integer(page)]
        ) { row in
            (
                AccountChanges.User(
                    id: row.text(0), isDisabled: row.integer(1) != 0, tokensFrom: optionalTime(row, 2)),
                row.integer(3)
            )
        }
        let keys = try connection.rows(
            "SELECT \(keyColumns), changed FROM api_keys WHERE changed > ? ORDER BY changed LIMIT ?",
            [.integer(mark), .integer(page)]
        ) { (row) throws(StorageError) in (try key(row), row.integer(9)) }
        if users.count == page, let end = users.last?.1 { ends.append(end) }
        if keys.count == page, let end = keys.last?.1 { ends.append(end) }
        let end = ends.min() ?? last
        return AccountChanges(
            mark: end, users: users.filter { $0.1 <= end }.map(\.0),
            keys: keys.filter { $0.1 <= end }.map(\.0))
    }

    private static func user(_ row: SQLiteRow) throws(StorageError) -> UserRecord {
        UserRecord(
            id: row.text(0), name: row.text(1), email: row.optionalText(2), passwordHash: row.text(3),
            role: row.text(4), createdAt: row.time(5), lastLogin: optionalTime(row, 6),
            isDisabled: row.integer(7) != 0, tokensFrom: optionalTime(row, 8))
    }

    private static func key(_ row: SQLiteRow) throws(StorageError) -> KeyRecord {
        KeyRecord(
            id: row.text(0), hash: row.text(1), name: row.text(2), role: row.text(3),
            assistants: try row.optionalJSON(4)?.list?.compactMap(\.text), createdAt: row.time(5),
            expiresAt: optionalTime(row, 6), revokedAt: optionalTime(row, 7), lastUsedAt: optionalTime(row, 8)
        )
    }

    private static func time(_ value: Timestamp?) -> SQLiteValue { value.map { .time($0) } ?? .null }
    private static func optionalTime(_ row: SQLiteRow, _ column: Int32) -> Timestamp? {
        row.isNull(column) ? nil : row.time(column)
    }
}
