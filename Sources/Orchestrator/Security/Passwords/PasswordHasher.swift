// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Why a password was not looked at.
package enum PasswordError: Error, Sendable, Hashable {
    /// Too many wait already: try again in a while.
    case busy
    /// bcrypt would not take it: longer than 72 bytes, or with a NUL in it.
    case unusable
}

/// Hashes and compares passwords on a few threads of its own, with a bounded queue before them.
///
/// A comparison takes a quarter of a second of a core. On an event loop it would stop every socket, on the shared
/// pool two would stop the server; so there are threads for it, fewer than cores and with low priority, and the
/// caller who finds the queue full is told to come again.
package final class PasswordHasher: Sendable {
    /// Comparisons that may wait; one more is `busy`.
    package static let queueLimit = 64
    /// OWASP asks for 10 or more; existing hashes have 12.
    package static let standardCost = 12
    /// Event loops and the store come first when both want a core.
    private static let niceness: Int32 = 10

    private typealias Job = @Sendable () -> Void
    private let queue: JobQueue<Job>
    private let cost: Int
    private let decoy: String

    /// Starts the threads.
    /// - Throws: ``StorageError`` when the machine has no thread left.
    package init(
        threads: Int = PasswordHasher.threads(cores: 2), queueLimit: Int = PasswordHasher.queueLimit,
        cost: Int = PasswordHasher.standardCost
    ) throws(StorageError) {
        let queue = JobQueue<Job>(limit: queueLimit)
        self.queue = queue
        self.cost = cost
        decoy = Bcrypt.decoy(cost: cost)
        for _ in 0..<threads {
            try startThread {
                // 0 is this thread alone: on Linux a nice value belongs to a thread.
                setpriority(Int32(PRIO_PROCESS.rawValue), 0, Self.niceness)
                while let jobs = queue.take(upTo: 1) { jobs.forEach { $0() } }
            }
        }
    }

    deinit { queue.close() }

    /// How many threads suit a machine: one core always stays for everything else.
    package static func threads(cores: Int) -> Int { max(1, min(8, cores - 1)) }

    /// The hash of a new password.
    package func hash(_ password: String) async throws(PasswordError) -> String {
        guard Bcrypt.takes(password) else { throw .unusable }
        let cost = cost
        guard let hash = try await run({ Bcrypt.hash(password, cost: cost) }) else { throw .unusable }
        return hash
    }

    /// True when the hash is that of the password; without a hash, or with a password that can be nobody's, the same
    /// work is done for nothing, so that the time tells nobody which it was.
    package func verify(_ password: String, against hash: String?) async throws(PasswordError) -> Bool {
        guard let hash, Bcrypt.isHash(hash), Bcrypt.takes(password) else {
            let decoy = decoy
            _ = try await run { Bcrypt.verify("decoy", against: decoy) }
            return false
        }
        return try await run { Bcrypt.verify(password, against: hash) }
    }

    /// Takes no more; what is queued is still done.
    package func close() { queue.close() }

    private func run<Value: Sendable>(
        _ body: @escaping @Sendable () -> Value
    ) async throws(PasswordError) -> Value {
        let value = await withCheckedContinuation { (waiter: CheckedContinuation<Value?, Never>) in
            let acceptance = queue.push { waiter.resume(returning: body()) }
            if case .accepted = acceptance { return }
            waiter.resume(returning: nil)
        }
        guard let value else { throw .busy }
        return value
    }
}
