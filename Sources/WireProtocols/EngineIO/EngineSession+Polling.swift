// SPDX-License-Identifier: Apache-2.0

extension EngineSession {
    /// What becomes of a poll.
    package enum Poll: Sendable, Hashable {
        /// It waits, or has its answer among the outputs.
        case taken
        case refused(EngineRefusal)
    }

    /// What becomes of a body of packets.
    package enum Push: Sendable, Hashable {
        case taken
        case refused(EngineRefusal)
        /// 413; the session goes on.
        case tooLarge
    }

    /// A client asks for what waits.
    ///
    /// Two at once end the session: the client has lost track.
    package mutating func poll(now: Int, into outputs: inout [Output]) -> Poll {
        tick(now: now, into: &outputs)
        guard phase != .closed else {
            guard takeRelease() else { return .refused(.unknownSession) }
            outputs.append(.answerPoll(EngineFrame(.noop).bytes))
            return .taken
        }
        guard transport == .polling else { return .refused(.badRequest) }
        guard !isPolled else {
            close(.overlappingPolls, into: &outputs)
            return .refused(.badRequest)
        }
        isPolled = true
        flush(into: &outputs)
        if case .upgrading = phase { release(into: &outputs) }
        return .taken
    }

    /// The client has hung up on its poll.
    package mutating func pollAbandoned(into outputs: inout [Output]) {
        guard isPolled else { return }
        isPolled = false
        end(.clientClosed, into: &outputs)
    }

    /// A client brings packets.
    package mutating func push(_ body: [UInt8], now: Int, into outputs: inout [Output]) -> Push {
        tick(now: now, into: &outputs)
        guard phase != .closed else { return .refused(.unknownSession) }
        guard transport == .polling else { return .refused(.badRequest) }
        guard body.count <= settings.maxPayload else { return .tooLarge }
        guard let packets = EnginePayload.decode(body) else {
            close(.parseError, into: &outputs)
            return .refused(.badRequest)
        }
        for packet in packets where phase != .closed { take(packet, now: now, into: &outputs) }
        return .taken
    }

    private mutating func take(_ packet: EnginePacket, now: Int, into outputs: inout [Output]) {
        switch packet {
        case .binary(let bytes): outputs.append(.message(.binary(bytes)))
        case .text(.message, let text): outputs.append(.message(.text(text)))
        case .text(.pong, _): takePong(now: now)
        case .text(.close, _):
            // The poll that waits, or is on its way over another connection, is to end well.
            releaseLast(into: &outputs)
            end(.clientClosed, into: &outputs)
        case .text(.ping, _): close(.parseError, into: &outputs)
        case .text: break
        }
    }

    /// Answers a poll that waits with nothing in it.
    mutating func release(into outputs: inout [Output]) {
        guard isPolled else { return }
        isPolled = false
        outputs.append(.answerPoll(EngineFrame(.noop).bytes))
    }
}
