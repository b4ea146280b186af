// SPDX-License-Identifier: Apache-2.0

import CSQLite
import Glibc
import Testing
import WireProtocols

@testable import Orchestrator

/// What can happen to a database on disk.
@Suite struct SQLiteStoreTests {
    @Test func `everything is there after the store was closed and opened again`() async throws {
        try await withTemporaryFolder { folder in
            let store = try open(folder)
            try await fill(store, count: 50)
            await store.close()
            #expect(access(folder + "/test.db-wal", F_OK) != 0)
            let again = try open(folder)
            #expect(try await again.conversation("c1")?.sequence == 50)
            #expect(try await again.messages(in: "c1", after: 0, limit: 100).map(\.sequence) == Array(1...50))
            await again.close()
        }
    }

    @Test func `everything acknowledged is in a copy taken while the store runs, as after a kill`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let store = try open(folder)
            try await fill(store, count: 20)
            try copy(folder + "/test.db", to: folder + "/copy.db")
            try copy(folder + "/test.db-wal", to: folder + "/copy.db-wal")
            let survivor = try open(folder, "copy.db")
            #expect(try await survivor.messages(in: "c1", after: 0, limit: 100).count == 20)
            await survivor.close()
            await store.close()
        }
    }

    @Test func `an unfinished new database from a kill is made again`() async throws {
        try await withTemporaryFolder { folder in
            try write([1, 2, 3], to: folder + "/test.db.new")
            let store = try open(folder)
            try await fill(store, count: 1)
            await store.close()
            #expect(access(folder + "/test.db.new", F_OK) != 0)
        }
    }

    @Test func `a folder that does not exist is named, unless it may be made`() async throws {
        try await withTemporaryFolder { folder in
            #expect(
                throws: StorageError(
                    .unavailable, "the folder '\(folder)/data' for the database does not exist")
            ) {
                try open(folder, "data/test.db")
            }
            var settings = StoreSettings(.memory)
            settings.makesFolder = true
            let store = try SQLiteStore(path: folder + "/data/test.db", settings: settings)
            await store.close()
            unlink(folder + "/data/test.db")
        }
    }

    @Test(arguments: [0, 10, 5000])
    func `bytes that are no database are refused and left alone`(count: Int) async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/test.db"
            try write([UInt8](repeating: 7, count: count), to: path)
            #expect(throws: StorageError(.corrupt, "'\(path)' is not a database, or is damaged")) {
                try open(folder)
            }
            #expect(try read(path).count == count)
        }
    }

    @Test func `a database cut short is refused`() async throws {
        try await withTemporaryFolder { folder in
            let bytes = try await finished(folder)
            try write(Array(bytes.prefix(bytes.count - 4096)), to: folder + "/test.db")
            let whole = bytes.count
            let expected =
                "database '\(folder)/test.db' is cut short: \(whole - 4096) of \(whole) bytes are there"
            #expect(throws: StorageError(.corrupt, expected)) { try open(folder) }
        }
    }

    @Test func `a database with a scribbled page is refused`() async throws {
        try await withTemporaryFolder { folder in
            var bytes = try await finished(folder)
            for index in 4096..<8192 { bytes[index] = 0xAA }
            try write(bytes, to: folder + "/test.db")
            #expect(await failure { try open(folder) } == .corrupt)
        }
    }

    @Test func `a missing database beside its log is refused`() async throws {
        try await withTemporaryFolder { folder in
            try write([1], to: folder + "/test.db-wal")
            #expect(await failure { try open(folder) } == .corrupt)
            #expect(access(folder + "/test.db", F_OK) != 0)
        }
    }

    @Test func `a newer schema is refused and another program's database too`() async throws {
        try await withTemporaryFolder { folder in
            _ = try await finished(folder)
            let connection = try rawConnection(folder)
            try connection.execute("PRAGMA user_version = 99")
            #expect(throws: newer(folder)) { try open(folder) }
            try connection.execute("PRAGMA user_version = 1; PRAGMA application_id = 5")
            let expected = "database '\(folder)/test.db': it is the database of another program"
            #expect(throws: StorageError(.corrupt, expected)) { try open(folder) }
        }
    }

    @Test func `a migration that breaks off leaves the old version whole`() async throws {
        try await withTemporaryFolder { folder in
            _ = try await finished(folder)
            let connection = try rawConnection(folder)
            let steps = SQLiteSchema.migrations + ["CREATE TABLE extra (a); INSERT INTO nowhere VALUES (1)"]
            #expect(throws: StorageError.self) { try SQLiteSchema.migrate(connection, steps: steps) }
            #expect(connection.isAutocommit)
            let version = try connection.row("PRAGMA user_version") { $0.integer(0) }
            #expect(version == SQLiteSchema.migrations.count)
            let extra = try connection.row("SELECT 1 FROM sqlite_master WHERE name = 'extra'") {
                $0.integer(0)
            }
            #expect(extra == nil)
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root writes to read-only files"))
    func `a read-only database is refused`() async throws {
        try await withTemporaryFolder { folder in
            _ = try await finished(folder)
            chmod(folder + "/test.db", 0o400)
            #expect(await failure { try open(folder) } == .unavailable)
        }
    }

    @Test func `a full disk refuses writes, keeps reading and recovers`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/test.db"
            let small = try SQLiteStore(
                path: path, settings: StoreSettings(.memory), onWriter: "PRAGMA max_page_count = 40")
            try await fill(small, count: 1)
            var row = try #require(try await small.conversation("c1"))
            row.sequence = 2
            let long = String(repeating: "x", count: 200_000)
            let turn = TurnWrite(conversation: row, messages: [message("c1", 2, .user, long)])
            #expect(await failure { try await small.commit(turn) } == .full)
            #expect(try await small.messages(in: "c1", after: 0, limit: 9).count == 1)
            let short = TurnWrite(conversation: row, messages: [message("c1", 2, .user, "short")])
            try await small.commit(short)
            await small.close()
            let store = try open(folder)
            #expect(try await store.messages(in: "c1", after: 0, limit: 9).map(\.text) == ["1", "short"])
            await store.close()
        }
    }

    @Test func `one write that fails takes back only itself`() async throws {
        try await withTemporaryFolder { folder in
            let store = try open(folder)
            for index in 0..<20 { _ = try await store.create(conversation("c\(index)")) }
            let outcomes = await withTaskGroup(of: (Int, StorageError.Kind?).self) { group in
                for index in 0..<20 {
                    group.addTask {
                        var row = conversation("c\(index)")
                        row.sequence = index % 2 == 0 ? 1 : 5
                        let turn = TurnWrite(
                            conversation: row, messages: [message(row.id, row.sequence, .user, "hi")])
                        return (index, await failure { try await store.commit(turn) })
                    }
                }
                return await group.reduce(into: [Int: StorageError.Kind?]()) { $0[$1.0] = .some($1.1) }
            }
            for index in 0..<20 { #expect(outcomes[index] == .some(index % 2 == 0 ? nil : .conflict)) }
            await store.close()
        }
    }

    @Test func `a lock held by another process is waited for and then told as busy`() async throws {
        try await withTemporaryFolder { folder in
            var settings = StoreSettings(.memory)
            settings.busyTimeout = .milliseconds(30)
            let store = try SQLiteStore(path: folder + "/test.db", settings: settings)
            let other = try rawConnection(folder)
            try other.execute("BEGIN IMMEDIATE")
            #expect(await failure { try await store.create(conversation("c1")) } == .busy)
            #expect(await failure { try await store.probe() } == .busy)
            #expect(try await store.conversation("c1") == nil)
            try other.execute("ROLLBACK")
            _ = try await store.create(conversation("c1"))
            await store.close()
        }
    }

    @Test func `a queue that is full answers busy`() async throws {
        let queue = JobQueue<Int>(limit: 2)
        #expect(queue.push(1) == .accepted)
        #expect(queue.push(2) == .accepted)
        #expect(queue.push(3) == .full)
        #expect(queue.take(upTo: 1) == [1])
        #expect(queue.push(4) == .accepted)
        queue.close()
        #expect(queue.push(5) == .closed)
        #expect(queue.take(upTo: 9) == [2, 4])
        #expect(queue.take(upTo: 9) == nil)
    }

    @Test func `the audit trail cannot be changed`() async throws {
        try await withTemporaryFolder { folder in
            let store = try open(folder)
            let row = AuditRecord(
                at: Timestamp(milliseconds: 1), actor: "a", action: "b", subject: "c", outcome: "d")
            try await store.appendAudit([row])
            let other = try rawConnection(folder)
            #expect(throws: StorageError.self) { try other.execute("DELETE FROM audit") }
            #expect(throws: StorageError.self) { try other.execute("UPDATE audit SET actor = 'x'") }
            #expect(try await store.latestAudit(limit: 9) == [row])
            await store.close()
        }
    }
}

