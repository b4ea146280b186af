// SPDX-License-Identifier: Apache-2.0
internal import CCurl
internal import Glibc
internal import Synchronization

/// The way from tasks to the thread that carries the calls.
///
/// Unchecked: libcurl's handle is set once, and only the thread uses it.
final class CallQueue: @unchecked Sendable {
    enum Command: Sendable {
        case start(ClientCall)
        case cancel(ClientCall)
        case resume(ClientCall)
        case close(@Sendable () -> Void)
    }

    private struct State {
        var commands: [Command] = []
        /// The thread has been told that there are commands.
        var isAwake = false
        var isClosed = false
        /// Calls that were begun and are not over.
        var calls = 0
    }

    let multi: UnsafeMutableRawPointer
    let poller: SocketPoller
    private let maxCalls: Int
    private let state = Mutex(State())

    private init(multi: UnsafeMutableRawPointer, poller: SocketPoller, maxCalls: Int) {
        self.multi = multi
        self.poller = poller
        self.maxCalls = maxCalls
    }

    /// A queue whose thread runs.
    static func withThread(maxCalls: Int) throws(HTTPClientError) -> CallQueue {
        guard isLibraryReady, let poller = SocketPoller(), let multi = curl_multi_init() else {
            throw HTTPClientError(.saturated)
        }
        let queue = CallQueue(multi: multi, poller: poller, maxCalls: maxCalls)
        let context = Unmanaged.passRetained(queue)
        var thread = pthread_t()
        guard pthread_create(&thread, nil, runCalls, context.toOpaque()) == 0 else {
            context.release()
            curl_multi_cleanup(multi)
            throw HTTPClientError(.saturated)
        }
        pthread_detach(thread)
        return queue
    }

    func start(_ call: ClientCall) throws(HTTPClientError) {
        try state.withLock { state throws(HTTPClientError) in
            guard !state.isClosed else { throw HTTPClientError(.cancelled) }
            guard state.calls < maxCalls else { throw HTTPClientError(.saturated) }
            state.calls += 1
            post(.start(call), &state)
        }
    }

    func cancel(_ call: ClientCall) { state.withLock { post(.cancel(call), &$0) } }

    func resume(_ call: ClientCall) { state.withLock { post(.resume(call), &$0) } }

    func close(_ done: @escaping @Sendable () -> Void) { state.withLock { post(.close(done), &$0) } }

    /// For the thread: what has been asked since the last time.
    func take() -> [Command] {
        state.withLock { state in
            state.isAwake = false
            defer { state.commands = [] }
            return state.commands
        }
    }

    /// For the thread: a call is over.
    func ended() { state.withLock { $0.calls -= 1 } }

    /// For the thread: nothing is taken any more; returns what came in between.
    func shut() -> [Command] {
        state.withLock { state in
            state.isClosed = true
            defer { state.commands = [] }
            return state.commands
        }
    }

    private func post(_ command: Command, _ state: inout State) {
        if state.isClosed {
            if case .close(let done) = command { done() }
            return
        }
        state.commands.append(command)
        guard !state.isAwake else { return }
        state.isAwake = true
        poller.wake()
    }

    /// libcurl's own set-up, once in a process.
    private static let isLibraryReady: Bool = {
        signal(SIGPIPE, SIG_IGN)
        return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
    }()
}

// A free function, so that the C callback has no actor.
private func runCalls(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    cc_name_thread("outgoing")
    CallThread(Unmanaged<CallQueue>.fromOpaque(context).takeRetainedValue()).run()
    return nil
}
