// SPDX-License-Identifier: Apache-2.0
internal import CBeast

/// The C loop, freed when the last of those who need it is gone: the ``EventLoop``, a timer, a socket.
///
/// Unchecked: `loop` is set once, before the thread starts, and the C functions take calls from any thread.
final class LoopHandle: @unchecked Sendable {
    /// The way back from C.
    ///
    /// Unowned, because the loop owns this; it is gone only when its thread is.
    unowned(unsafe) var loop: EventLoop?
    let pointer = cb_loop_new()

    func start(name: String) {
        cb_loop_start(pointer, name, drainLoop, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit { cb_loop_free(pointer) }
}

/// A call that C owes us exactly once; the Boolean is for those which say how it went.
final class OwedCall: Sendable {
    private let action: @Sendable (Bool) -> Void

    init(_ action: @escaping @Sendable (Bool) -> Void) { self.action = action }

    /// What to give to C together with ``make(_:)``.
    func retained() -> UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }

    /// Ends the debt.
    static func make(_ pointer: UnsafeMutableRawPointer, _ outcome: Bool = true) {
        Unmanaged<OwedCall>.fromOpaque(pointer).takeRetainedValue().action(outcome)
    }
}

// Callbacks are free functions: a closure made in isolated code would be isolated too and trap on a loop thread.
private func drainLoop(_ context: UnsafeMutableRawPointer) {
    Unmanaged<LoopHandle>.fromOpaque(context).takeUnretainedValue().loop?.drain()
}
