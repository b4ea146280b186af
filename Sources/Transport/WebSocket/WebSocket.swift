// SPDX-License-Identifier: Apache-2.0
internal import CBeast
internal import Synchronization

/// One open WebSocket, or one that was.
///
/// Safe from any thread; messages are sent in the order of the calls.
///
/// At most one message is read ahead, so a client that sends faster than it is served waits in its own kernel,
/// while its pings and its close are still answered.
public final class WebSocket: Sendable {
    private struct State: @unchecked Sendable {
        // Unchecked: guarded by the mutex; the pointer is to an object that takes calls from any thread.
        var handle: OpaquePointer?
        var task: Task<Void, Never>?
        var receiver: (any WebSocketReceiver)?
        var waiting: UnsafeContinuation<WebSocketMessage?, Never>?
        var ahead: WebSocketMessage?
        var closeCode: UInt16?
    }

    /// The loop whose thread serves this socket.
    public let loop: EventLoop
    private let state = Mutex(State())

    init(loop: EventLoop) { self.loop = loop }

    deinit {
        if let handle = state.withLock({ $0.handle }) { cb_ws_release(handle) }
    }

    /// The code of the close frame, 1005 without one, 1006 when the connection broke; nil while open.
    public var closeCode: UInt16? { state.withLock { $0.closeCode } }

    /// Whether no more messages will come or go.
    public var isClosed: Bool { closeCode != nil }

    /// The next message; nil when the socket is closed or the task cancelled.
    ///
    /// One caller at a time.
    public func receive() async -> WebSocketMessage? {
        if let message = takeAhead() { return message }
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { waiting in wait(waiting) }
        } onCancel: {
            resume(with: nil)
        }
    }

    /// Queues a text message; false when the socket is closed, or closes now because the client reads too
    /// slowly.
    @discardableResult
    public func send(text: String) -> Bool {
        var text = text
        return text.withUTF8 { send($0, isText: true) }
    }

    /// The same for bytes; `isText` says that they are UTF-8 text.
    @discardableResult
    public func send(bytes: [UInt8], isText: Bool = false) -> Bool {
        bytes.withUnsafeBufferPointer { send($0, isText: isText) }
    }

    /// Sends what is queued, then a close frame, and waits briefly for the client's.
    ///
    /// No effect when closed.
    public func close(code: UInt16 = 1000, reason: String = "") {
        guard let handle = state.withLock({ $0.closeCode == nil ? $0.handle : nil }) else { return }
        var reason = reason
        reason.withUTF8 { cb_ws_close(handle, code, cb_bytes(base: $0.baseAddress, size: $0.count)) }
    }

    private func send(_ bytes: UnsafeBufferPointer<UInt8>, isText: Bool) -> Bool {
        guard let handle = state.withLock({ $0.closeCode == nil ? $0.handle : nil }) else { return false }
        return cb_ws_send(handle, cb_bytes(base: bytes.baseAddress, size: bytes.count), isText)
    }
}

// MARK: What the loop calls

extension WebSocket {
    /// Starts the handler with the C handle, which comes retained.
    ///
    /// `ended` cancels the task when the client leaves.
    func run(_ handle: OpaquePointer, _ handler: @escaping @Sendable (WebSocket) async -> Void) {
        state.withLock { $0.handle = handle }
        let task = Task(executorPreference: loop) {
            await handler(self)
            self.close()
        }
        let isOver = state.withLock { state in
            if state.closeCode == nil { state.task = task }
            return state.closeCode != nil
        }
        if isOver { task.cancel() }
    }

    /// The same for a receiver.
    func run(_ handle: OpaquePointer, _ receiver: any WebSocketReceiver) {
        let isOver = state.withLock { state in
            state.handle = handle
            if state.closeCode == nil { state.receiver = receiver }
            return state.closeCode != nil
        }
        receiver.opened(self)
        if isOver { receiver.ended(self) }
    }

    /// Whether to go on reading.
    func received(_ message: WebSocketMessage) -> Bool {
        if let receiver = state.withLock({ $0.receiver }) {
            receiver.received(message, from: self)
            return true
        }
        let waiting = state.withLock { state in
            let waiting = state.waiting
            state.waiting = nil
            if waiting == nil { state.ahead = message }
            return waiting
        }
        waiting?.resume(returning: message)
        return waiting != nil
    }

    /// We close: the handler hears it now and may finish what it is at.
    func closing(code: UInt16) {
        state.withLock { state in
            state.closeCode = code
            state.ahead = nil
        }
        resume(with: nil)
        tellReceiver()
    }

    /// The client has left, or our close is done: what the handler is still at is in vain.
    func ended(code: UInt16) {
        let task = state.withLock { state in
            if state.closeCode == nil { state.closeCode = code }
            let task = state.task
            // Breaks the circle of socket, task and closure.
            state.task = nil
            return task
        }
        resume(with: nil)
        task?.cancel()
        tellReceiver()
    }

    /// Not at once: this may be called from inside a send of the receiver's own.
    private func tellReceiver() {
        let receiver = state.withLock { state in
            defer { state.receiver = nil }
            return state.receiver
        }
        guard let receiver else { return }
        loop.execute { receiver.ended(self) }
    }
}

// MARK: Waiting for a message

extension WebSocket {
    private func takeAhead() -> WebSocketMessage? {
        let (message, handle) = state.withLock { state in
            let message = state.ahead
            state.ahead = nil
            return (message, state.closeCode == nil ? state.handle : nil)
        }
        if message != nil, let handle { cb_ws_pull(handle) }
        return message
    }

    private func wait(_ waiting: UnsafeContinuation<WebSocketMessage?, Never>) {
        // A message, the close or the cancellation may have come since.
        if let message = takeAhead() { return waiting.resume(returning: message) }
        let isOver = state.withLock { state in
            precondition(state.waiting == nil, "two tasks receive from one WebSocket")
            if state.closeCode == nil && !Task.isCancelled { state.waiting = waiting }
            return state.waiting == nil
        }
        if isOver { waiting.resume(returning: nil) }
    }

    private func resume(with message: WebSocketMessage?) {
        let waiting = state.withLock { state in
            let waiting = state.waiting
            state.waiting = nil
            return waiting
        }
        waiting?.resume(returning: message)
    }
}
