// SPDX-License-Identifier: Apache-2.0

import CSQLite
import WireProtocols

/// The row a statement stands on.
///
/// Valid only inside the closure that was given it.
struct SQLiteRow {
    let statement: OpaquePointer

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

    func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(statement, column)) }

    func real(_ column: Int32) -> Double { sqlite3_column_double(statement, column) }

    func time(_ column: Int32) -> Timestamp { Timestamp(milliseconds: integer(column)) }

    func text(_ column: Int32) -> String {
        guard let bytes = sqlite3_column_text(statement, column) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    func optionalInteger(_ column: Int32) -> Int? { isNull(column) ? nil : integer(column) }

    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    /// Reads a JSON column.
    ///
    /// What we wrote ourselves and cannot read back is a damaged database.
    func json(_ column: Int32) throws(StorageError) -> JSON {
        guard let bytes = sqlite3_column_text(statement, column) else { return .null }
        let count = Int(sqlite3_column_bytes(statement, column))
        do throws(JSONError) {
            return try JSON.parse(UnsafeBufferPointer(start: bytes, count: count), maxDepth: 128)
        } catch {
            throw StorageError(.corrupt, "a stored JSON value does not parse")
        }
    }

    func optionalJSON(_ column: Int32) throws(StorageError) -> JSON? {
        isNull(column) ? nil : try json(column)
    }
}
