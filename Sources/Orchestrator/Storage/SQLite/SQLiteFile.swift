// SPDX-License-Identifier: Apache-2.0

import CSQLite
import Glibc

/// The file of a database: finds out whether it can be used, and makes it when there is none.
///
/// SQLite takes an empty file for a new database and a missing one likewise. A store that lost its data would
/// start as if nothing had been there, so both are told apart here before SQLite sees the path. A new
/// database is made under another name and linked to its own when it is whole; hence a file under the real
/// name is never half made.
struct SQLiteFile {
    let path: String
    let settings: StoreSettings

    /// Checks or makes the database and brings its tables up to date.
    func prepare() throws(StorageError) {
        try checkFolder()
        if access(path, F_OK) == 0 {
            try checkBytes()
        } else {
            guard access(path + "-wal", F_OK) != 0 else {
                throw StorageError(
                    .corrupt, "database '\(path)' is missing while its write-ahead log is there")
            }
            try make()
        }
        let connection = try connect(SQLITE_OPEN_READWRITE)
        guard !connection.isReadOnly else {
            throw StorageError(.unavailable, "database '\(path)' is read-only")
        }
        try check(connection)
        try located { () throws(StorageError) in try SQLiteSchema.migrate(connection) }
    }

    /// A connection for one thread.
    func connect(_ flags: Int32) throws(StorageError) -> SQLiteConnection {
        try located { () throws(StorageError) in
            let connection = try SQLiteConnection(path: path, flags: flags, busyTimeout: settings.busyTimeout)
            // FULL: an acknowledged message survives a power cut, not only a crash.
            try connection.execute(
                "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY")
            return connection
        }
    }

    private func checkFolder() throws(StorageError) {
        let folder = Self.folder(of: path)
        guard access(folder, F_OK) != 0 else { return }
        if settings.makesFolder, mkdir(folder, 0o700) == 0 { return }
        throw StorageError(.unavailable, "the folder '\(folder)' for the database does not exist")
    }

    private func checkBytes() throws(StorageError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StorageError(
                .unavailable, "database '\(path)' cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw StorageError(.unavailable, "database '\(path)' is not a file")
        }
        var header = [UInt8](repeating: 0, count: 100)
        guard read(descriptor, &header, 100) == 100, header.starts(with: Array("SQLite format 3\0".utf8))
        else {
            throw StorageError(.corrupt, "'\(path)' is not a database, or is damaged")
        }
        try checkSize(header, bytes: Int(status.st_size))
    }

    // With a log beside it the file may rightly lag behind its header; without one it may not.
    private func checkSize(_ header: [UInt8], bytes: Int) throws(StorageError) {
        var log = stat()
        guard stat(path + "-wal", &log) != 0 || log.st_size == 0 else { return }
        let short = Int(header[16]) << 8 | Int(header[17])
        let pageBytes = short == 1 ? 65_536 : short
        let pages = header[28..<32].reduce(0) { $0 << 8 | Int($1) }
        guard bytes >= pages * pageBytes else {
            throw StorageError(
                .corrupt, "database '\(path)' is cut short: \(bytes) of \(pages * pageBytes) bytes are there")
        }
    }

    private func check(_ connection: SQLiteConnection) throws(StorageError) {
        try located { () throws(StorageError) in
            let mark = try connection.row("PRAGMA application_id") { $0.integer(0) }
            guard mark == SQLiteSchema.applicationID else {
                throw StorageError(.corrupt, "it is the database of another program")
            }
            let pages = try connection.row("PRAGMA page_count") { $0.integer(0) } ?? 0
            // Reads every page: a fraction of a second up to this size, and more than a start may take above
            // it.
            guard pages <= 16_384 else { return }
            let finding = try connection.row("PRAGMA quick_check(1)") { $0.text(0) }
            guard finding == "ok" else { throw StorageError(.corrupt, "some of its pages are damaged") }
        }
    }

    private func make() throws(StorageError) {
        let draft = path + ".new"
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(draft + suffix) }
        try located { () throws(StorageError) in
            let connection = try SQLiteConnection(
                path: draft, flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                busyTimeout: settings.busyTimeout)
            try connection.execute("PRAGMA synchronous = FULL")
            try SQLiteSchema.migrate(connection)
            try connection.execute("PRAGMA journal_mode = WAL; PRAGMA wal_checkpoint(TRUNCATE)")
        }
        chmod(draft, 0o600)
        // A link, not a rename: if another process was faster, its database stays. Some file systems have no
        // links.
        let isInPlace = link(draft, path) == 0 || errno == EEXIST || rename(draft, path) == 0
        guard isInPlace else {
            throw StorageError(
                .unavailable, "database '\(path)' cannot be made: \(String(cString: strerror(errno)))")
        }
        unlink(draft)
        syncFolder()
    }

    private func syncFolder() {
        let descriptor = open(Self.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private func located<Value>(
        _ body: () throws(StorageError) -> Value
    ) throws(StorageError) -> Value {
        do throws(StorageError) {
            return try body()
        } catch {
            throw StorageError(error.kind, "database '\(path)': \(error.message)")
        }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
