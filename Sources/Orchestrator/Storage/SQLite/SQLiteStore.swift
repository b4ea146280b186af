// SPDX-License-Identifier: Apache-2.0

import CSQLite

/// Keeps everything in one SQLite database: a writer thread that commits in groups, and two that read.
///
/// Write-ahead log, so readers never wait for the writer. All threads end with ``close()``, or when the last
/// reference goes.
package final class SQLiteStore: Sendable {
    private static let readerCount = 2
    private let writer: SQLiteWriter
    private let readers: SQLiteReaders
    private let ended = ThreadLatch(1 + readerCount)

    /// Opens the database at this path, making it if there is none.
    ///
    /// Blocks.
    /// - Throws: ``StorageError`` with what is wrong with the file.
    package convenience init(path: String, settings: StoreSettings) throws(StorageError) {
        try self.init(path: path, settings: settings, onWriter: "")
    }

    /// The same; the writer's connection runs this first.
    ///
    /// With it a test makes a disk full.
    init(path: String, settings: StoreSettings, onWriter setUp: String) throws(StorageError) {
        let file = SQLiteFile(path: path, settings: settings)
        try file.prepare()
        let ended = ended
        writer = try SQLiteWriter(queueLimit: settings.queueLimit) { () throws(StorageError) in
            let connection = try file.connect(SQLITE_OPEN_READWRITE)
            try connection.execute("PRAGMA cache_size = -8000; PRAGMA journal_size_limit = 67108864")
            try connection.execute(setUp)
            return connection
        } atEnd: {
            ended.countDown()
        }
        readers = try SQLiteReaders(count: Self.readerCount, queueLimit: settings.queueLimit) {
            () throws(StorageError) in
            let connection = try file.connect(SQLITE_OPEN_READWRITE)
            try connection.execute("PRAGMA query_only = ON")
            return connection
        } atEnd: {
            ended.countDown()
        }
    }

    /// Finishes what is queued, folds the log into the database and lets go of it.
    package func close() async {
        readers.close()
        writer.close()
        await ended.wait()
    }

    /// Runs a write whose body throws only storage errors.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws(StorageError) -> Value
    ) async throws(StorageError) -> Value {
        try Self.narrow(await writer.write(body))
    }

    /// Runs a read whose body throws only storage errors.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws(StorageError) -> Value
    ) async throws(StorageError) -> Value {
        try Self.narrow(await readers.read(body))
    }

    /// Runs a write whose body may throw anything; it takes the write back.
    func writeAnything<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        try await writer.write(body).get()
    }

    /// Runs a read whose body may throw anything.
    func readAnything<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        try await readers.read(body).get()
    }

    private static func narrow<Value>(_ result: Result<Value, any Error>) throws(StorageError) -> Value {
        switch result {
        case .success(let value): return value
        case .failure(let error as StorageError): throw error
        case .failure: throw StorageError(.unavailable, "the store met an unexpected error")
        }
    }
}
