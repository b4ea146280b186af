// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Holds the first of several outcomes; whoever waits for it never waits for the others to end.
///
/// A task group would: it does not return before its slowest child has, and a provider may hang through its
/// cancellation.
final class FirstOutcome<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case awaited(UnsafeContinuation<Value, Never>)
        case settled(Value)
    }

    private let state = Mutex(State.empty)

    /// Settles it unless it is settled.
    func settle(_ value: Value) {
        let continuation: UnsafeContinuation<Value, Never>? = state.withLock { state in
            switch state {
            case .settled: return nil
            case .empty:
                state = .settled(value)
                return nil
            case .awaited(let continuation):
                state = .settled(value)
                return continuation
            }
        }
        continuation?.resume(returning: value)
    }

    /// The outcome; one caller may wait.
    func value() async -> Value {
        await withUnsafeContinuation { continuation in
            let settled: Value? = state.withLock { state in
                if case .settled(let value) = state { return value }
                state = .awaited(continuation)
                return nil
            }
            if let settled { continuation.resume(returning: settled) }
        }
    }
}
