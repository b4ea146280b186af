// SPDX-License-Identifier: Apache-2.0
internal import CBeast
internal import Glibc
internal import Synchronization

/// The event loops of a process, usually one per core.
public final class EventLoopGroup: Sendable {
    /// All loops, in the order of ``next()``.
    public let loops: [EventLoop]
    private let turn = Atomic<Int>(0)

    /// Makes that many loops, at least one; nothing runs before ``start()``.
    public init(loops count: Int) {
        loops = (0..<max(1, count)).map { _ in EventLoop() }
    }

    /// The cores this process may run on: fewer than the machine has in a container or under `taskset`.
    public static var usableCores: Int { Int(cb_usable_cores()) }

    /// Gives freed memory back to the system; takes some milliseconds, so not for a loop's thread.
    public static func returnFreedMemory() { cb_return_memory() }

    /// Starts the threads.
    ///
    /// To be called once.
    public func start() {
        raiseDescriptorLimit()
        for (index, loop) in loops.enumerated() { loop.start(name: "loop-\(index)") }
    }

    /// A server of ten thousand sockets needs as many descriptors; the soft limit is often 1,024.
    private func raiseDescriptorLimit() {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        // Refused, the old limit holds, and `accept` pauses when it is reached.
        _ = setrlimit(resource, &limit)
    }

    /// Stops and joins the threads, once the servers on them are shut down.
    ///
    /// Tasks that are still there finish on whatever thread wakes them.
    public func stop() async {
        for loop in loops { await loop.stop() }
    }

    /// The loops in turn.
    public func next() -> EventLoop {
        let index = turn.add(1, ordering: .relaxed).oldValue
        return loops[Int(UInt(bitPattern: index) % UInt(loops.count))]
    }
}
