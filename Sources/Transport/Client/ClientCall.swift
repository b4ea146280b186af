// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// One call, shared between the task that waits for it and the thread that carries it.
final class ClientCall: Sendable {
    /// Bytes that may wait for the reader of a stream before the server has to wait too.
    static let readAhead = 256 * 1024

    /// What the task waits for.
    private enum Wait { case head, piece, end }

    private struct State {
        var head: HTTPClientHead?
        /// Arrived and not yet read.
        var bytes: [UInt8] = []
        var outcome: Result<Void, HTTPClientError>?
        var waiter: (wait: Wait, continuation: UnsafeContinuation<Void, Never>)?
        /// The thread has stopped reading until the reader catches up.
        var isPaused = false

        func has(_ wait: Wait) -> Bool {
            if outcome != nil { return true }
            return switch wait {
            case .head: head != nil
            case .piece: !bytes.isEmpty
            case .end: false
            }
        }

        /// The waiter, when what it waits for is there.
        mutating func takeReady() -> UnsafeContinuation<Void, Never>? {
            guard let waiter, has(waiter.wait) else { return nil }
            self.waiter = nil
            return waiter.continuation
        }
    }

    let request: HTTPClientRequest
    let isStreamed: Bool
    private let queue: CallQueue
    private let state = Mutex(State())

    init(_ request: HTTPClientRequest, isStreamed: Bool, queue: CallQueue) {
        self.request = request
        self.isStreamed = isStreamed
        self.queue = queue
    }

    // MARK: - The task's side

    nonisolated(nonsending) func response() async throws(HTTPClientError) -> HTTPClientResponse {
        await wait(for: .end)
        let (head, body, outcome) = state.withLock { ($0.head, $0.bytes, $0.outcome) }
        try outcome?.get()
        guard let head else { throw HTTPClientError(.malformed) }
        return HTTPClientResponse(head: head, body: body)
    }

    nonisolated(nonsending) func head() async throws(HTTPClientError) -> HTTPClientHead {
        await wait(for: .head)
        let (head, outcome) = state.withLock { ($0.head, $0.outcome) }
        if let head { return head }
        try outcome?.get()
        throw HTTPClientError(.malformed)
    }

    nonisolated(nonsending) func nextPiece() async throws(HTTPClientError) -> [UInt8]? {
        await wait(for: .piece)
        let (piece, outcome, wasPaused) = state.withLock { state in
            defer { state.bytes = [] }
            defer { state.isPaused = false }
            return (state.bytes, state.outcome, state.isPaused)
        }
        if wasPaused { queue.resume(self) }
        if !piece.isEmpty { return piece }
        try outcome?.get()
        return nil
    }

    private nonisolated(nonsending) func wait(for wait: Wait) async {
        if state.withLock({ $0.has(wait) }) { return }
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let ready = state.withLock { state in
                    state.waiter = (wait, continuation)
                    return state.takeReady()
                }
                ready?.resume()
            }
        } onCancel: {
            cancel()
        }
    }

    /// Ends the call, unless it is over; whoever waits is told at once.
    func cancel() {
        if finish(.failure(HTTPClientError(.cancelled))) { queue.cancel(self) }
    }

    // MARK: - The thread's side

    var isOver: Bool { state.withLock { $0.outcome != nil } }

    func received(_ head: HTTPClientHead) {
        let ready = state.withLock { state in
            state.head = head
            return state.takeReady()
        }
        ready?.resume()
    }

    /// Takes a piece of the body, unless so much waits already that the server has to.
    func received(_ piece: UnsafeRawBufferPointer) -> Bool {
        let (isTaken, ready) = state.withLock { state -> (Bool, UnsafeContinuation<Void, Never>?) in
            if isStreamed, state.bytes.count >= Self.readAhead {
                state.isPaused = true
                return (false, nil)
            }
            state.bytes.append(contentsOf: piece)
            return (true, state.takeReady())
        }
        ready?.resume()
        return isTaken
    }

    /// Sets how the call ended; false when it had ended before.
    @discardableResult
    func finish(_ outcome: Result<Void, HTTPClientError>) -> Bool {
        let (isFirst, ready) = state.withLock { state -> (Bool, UnsafeContinuation<Void, Never>?) in
            guard state.outcome == nil else { return (false, nil) }
            state.outcome = outcome
            return (true, state.takeReady())
        }
        ready?.resume()
        return isFirst
    }
}
