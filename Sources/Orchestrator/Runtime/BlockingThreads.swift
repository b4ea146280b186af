// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A few threads for work that blocks, away from the event loops and the shared pool (HOUSE 6.8).
///
/// They start with the first piece of work.
final class BlockingThreads: Sendable {
    private struct Job: Sendable {
        let run: @Sendable () -> Void
    }

    private let queue: JobQueue<Job>
    private let missing: Mutex<Int>

    /// So many threads at most; `queueLimit` pieces of work may wait for them.
    init(count: Int, queueLimit: Int) {
        queue = JobQueue(limit: queueLimit)
        missing = Mutex(count)
    }

    deinit { queue.close() }

    /// Runs the work on one of the threads; nil when too much waits already, or no thread can be had.
    func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value? {
        guard start() else { return nil }
        return await withCheckedContinuation { (waiter: CheckedContinuation<Value?, Never>) in
            guard queue.push(Job { waiter.resume(returning: body()) }) != .accepted else { return }
            waiter.resume(returning: nil)
        }
    }

    private func start() -> Bool {
        missing.withLock { missing in
            while missing > 0 {
                do throws(StorageError) {
                    try startThread { [queue] in
                        while let jobs = queue.take(upTo: 1) { jobs.forEach { $0.run() } }
                    }
                } catch { return false }
                missing -= 1
            }
            return true
        }
    }
}
