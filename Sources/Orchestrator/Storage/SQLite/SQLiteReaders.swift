// SPDX-License-Identifier: Apache-2.0

/// A few threads that read, each over its own connection, so that neither the event loops nor the writer
/// wait.
final class SQLiteReaders: Sendable {
    private struct Job: Sendable {
        let run: @Sendable (SQLiteConnection) -> Void
        let refuse: @Sendable (StorageError) -> Void
    }

    private let queue: JobQueue<Job>

    /// Starts the threads.
    ///
    /// `atEnd` runs on each of them after its connection is closed.
    init(
        count: Int, queueLimit: Int, connect: @escaping @Sendable () throws(StorageError) -> SQLiteConnection,
        atEnd: @escaping @Sendable () -> Void
    ) throws(StorageError) {
        let queue = JobQueue<Job>(limit: queueLimit)
        self.queue = queue
        for _ in 0..<count {
            try startThread {
                Self.serve(queue, connect)
                atEnd()
            }
        }
    }

    deinit { queue.close() }

    /// Runs a read; it sees one state of the database, everything acknowledged before included.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async -> Result<Value, any Error> {
        await withCheckedContinuation { (waiter: CheckedContinuation<Result<Value, any Error>, Never>) in
            let job = Job(
                run: { connection in
                    waiter.resume(returning: Result { try Self.transaction(connection, body) })
                },
                refuse: { waiter.resume(returning: .failure($0)) })
            switch queue.push(job) {
            case .accepted: break
            case .full: job.refuse(StorageError(.busy, "too many reads wait for the store"))
            case .closed: job.refuse(StorageError(.unavailable, "the store is closed"))
            }
        }
    }

    /// Lets no more reads in; those queued are still done.
    func close() { queue.close() }

    private static func serve(
        _ queue: JobQueue<Job>, _ connect: () throws(StorageError) -> SQLiteConnection
    ) {
        do throws(StorageError) {
            let connection = try connect()
            while let jobs = queue.take(upTo: 1) { jobs.forEach { $0.run(connection) } }
        } catch {
            while let jobs = queue.take(upTo: 1) { jobs.forEach { $0.refuse(error) } }
        }
    }

    private static func transaction<Value>(
        _ connection: SQLiteConnection, _ body: (SQLiteConnection) throws -> Value
    ) throws -> Value {
        try connection.run("BEGIN")
        defer { try? connection.execute("ROLLBACK") }  // nothing was written; the end of a read cannot fail
        return try body(connection)
    }
}
