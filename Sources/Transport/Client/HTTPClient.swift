// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Synchronization

/// Calls other servers over HTTP/1.1 and HTTP/2, with one thread for all calls (ADR 17).
///
/// Connections are kept and used again. Redirects are answers like any other and never followed; proxies named in
/// the environment are not used; certificates are always verified.
public final class HTTPClient: Sendable {
    private enum State {
        case idle(settings: Int)
        case open(CallQueue)
        case closed
    }

    private let state: Mutex<State>

    /// A client whose thread starts with its first call and which carries up to that many calls at once.
    public init(maxCalls: Int = 4096) { state = Mutex(.idle(settings: maxCalls)) }

    deinit {
        if case .open(let queue) = state.withLock({ $0 }) { queue.close {} }
    }

    /// Sends a request and returns the whole answer, whatever its status.
    ///
    /// Cancelling the task ends the call and its connection.
    public nonisolated(nonsending) func send(
        _ request: HTTPClientRequest
    ) async throws(HTTPClientError) -> HTTPClientResponse {
        let call = try start(request, isStreamed: false)
        return try await call.response()
    }

    /// Sends a request and returns when the head of the answer is there; the body is then pulled piece by piece.
    ///
    /// Cancelling the task ends the call and its connection.
    public nonisolated(nonsending) func open(
        _ request: HTTPClientRequest
    ) async throws(HTTPClientError) -> HTTPClientStream {
        let call = try start(request, isStreamed: true)
        return HTTPClientStream(call, head: try await call.head())
    }

    /// Ends all calls as cancelled and stops the thread; later calls fail as cancelled.
    public func close() async {
        let last = state.withLock { state in
            defer { state = .closed }
            return state
        }
        guard case .open(let queue) = last else { return }
        await withUnsafeContinuation { done in queue.close { done.resume() } }
    }

    private func start(_ request: HTTPClientRequest, isStreamed: Bool) throws(HTTPClientError) -> ClientCall {
        let queue = try queue()
        let call = ClientCall(request, isStreamed: isStreamed, queue: queue)
        try queue.start(call)
        return call
    }

    private func queue() throws(HTTPClientError) -> CallQueue {
        try state.withLock { state throws(HTTPClientError) in
            switch state {
            case .open(let queue): return queue
            case .closed: throw HTTPClientError(.cancelled)
            case .idle(let maxCalls):
                let queue = try CallQueue.withThread(maxCalls: maxCalls)
                state = .open(queue)
                return queue
            }
        }
    }
}

/// An answer whose body is still coming.
///
/// Nothing is read ahead of the reader beyond 256 KiB. Letting go of the stream ends the call.
public final class HTTPClientStream: Sendable {
    /// Status, fields and times.
    public let head: HTTPClientHead
    private let call: ClientCall

    init(_ call: ClientCall, head: HTTPClientHead) {
        self.call = call
        self.head = head
    }

    deinit { call.cancel() }

    /// The next bytes, all that have arrived; nil at the end of a complete body.
    ///
    /// One reader at a time. Cancelling the task ends the call and its connection.
    public nonisolated(nonsending) func next() async throws(HTTPClientError) -> [UInt8]? {
        try await call.nextPiece()
    }

    /// Ends the call and its connection; `next` then throws.
    public func cancel() { call.cancel() }
}
