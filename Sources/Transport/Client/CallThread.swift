// SPDX-License-Identifier: Apache-2.0
internal import CCurl

/// Carries all calls of a client, on its own thread.
///
/// Each round takes what the tasks ask, lets libcurl read and write the sockets that are ready, hands over what ended,
/// and waits for the next thing to happen: its cost is that of what happened, however many calls are waiting. Deadlines
/// that libcurl does not know are looked at when the earliest of them may pass: they mostly move, because bytes arrive,
/// and moving them must cost nothing.
final class CallThread {
    private let queue: CallQueue
    private var carried: [ObjectIdentifier: CarriedCall] = [:]
    /// Handles to be used again: making one costs more than a short call.
    private var spare: [UnsafeMutableRawPointer] = []
    private var nextCheck = Monotonic.never
    /// When libcurl wants to be called without a socket being ready.
    private var timer = Monotonic.never
    private var onClose: [@Sendable () -> Void] = []

    init(_ queue: CallQueue) {
        self.queue = queue
        // Connections that nobody uses are kept up to this number.
        cc_multi_set_long(queue.multi, CURLMOPT_MAXCONNECTS, 64)
        let own = Unmanaged.passUnretained(self).toOpaque()
        cc_multi_set_pointer(queue.multi, CURLMOPT_SOCKETDATA, own)
        cc_multi_set_pointer(queue.multi, CURLMOPT_TIMERDATA, own)
        cc_multi_set_socket_callback(queue.multi, socketChanged)
        cc_multi_set_timer_callback(queue.multi, timerChanged)
    }

    func run() {
        while follow(queue.take()) {
            if timer <= Monotonic.now {
                timer = Monotonic.never
                act(on: CURL_SOCKET_BAD, 0)
            }
            collect()
            checkDeadlines()
            for (socket, mask) in queue.poller.wait(patience) { act(on: socket, mask) }
        }
        end()
    }

    /// `CURL_SOCKET_BAD` stands for the timer.
    private func act(on socket: Int32, _ mask: Int32) {
        var running: Int32 = 0
        curl_multi_socket_action(queue.multi, socket, mask, &running)
    }

    fileprivate func watch(_ socket: Int32, _ what: Int32) {
        queue.poller.watch(
            socket, reading: what == CURL_POLL_IN || what == CURL_POLL_INOUT,
            writing: what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
    }

    /// Less than nothing: no timer.
    fileprivate func setTimer(_ milliseconds: Int) {
        timer = milliseconds < 0 ? Monotonic.never : Monotonic.now + Int64(milliseconds) * 1_000_000
    }

    /// Does what the tasks ask; false when they ask for the end.
    private func follow(_ commands: [CallQueue.Command]) -> Bool {
        for command in commands {
            switch command {
            case .start(let call): start(call)
            case .cancel(let call):
                if let call = carried[ObjectIdentifier(call)] { drop(call) }
            case .resume(let call): carried[ObjectIdentifier(call)].map { resume($0) }
            case .close(let done): onClose.append(done)
            }
        }
        return onClose.isEmpty
    }

    private func start(_ call: ClientCall) {
        guard !call.isOver, let easy = spare.popLast() ?? curl_easy_init() else {
            call.finish(.failure(HTTPClientError(.saturated)))
            return queue.ended()
        }
        let carriedCall = CarriedCall(call, easy: easy)
        carried[ObjectIdentifier(call)] = carriedCall
        guard carriedCall.prepare(), curl_multi_add_handle(queue.multi, easy) == CURLM_OK else {
            call.finish(.failure(HTTPClientError(.badRequest)))
            return drop(carriedCall)
        }
        note(carriedCall)
    }

    private func resume(_ call: CarriedCall) {
        call.wasResumed()
        note(call)
        curl_easy_pause(call.easy, CURLPAUSE_CONT)
    }

    /// Hands over what libcurl has finished.
    private func collect() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(queue.multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else {
                continue
            }
            let result = cc_result(message)
            guard let call = CarriedCall.of(easy) else { continue }
            call.finish(result)
            drop(call)
        }
    }

    private func checkDeadlines() {
        let now = Monotonic.now
        guard nextCheck <= now else { return }
        nextCheck = Monotonic.never
        for call in Array(carried.values) {
            let (deadline, phase) = call.deadline
            if deadline <= now {
                call.call.finish(.failure(HTTPClientError(.timeout(phase))))
                drop(call)
            } else {
                note(call)
            }
        }
    }

    private func note(_ call: CarriedCall) { nextCheck = min(nextCheck, call.nextLook) }

    /// Milliseconds to wait at most.
    private var patience: Int32 {
        let next = min(nextCheck, timer)
        guard next != Monotonic.never else { return 60_000 }
        let left = next - Monotonic.now
        return left <= 0 ? 0 : Int32(clamping: min(left / 1_000_000 + 1, 60_000))
    }

    private func drop(_ call: CarriedCall) {
        carried[ObjectIdentifier(call.call)] = nil
        curl_multi_remove_handle(queue.multi, call.easy)
        call.free()
        if spare.count < 32 {
            curl_easy_reset(call.easy)
            spare.append(call.easy)
        } else {
            curl_easy_cleanup(call.easy)
        }
        queue.ended()
    }

    private func end() {
        for command in queue.shut() {
            switch command {
            case .start(let call): call.finish(.failure(HTTPClientError(.cancelled)))
            case .close(let done): onClose.append(done)
            case .cancel, .resume: break
            }
        }
        for call in Array(carried.values) {
            call.call.finish(.failure(HTTPClientError(.cancelled)))
            drop(call)
        }
        for easy in spare { curl_easy_cleanup(easy) }
        curl_multi_cleanup(queue.multi)
        for done in onClose { done() }
    }
}

// Free functions, so that the C callbacks have no actor; they are called within calls to libcurl, on its thread.
private func socketChanged(
    _: UnsafeMutableRawPointer?, socket: curl_socket_t, what: Int32, context: UnsafeMutableRawPointer?,
    _: UnsafeMutableRawPointer?
) -> Int32 {
    context.map { Unmanaged<CallThread>.fromOpaque($0).takeUnretainedValue().watch(socket, what) }
    return 0
}

private func timerChanged(_: UnsafeMutableRawPointer?, milliseconds: Int, context: UnsafeMutableRawPointer?)
    -> Int32
{
    context.map { Unmanaged<CallThread>.fromOpaque($0).takeUnretainedValue().setTimer(milliseconds) }
    return 0
}
