// SPDX-License-Identifier: Apache-2.0
internal import CCurl

/// Carries all calls of a client, on its own thread.
///
/// Each round takes what the tasks ask, lets libcurl read and write, hands over what ended, and waits for the next
/// thing to happen. Deadlines that libcurl does not know are looked at when the earliest of them passes: they mostly
/// move, because bytes arrive, and moving them must cost nothing.
final class CallThread {
    private let queue: CallQueue
    private var carried: [ObjectIdentifier: CarriedCall] = [:]
    /// Handles to be used again: making one costs more than a short call.
    private var spare: [UnsafeMutableRawPointer] = []
    private var nextCheck = Monotonic.never
    private var onClose: [@Sendable () -> Void] = []

    init(_ queue: CallQueue) {
        self.queue = queue
        // Connections that nobody uses are kept up to this number.
        cc_multi_set_long(queue.multi, CURLMOPT_MAXCONNECTS, 64)
    }

    func run() {
        while follow(queue.take()) {
            var count: Int32 = 0
            curl_multi_perform(queue.multi, &count)
            collect()
            checkDeadlines()
            curl_multi_poll(queue.multi, nil, 0, patience, nil)
        }
        end()
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
        guard nextCheck != Monotonic.never || !carried.isEmpty else { return }
        for call in carried.values where call.hasNews { note(call) }
        let now = Monotonic.now
        guard nextCheck <= now else { return }
        nextCheck = Monotonic.never
        for call in Array(carried.values) {
            let (deadline, phase) = call.deadline
            if deadline <= now {
                call.call.finish(.failure(HTTPClientError(.timeout(phase))))
                drop(call)
            } else {
                nextCheck = min(nextCheck, deadline)
            }
        }
    }

    private func note(_ call: CarriedCall) {
        call.hasNews = false
        nextCheck = min(nextCheck, call.deadline.at)
    }

    /// Milliseconds to wait at most; libcurl shortens it for deadlines of its own.
    private var patience: Int32 {
        guard nextCheck != Monotonic.never else { return 60_000 }
        let milliseconds = (nextCheck - Monotonic.now) / 1_000_000 + 1
        return Int32(clamping: max(0, min(milliseconds, 60_000)))
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