private func open(_ folder: String, _ name: String = "test.db") throws(StorageError) -> SQLiteStore {
    try SQLiteStore(path: "\(folder)/\(name)", settings: StoreSettings(.memory))
}

/// Another process at the file; it waits while the store is opening its readers.
private func rawConnection(_ folder: String) throws -> SQLiteConnection {
    try SQLiteConnection(path: folder + "/test.db", flags: SQLITE_OPEN_READWRITE, busyTimeout: .seconds(5))
}

private func newer(_ folder: String) -> StorageError {
    let known = SQLiteSchema.migrations.count
    return StorageError(
        .newerSchema,
        "database '\(folder)/test.db': its schema 99 is newer than schema \(known) of this program"
    )
}

private func fill(_ store: SQLiteStore, count: Int) async throws {
    var row = try await store.create(conversation("c1"))
    for index in 1...count {
        row.sequence = index
        try await store.commit(
            TurnWrite(conversation: row, messages: [message("c1", index, .user, "\(index)")]))
    }
}

/// The bytes of a database that was closed in order.
private func finished(_ folder: String) async throws -> [UInt8] {
    let store = try open(folder)
    try await fill(store, count: 30)
    await store.close()
    return try read(folder + "/test.db")
}

private func write(_ bytes: [UInt8], to path: String) throws {
    let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    try #require(descriptor >= 0)
    defer { Glibc.close(descriptor) }
    try #require(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
}

private func read(_ path: String) throws -> [UInt8] {
    let descriptor = Glibc.open(path, O_RDONLY)
    try #require(descriptor >= 0)
    defer { Glibc.close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return bytes }
        bytes += buffer[..<count]
    }
}

private func copy(_ source: String, to target: String) throws { try write(read(source), to: target) }
