// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WireProtocols

/// One answer on its way to its socket: pieces as they come, then the whole.
///
/// The tokens of an answer, put together, are the answer. What a turn says in several texts is one answer with a blank
/// line between them.
final class StreamingChatAnswer: TurnProgress {
    private struct State {
        var isStarted = false
        var said = ""
        var isOver = false
    }

    /// What clients call the answer.
    let id: String
    private let line: StreamingChatLine
    private let place: Int
    private let now: @Sendable () -> Timestamp
    private let state = Mutex(State())

    init(_ line: StreamingChatLine, place: Int, now: @escaping @Sendable () -> Timestamp) {
        id = "msg_" + RandomID.uuid().filter { $0 != "-" }
        self.line = line
        self.place = place
        self.now = now
    }

    func report(_ delivery: ConversationDelivery) {
        guard case .streamToken(_, let text) = delivery.event, !text.isEmpty else { return }
        let isFirst: Bool? = state.withLock { state in
            guard !state.isOver else { return nil }
            defer { state.isStarted = true }
            state.said += text
            return !state.isStarted
        }
        guard let isFirst else { return }
        if isFirst { line.put(StreamingChatPayload.streamStart(id, now()), at: place) }
        line.put(StreamingChatPayload.streamToken(id, text, now()), at: place)
    }

    /// Says the rest of an answer, and the whole.
    func finish(_ replies: [MessageRecord], emergency: Bool) {
        let text = replies.map { $0.text }.filter { !$0.isEmpty }.joined(separator: "\n\n")
        let (isStarted, said) = state.withLock { state in
            state.isOver = true
            return (state.isStarted, state.said)
        }
        var frames: [[UInt8]] = []
        // People who are answered by a person get nothing here; the end takes the sign of typing away.
        if !isStarted { frames.append(StreamingChatPayload.streamStart(id, now())) }
        // By bytes: what looks like one character may have come in two pieces.
        if text.utf8.starts(with: said.utf8), text.utf8.count > said.utf8.count {
            let rest = String(decoding: text.utf8.dropFirst(said.utf8.count), as: UTF8.self)
            frames.append(StreamingChatPayload.streamToken(id, rest, now()))
        }
        frames.append(StreamingChatPayload.streamEnd(id, now()))
        if !text.isEmpty {
            let records = replies.flatMap { StreamingChatPayload.records($0.sources) }
            // The service's own time, where it gave one.
            let made = replies.lazy.compactMap { $0.usage?["timestamp"]?.text }.first
            frames.append(
                StreamingChatPayload.answer(
                    id, text, context: records, at: .string(made ?? now().iso8601)))
        }
        line.end(place, with: frames, atOnce: emergency)
    }

    /// Says why there is no answer; clients that show pieces leave that state.
    func fail(_ message: String) {
        let isStarted = state.withLock { state in
            state.isOver = true
            return state.isStarted
        }
        var frames = [StreamingChatPayload.error(message, now())]
        if isStarted { frames.append(StreamingChatPayload.streamEnd(id, now())) }
        line.end(place, with: frames, atOnce: false)
    }
}

/// Puts the answers of one socket into the order of its questions.
///
/// The first open place writes to the socket; what later ones say is kept until their turn. An emergency waits for
/// nobody. Holds at most what the turns of one socket hold.
final class StreamingChatLine: Sendable {
    private struct State {
        var next = 0
        var first = 0
        var held: [Int: [[UInt8]]] = [:]
        var over: Set<Int> = []
    }

    private let state = Mutex(State())
    private let send: @Sendable ([UInt8]) -> Void

    init(send: @escaping @Sendable ([UInt8]) -> Void) { self.send = send }

    /// A place for the next question's answer.
    func take() -> Int {
        state.withLock { state in
            defer { state.next += 1 }
            return state.next
        }
    }

    /// Sends a frame, when its turn has come.
    func put(_ frame: [UInt8], at place: Int) {
        // Sent under the lock, so that frames of two threads keep their order; the socket only queues them.
        state.withLock { state in
            if state.first == place { send(frame) } else { state.held[place, default: []].append(frame) }
        }
    }

    /// Sends the last frames of a place, and what later ones have kept.
    func end(_ place: Int, with frames: [[UInt8]], atOnce: Bool) {
        state.withLock { state in
            let kept = state.held.removeValue(forKey: place) ?? []
            if state.first == place || atOnce {
                (kept + frames).forEach(send)
            } else {
                state.held[place] = kept + frames
            }
            state.over.insert(place)
            while state.over.remove(state.first) != nil {
                (state.held.removeValue(forKey: state.first) ?? []).forEach(send)
                state.first += 1
                // The next one goes on by itself.
                (state.held.removeValue(forKey: state.first) ?? []).forEach(send)
            }
        }
    }
}
