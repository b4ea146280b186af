// SPDX-License-Identifier: Apache-2.0
internal import CBeast
internal import Synchronization

/// One thread that carries sockets, timers and the Swift tasks which serve them.
///
/// `Task(executorPreference: loop)` keeps a task's code, and the actors it calls, on the thread. Nothing that blocks
/// belongs here.
///
/// Not a `SerialExecutor` besides: a job run as isolated to one is taken off the thread and queued again at each
/// suspension point of code that is isolated to nothing, which is all of ours; a message over REST went through the
/// queue 71 times, and once round epoll for every five of them.
public final class EventLoop: TaskExecutor {
    private struct Queue {
        var jobs: [UnownedJob] = []
        /// The loop has been told that there are jobs, or is running them.
        var isAwake = false
        /// The thread is gone: whoever enqueues runs the jobs, still one at a time.
        var isOver = false
    }

    private let queue = Mutex(Queue())
    let handle: LoopHandle

    init() {
        handle = LoopHandle()
        handle.loop = self
    }

    /// Whether the caller runs on this loop's thread.
    public var isCurrent: Bool { cb_loop_is_current(handle.pointer) }

    /// Takes a job of the Swift runtime.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let (wakes, isOver) = queue.withLock { queue in
            queue.jobs.append(job)
            let wakes = !queue.isAwake
            queue.isAwake = true
            return (wakes, queue.isOver)
        }
        guard wakes else { return }
        if isOver { drainAll() } else { cb_loop_wake(handle.pointer) }
    }

    /// Runs `action` on the loop soon; from the loop itself, after what runs now.
    public func execute(_ action: @escaping @Sendable () -> Void) {
        // Lives as long as `action`; nobody cancels it.
        Task(executorPreference: self) { action() }
    }

    /// Runs the jobs of this moment; more that come meanwhile wait for the next round, behind the sockets.
    func drain() {
        let jobs = queue.withLock { queue in
            let jobs = queue.jobs
            queue.jobs = []
            return jobs
        }
        let executor = asUnownedTaskExecutor()
        for job in jobs { job.runSynchronously(on: executor) }
        let hasMore = queue.withLock { queue in
            queue.isAwake = !queue.jobs.isEmpty
            return queue.isAwake
        }
        if hasMore { cb_loop_wake(handle.pointer) }
    }

    /// After the thread's end.
    private func drainAll() {
        while queue.withLock({ !$0.jobs.isEmpty }) { drain() }
    }

    func start(name: String) { handle.start(name: name) }

    func stop() async {
        await withUnsafeContinuation { (done: UnsafeContinuation<Void, Never>) in
            let call = OwedCall { _ in done.resume() }
            cb_loop_stop(handle.pointer, { OwedCall.make($0) }, call.retained())
        }
        queue.withLock { $0.isOver = true }
        drainAll()
    }
}
