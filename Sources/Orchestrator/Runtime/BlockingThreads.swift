// SPDX-License-Identifier: Apache-2.0

/// A few threads for work that blocks, away from the event loops and the shared pool (HOUSE 6.8).
final class BlockingThreads: Sendable {
    private struct Job: Sendable {
        let run: @Sendable () -> Void
    }

    private let queue: JobQueue<Job>

    /// Starts the threads; at most `queueLimit` pieces of work wait for them.
    init(count: Int, queueLimit: Int) throws(StorageError) {
        let queue = JobQueue<Job>(limit: queueLimit)
        self.queue = queue
        for _ in 0..<count {
            try startThread { while let jobs = queue.take(upTo: 1) { jobs.forEach { $0.run() } } }
        }
    }

    deinit { queue.close() }

    /// Runs the work on one of the threads; nil when too much waits already.
    func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value? {
        await withCheckedContinuation { (waiter: CheckedContinuation<Value?, Never>) in
            guard queue.push(Job { waiter.resume(returning: body()) }) != .accepted else { return }
            waiter.resume(returning: nil)
        }
    }

    /// Lets no more work in; what is queued is still done.
    func close() { queue.close() }
}
