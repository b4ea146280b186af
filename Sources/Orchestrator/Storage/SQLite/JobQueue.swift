// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A bounded queue between tasks that hand in work and threads that block for it.
///
/// Unchecked because Swift has no condition variable: every field is touched only between `lock` and `unlock`
/// of the one mutex (ADR on storage threading).
final class JobQueue<Job: Sendable>: @unchecked Sendable {
    enum Acceptance { case accepted, full, closed }

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let arrival = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let limit: Int
    private var jobs: [Job] = []
    private var head = 0
    private var isClosed = false

    init(limit: Int) {
        self.limit = limit
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(arrival, nil)
    }

    deinit {
        pthread_cond_destroy(arrival)
        pthread_mutex_destroy(mutex)
        arrival.deallocate()
        mutex.deallocate()
    }

    /// Hands in a job, unless too many wait already or the queue is closed.
    func push(_ job: Job) -> Acceptance {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard !isClosed else { return .closed }
        guard jobs.count - head < limit else { return .full }
        jobs.append(job)
        pthread_cond_signal(arrival)
        return .accepted
    }

    /// Waits for work and takes up to that many jobs; nil once the queue is closed and empty.
    func take(upTo most: Int) -> [Job]? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while head == jobs.count {
            if isClosed { return nil }
            pthread_cond_wait(arrival, mutex)
        }
        let end = min(jobs.count, head + most)
        let taken = Array(jobs[head..<end])
        head = end
        if head == jobs.count {
            jobs.removeAll(keepingCapacity: jobs.capacity <= 1024)
            head = 0
        } else if head >= 1024 {
            jobs.removeFirst(head)
            head = 0
        }
        return taken
    }

    /// Lets nothing more in; what is queued is still taken.
    func close() {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        isClosed = true
        pthread_cond_broadcast(arrival)
    }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

// A free function, so that the C callback has no actor (DESIGN 7).
private func enter(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run() }
    return nil
}

/// Runs the body on a thread of its own; it ends with the body.
func startThread(_ body: @escaping @Sendable () -> Void) throws(StorageError) {
    let context = Unmanaged.passRetained(ThreadBody(body))
    var thread = pthread_t()
    guard pthread_create(&thread, nil, enter, context.toOpaque()) == 0 else {
        context.release()
        throw StorageError(.unavailable, "no thread could be started")
    }
    pthread_detach(thread)
}
