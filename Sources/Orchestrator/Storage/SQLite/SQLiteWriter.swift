// SPDX-License-Identifier: Apache-2.0

/// The one thread that writes: it commits whatever has queued as one transaction.
///
///     queue:  w1 w2 w3 w4 ...          tasks wait here, bounded
///     BEGIN IMMEDIATE
///       SAVEPOINT w1 ... RELEASE       each write stands or falls alone
///       SAVEPOINT w2 ... ROLLBACK      (a conflict takes back only itself)
///     COMMIT                           one fsync for all
///     resume w1, w2, ...               nobody hears of success before the commit
///
/// While the disk syncs, the next group gathers, so the group grows with the load by itself; a timer that
/// waits for company was dropped, it only delays.
final class SQLiteWriter: Sendable {
    private struct Job: Sendable {
        /// Does the work; what it returns is called after the commit, with the commit's error if it had one.
        let run: @Sendable (SQLiteConnection) -> (StorageError?) -> Void
        /// Answers a write that was never run.
        let refuse: @Sendable (StorageError) -> Void
    }

    private static let groupLimit = 1024
    private let queue: JobQueue<Job>

    /// Starts the thread.
    ///
    /// `atEnd` runs on it after the connection is closed.
    init(
        queueLimit: Int, connect: @escaping @Sendable () throws(StorageError) -> SQLiteConnection,
        atEnd: @escaping @Sendable () -> Void
    ) throws(StorageError) {
        let queue = JobQueue<Job>(limit: queueLimit)
        self.queue = queue
        try startThread {
            Self.serve(queue, connect)
            atEnd()
        }
    }

    deinit { queue.close() }

    /// Runs a write inside the next transaction; returns when that is on disk.
    /// - Throws: what the body threw, or ``StorageError`` when it was not stored.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async -> Result<Value, any Error> {
        await withCheckedContinuation { (waiter: CheckedContinuation<Result<Value, any Error>, Never>) in
            let job = Job(
                run: { connection in
                    let result = Result { try Self.savepoint(connection, body) }
                    return { error in waiter.resume(returning: error.map { .failure($0) } ?? result) }
                },
                refuse: { waiter.resume(returning: .failure($0)) })
            switch queue.push(job) {
            case .accepted: break
            case .full: job.refuse(StorageError(.busy, "too many writes wait for the store"))
            case .closed: job.refuse(StorageError(.unavailable, "the store is closed"))
            }
        }
    }

    /// Lets no more writes in; those queued are still done.
    func close() { queue.close() }

    private static func serve(
        _ queue: JobQueue<Job>, _ connect: () throws(StorageError) -> SQLiteConnection
    ) {
        do throws(StorageError) {
            let connection = try connect()
            while let jobs = queue.take(upTo: groupLimit) { commit(jobs, connection) }
            // Only tidying: what a reader still holds back stays in the log and is read from there.
            try? connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        } catch {
            while let jobs = queue.take(upTo: groupLimit) { jobs.forEach { $0.refuse(error) } }
        }
    }

    private static func savepoint<Value>(
        _ connection: SQLiteConnection, _ body: (SQLiteConnection) throws -> Value
    ) throws -> Value {
        try connection.run("SAVEPOINT one_write")
        do {
            let value = try body(connection)
            try connection.run("RELEASE one_write")
            return value
        } catch {
            // A full disk may have rolled everything back already; then there is no savepoint left.
            if !connection.isAutocommit {
                try connection.run("ROLLBACK TO one_write")
                try connection.run("RELEASE one_write")
            }
            throw error
        }
    }

    private static func commit(_ jobs: [Job], _ connection: SQLiteConnection) {
        var rest = jobs[...]
        while !rest.isEmpty { rest = rest.dropFirst(commitGroup(rest, connection)) }
    }

    // Returns how many jobs were answered: all, but for those behind one that made SQLite roll everything
    // back.
    private static func commitGroup(_ jobs: ArraySlice<Job>, _ connection: SQLiteConnection) -> Int {
        var finishes: [(StorageError?) -> Void] = []
        do throws(StorageError) {
            try connection.run("BEGIN IMMEDIATE")
        } catch {
            jobs.forEach { $0.refuse(error) }
            return jobs.count
        }
        for job in jobs {
            finishes.append(job.run(connection))
            if connection.isAutocommit { break }
        }
        let failure = end(connection)
        finishes.forEach { $0(failure) }
        return finishes.count
    }

    private static func end(_ connection: SQLiteConnection) -> StorageError? {
        guard !connection.isAutocommit else {
            return StorageError(.full, "the store had to take back the write")
        }
        do throws(StorageError) {
            try connection.run("COMMIT")
            return nil
        } catch {
            if !connection.isAutocommit { try? connection.execute("ROLLBACK") }
            return error
        }
    }
}
