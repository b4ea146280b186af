// SPDX-License-Identifier: Apache-2.0

import CSQLite
import Glibc

/// One connection to a SQLite database with its prepared statements.
///
/// Belongs to one thread.
final class SQLiteConnection {
    private let database: OpaquePointer
    private var statements: [String: OpaquePointer] = [:]

    /// Opens a database.
    ///
    /// `flags` are SQLite's; `NOMUTEX` is added, since a connection has one thread.
    init(path: String, flags: Int32, busyTimeout: Duration) throws(StorageError) {
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let opened else {
            let error =
                opened.map { Self.error(of: $0) } ?? StorageError(.unavailable, "SQLite has no memory")
            sqlite3_close_v2(opened)
            throw error
        }
        database = opened
        sqlite3_extended_result_codes(opened, 1)
        let milliseconds =
            busyTimeout.components.seconds * 1000 + busyTimeout.components.attoseconds / 1_000_000_000_000_000
        sqlite3_busy_timeout(opened, Int32(clamping: milliseconds))
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(database)
    }

    /// True while no transaction is open.
    var isAutocommit: Bool { sqlite3_get_autocommit(database) != 0 }

    /// True when the file can only be read.
    var isReadOnly: Bool { sqlite3_db_readonly(database, "main") == 1 }

    /// How many rows the last statement changed.
    var changes: Int { Int(sqlite3_changes(database)) }

    /// Runs statements that have no values and whose rows nobody wants.
    func execute(_ sql: String) throws(StorageError) {
        guard sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK else { throw Self.error(of: database) }
    }

    /// Runs one statement to its end; returns how many rows it changed.
    @discardableResult
    func run(_ sql: String, _ values: SQLiteValue...) throws(StorageError) -> Int {
        try run(sql, values)
    }

    /// Runs one statement to its end; returns how many rows it changed.
    @discardableResult
    func run(_ sql: String, _ values: [SQLiteValue]) throws(StorageError) -> Int {
        let statement = try prepare(sql, values)
        defer { reset(statement) }
        while try step(statement) {}
        return changes
    }

    /// Runs one statement and reads its rows.
    func rows<Row>(
        _ sql: String, _ values: [SQLiteValue], _ read: (SQLiteRow) throws(StorageError) -> Row
    ) throws(StorageError) -> [Row] {
        let statement = try prepare(sql, values)
        defer { reset(statement) }
        var rows: [Row] = []
        while try step(statement) { rows.append(try read(SQLiteRow(statement: statement))) }
        return rows
    }

    /// Runs one statement and hands on its rows until the closure returns false.
    func each(
        _ sql: String, _ values: [SQLiteValue], _ read: (SQLiteRow) throws(StorageError) -> Bool
    ) throws(StorageError) {
        let statement = try prepare(sql, values)
        defer { reset(statement) }
        while try step(statement), try read(SQLiteRow(statement: statement)) {}
    }

    /// Runs one statement and reads its first row, if it has one.
    func row<Row>(
        _ sql: String, _ values: SQLiteValue..., read: (SQLiteRow) throws(StorageError) -> Row
    ) throws(StorageError) -> Row? {
        let statement = try prepare(sql, values)
        defer { reset(statement) }
        return try step(statement) ? try read(SQLiteRow(statement: statement)) : nil
    }

    private func prepare(_ sql: String, _ values: [SQLiteValue]) throws(StorageError) -> OpaquePointer {
        let statement = try cached(sql)
        for (index, value) in values.enumerated() {
            guard bind(value, at: Int32(index + 1), to: statement) == SQLITE_OK else {
                throw Self.error(of: database)
            }
        }
        return statement
    }

    private func cached(_ sql: String) throws(StorageError) -> OpaquePointer {
        if let statement = statements[sql] { return statement }
        // Statements are few and fixed, but for conditions on records; those may be of any shape.
        if statements.count >= 256 {
            for statement in statements.values { sqlite3_finalize(statement) }
            statements = [:]
        }
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(database, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else { throw Self.error(of: database) }
        statements[sql] = prepared
        return prepared
    }

    private func bind(_ value: SQLiteValue, at index: Int32, to statement: OpaquePointer) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(statement, index)
        case .integer(let value): return sqlite3_bind_int64(statement, index, Int64(value))
        case .real(let value): return sqlite3_bind_double(statement, index, value)
        case .text(var text):
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    guard let start = characters.baseAddress else {
                        return orchestrator_bind_text(statement, index, "", 0)
                    }
                    return orchestrator_bind_text(statement, index, start, UInt64(characters.count))
                }
            }
        }
    }

    private func step(_ statement: OpaquePointer) throws(StorageError) -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw Self.error(of: database)
        }
    }

    private func reset(_ statement: OpaquePointer) {
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
    }

    // `sqlite3_errmsg` may quote what was bound; the text of the code never does.
    private static func error(of database: OpaquePointer) -> StorageError {
        let code = sqlite3_extended_errcode(database)
        let text = sqlite3_errstr(code).map { String(cString: $0) } ?? "unknown"
        return StorageError(
            kind(of: code, system: sqlite3_system_errno(database)), "SQLite: \(text) (\(code))")
    }

    private static func kind(of code: Int32, system: Int32) -> StorageError.Kind {
        switch code & 0xFF {
        case SQLITE_FULL: .full
        case SQLITE_IOERR where [EFBIG, EDQUOT, ENOSPC].contains(system): .full
        case SQLITE_BUSY, SQLITE_LOCKED: .busy
        case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
        case SQLITE_CONSTRAINT: .conflict
        default: .unavailable
        }
    }
}
