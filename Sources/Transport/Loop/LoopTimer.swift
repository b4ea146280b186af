// SPDX-License-Identifier: Apache-2.0
internal import CBeast
internal import Synchronization

/// A call that an ``EventLoop`` owes for a later time.
///
/// Unchecked: the C timer takes calls from any thread.
public final class LoopTimer: @unchecked Sendable {
    private let pointer: OpaquePointer
    private let loop: LoopHandle

    fileprivate init(_ pointer: OpaquePointer, loop: LoopHandle) {
        self.pointer = pointer
        self.loop = loop
    }

    deinit { cb_timer_release(pointer) }

    /// Takes the call back; no effect when it was made already.
    ///
    /// Dropping the timer does not cancel it.
    public func cancel() { cb_timer_cancel(pointer) }
}

extension EventLoop {
    /// Calls `action` on the loop after `delay`, precise to a millisecond, unless cancelled.
    @discardableResult
    public func after(_ delay: Duration, _ action: @escaping @Sendable () -> Void) -> LoopTimer {
        timer(delay) { isDue in if isDue { action() } }
    }

    /// Waits on the loop's own clock.
    /// - Throws: `CancellationError` at once when the task is cancelled.
    public func sleep(for delay: Duration) async throws(CancellationError) {
        let pending = Mutex<LoopTimer?>(nil)
        let isDue = await withTaskCancellationHandler {
            await withUnsafeContinuation { (waiting: UnsafeContinuation<Bool, Never>) in
                let timer = timer(delay) { waiting.resume(returning: $0) }
                pending.withLock { $0 = timer }
                if Task.isCancelled { timer.cancel() }
            }
        } onCancel: {
            pending.withLock { $0 }?.cancel()
        }
        if !isDue { throw CancellationError() }
    }

    /// `action` is called exactly once: with true in time, with false when cancelled.
    private func timer(_ delay: Duration, _ action: @escaping @Sendable (Bool) -> Void) -> LoopTimer {
        let pointer = cb_timer_new(
            handle.pointer, delay.clampedMilliseconds, { OwedCall.make($0, $1) }, OwedCall(action).retained())
        return LoopTimer(pointer, loop: handle)
    }
}

extension Duration {
    /// Whole milliseconds, rounded up; nothing below zero.
    var clampedMilliseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let thousands = UInt64(seconds).multipliedReportingOverflow(by: 1000)
        let rest = (UInt64(attoseconds) + 999_999_999_999_999) / 1_000_000_000_000_000
        return thousands.overflow ? .max : min(thousands.partialValue + rest, UInt64(Int64.max / 2))
    }
}
