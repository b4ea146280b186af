// SPDX-License-Identifier: Apache-2.0
internal import CBeast
internal import Synchronization

/// One thread that carries sockets, timers and the Swift tasks which serve them.
///
/// It is an executor twice over: `Task(executorPreference: loop)` keeps a task's non-isolated code on the thread,
/// and an actor whose `unownedExecutor` is the loop's lives on it. Nothing that blocks belongs here.
public final class EventLoop: SerialExecutor, TaskExecutor {
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

    /// What an actor returns that lives here.
    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    /// Traps off the loop's thread.
    public func checkIsolated() {
        precondition(isCurrent, "called off the event loop it belongs to")
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
        let (serial, task) = (asUnownedSerialExecutor(), asUnownedTaskExecutor())
        for job in jobs { job.runSynchronously(isolatedTo: serial, taskExecutor: task) }
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
