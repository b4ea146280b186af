// SPDX-License-Identifier: Apache-2.0

/// One Engine.IO session as a state machine: bytes and times in, outputs to carry out.
///
///     polling --probe--> upgrading --"5"--> webSocket
///        |  ^               |                  |
///        |  +--probe gone---+                  |
///        +---------------> closed <------------+
///
/// Invariant: whatever is in `buffer` is for a poll; a session on a WebSocket keeps nothing back. Times are
/// milliseconds of a clock that never goes back. It holds no socket: the outputs name what to do with them.
package struct EngineSession: Sendable {
    /// What to do, in order.
    package enum Output: Sendable, Hashable {
        /// Answer the waiting poll with that body.
        case answerPoll([UInt8])
        /// Send to the session's WebSocket.
        case send(EngineFrame)
        /// Send to the probe.
        case sendToProbe(EngineFrame)
        /// The probe is the session's WebSocket from now on.
        case promoteProbe
        /// Close the probe.
        case closeProbe
        /// Close the session's WebSocket.
        case closeSocket
        /// For the layer above.
        case message(EngineMessage)
        /// The session is over; nothing follows.
        case closed(EngineCloseReason)
    }

    enum Phase: Sendable, Hashable {
        /// Next: `upgrading`, `closed`.
        case polling
        /// A probe has said hello. Next: `webSocket`, `polling`, `closed`.
        case upgrading(until: Int)
        /// Next: `closed`.
        case webSocket
        /// The end.
        case closed
    }

    /// What the client calls it.
    package let id: String
    let settings: EngineSettings
    var phase: Phase
    /// Whether a poll waits for an answer.
    var isPolled = false
    var buffer: [EngineFrame] = []
    var bufferedBytes = 0
    /// The next ping, or, while one is out, when its pong is overdue.
    var due: Int
    var awaitsPong = false
    /// The client has closed while no poll of it waited; the one that is on its way still ends well.
    package private(set) var owesRelease = false

    /// A new session, with the frame that opens it already in the outputs or the buffer.
    package init(
        id: String, over transport: EngineTransport, settings: EngineSettings, now: Int,
        into outputs: inout [Output]
    ) {
        self.id = id
        self.settings = settings
        phase = transport == .polling ? .polling : .webSocket
        due = now + settings.pingInterval
        send(Self.opening(id, transport, settings), into: &outputs)
    }

    private static func opening(
        _ id: String, _ transport: EngineTransport, _ settings: EngineSettings
    ) -> EngineFrame {
        let upgrades: JSON = transport == .polling ? ["websocket"] : []
        let body: JSON = [
            "sid": .string(id), "upgrades": upgrades, "pingInterval": .integer(settings.pingInterval),
            "pingTimeout": .integer(settings.pingTimeout), "maxPayload": .integer(settings.maxPayload),
        ]
        return EngineFrame(.open, body.encoded())
    }

    /// How requests must come: nil when it is over.
    package var transport: EngineTransport? {
        switch phase {
        case .polling, .upgrading: .polling
        case .webSocket: .websocket
        case .closed: nil
        }
    }

    /// Whether it is over.
    package var isClosed: Bool { phase == .closed }

    /// Whether it is on its WebSocket, where frames go straight out.
    package var isOnWebSocket: Bool { phase == .webSocket }

    /// When ``tick(now:into:)`` wants to be called at the latest; nil when it is over.
    package var nextDeadline: Int? {
        switch phase {
        case .closed: nil
        case .upgrading(let until): min(until, due)
        case .polling, .webSocket: due
        }
    }
}

// MARK: sending

extension EngineSession {
    /// Sends a frame now, or with the next poll.
    package mutating func send(_ frame: EngineFrame, into outputs: inout [Output]) {
        switch phase {
        case .closed: return
        case .webSocket: outputs.append(.send(frame))
        case .polling, .upgrading:
            buffer.append(frame)
            bufferedBytes += EnginePayload.size(of: frame)
            if isPolled { return flush(into: &outputs) }
            if bufferedBytes > settings.maxBuffered { close(.slowClient, into: &outputs) }
        }
    }

    /// Answers the waiting poll with what is buffered, up to what a body may hold.
    mutating func flush(into outputs: inout [Output]) {
        guard isPolled, !buffer.isEmpty else { return }
        isPolled = false
        var bytes = 0
        let taken = buffer.prefix { frame in
            bytes += EnginePayload.size(of: frame)
            return bytes <= settings.maxPayload
        }
        // One that is larger than a body may be goes alone.
        let count = max(1, taken.count)
        let body = EnginePayload.encode(buffer[..<count])
        buffer.removeFirst(count)
        bufferedBytes = buffer.reduce(0) { $0 + EnginePayload.size(of: $1) }
        outputs.append(.answerPoll(body))
    }

    /// Lets the poll that waits go, or the one that is about to come, with nothing in it.
    mutating func releaseLast(into outputs: inout [Output]) {
        owesRelease = !isPolled
        release(into: &outputs)
    }

    /// Whether a poll that came after the end is still answered: once.
    mutating func takeRelease() -> Bool {
        defer { owesRelease = false }
        return owesRelease
    }

    /// Ends the session from our side.
    package mutating func close(_ reason: EngineCloseReason, into outputs: inout [Output]) {
        if isPolled {
            buffer.append(EngineFrame(.close))
            isPolled = false
            outputs.append(.answerPoll(EnginePayload.encode(buffer)))
        }
        end(reason, into: &outputs)
    }

    /// The end, whoever wanted it.
    mutating func end(_ reason: EngineCloseReason, into outputs: inout [Output]) {
        switch phase {
        case .closed: return
        case .polling: break
        case .upgrading: outputs.append(.closeProbe)
        case .webSocket: outputs.append(.closeSocket)
        }
        phase = .closed
        buffer = []
        bufferedBytes = 0
        outputs.append(.closed(reason))
    }
}

// MARK: heartbeat

extension EngineSession {
    /// Time has passed: sends a ping that is due, ends a session whose pong is overdue, drops a probe that dawdles.
    package mutating func tick(now: Int, into outputs: inout [Output]) {
        if case .upgrading(let until) = phase, until <= now { dropProbe(into: &outputs) }
        while due <= now, phase != .closed {
            if awaitsPong { return close(.pingTimeout, into: &outputs) }
            awaitsPong = true
            // Counted from when the ping was due, not from when a busy server came to it; unless it came so late that
            // the client would be left without its time.
            let isPrompt = now - due <= settings.pingTimeout / 2
            due = (isPrompt ? due : now) + settings.pingTimeout
            send(EngineFrame(.ping), into: &outputs)
        }
    }

    /// Only the answer to our ping counts: a pong nobody asked for keeps nothing alive.
    mutating func takePong(now: Int) {
        guard awaitsPong else { return }
        awaitsPong = false
        due = now + settings.pingInterval
    }
}
