// SPDX-License-Identifier: Apache-2.0

import Intents
import Synchronization

/// The one text of a turn's answer that people see, whoever of several providers gives it.
///
/// What is in ``text`` has gone out and is never changed; only where nobody has seen it may it be taken back.
package final class VisibleAnswer: Sendable {
    fileprivate struct State {
        var gate: OutputGate?
        var text = ""
        var wasStreamed = false
        var isEnded = false
        var isTooLong = false
        var finding: SafetyFinding?
        var outbox: [String] = []
        var isDelivering = false
        var isTimed = false
        var waiting: [UnsafeContinuation<Void, Never>] = []
    }

    /// The id of the message it becomes.
    package let messageID: String
    /// True when nobody sees pieces, so that a text can be taken back.
    package let canBeTakenBack: Bool
    private let state: Mutex<State>
    private let makeGate: @Sendable () -> OutputGate?
    private let delay: any Delay
    private let forward: (@Sendable (_ piece: String, _ isFirst: Bool) -> Void)?

    /// An answer that becomes the message of that id; `forward` gets each piece as it may be seen.
    init(
        messageID: String = "", canBeTakenBack: Bool = false, delay: any Delay = SystemDelay(),
        gate: @escaping @Sendable () -> OutputGate? = { nil },
        forward: (@Sendable (_ piece: String, _ isFirst: Bool) -> Void)? = nil
    ) {
        self.messageID = messageID
        self.canBeTakenBack = canBeTakenBack
        self.delay = delay
        self.forward = forward
        makeGate = gate
        state = Mutex(State(gate: gate()))
    }

    /// What people have seen so far.
    package var text: String { state.withLock(\.text) }
    /// True when pieces have gone out.
    package var wasStreamed: Bool { state.withLock(\.wasStreamed) }
    /// The alarm that the answer itself has raised.
    var finding: SafetyFinding? { state.withLock(\.finding) }
    /// True when it was longer than it may be.
    var isTooLong: Bool { state.withLock(\.isTooLong) }
    /// True when nothing more is let out.
    var isEnded: Bool { state.withLock(\.isEnded) }

    /// Takes a piece; false when no more are wanted.
    ///
    /// A whole answer is not `streamed`.
    @discardableResult
    func append(_ piece: String, streamed: Bool = true) -> Bool {
        let (isWanted, mayDeliver, mustTime) = state.withLock { state in
            guard !state.isEnded else { return (false, false, false) }
            if state.gate != nil {
                state.gate?.take(piece).map { state.take($0, streamed: streamed) }
            } else {
                state.take(OutputGate.Release(text: piece), streamed: streamed)
            }
            let mustTime = streamed && state.gate?.holdsBack == true && !state.isTimed
            if mustTime { state.isTimed = true }
            return (!state.isEnded, state.mayDeliver(), mustTime)
        }
        if mayDeliver { deliver() }
        if mustTime { startTimer() }
        return isWanted
    }

    /// Lets out what is held back.
    func finish(streamed: Bool = true) {
        let mayDeliver = state.withLock { state in
            state.gate?.finish().map { state.take($0, streamed: streamed) }
            return state.mayDeliver()
        }
        if mayDeliver { deliver() }
    }

    /// Gives up what is held back.
    func drop() {
        state.withLock { state in
            state.gate = state.gate == nil ? nil : makeGate()
            state.isEnded = true
        }
    }

    /// Returns when everyone has been told what has gone out.
    func delivered() async {
        await withUnsafeContinuation { continuation in
            let isDone = state.withLock { state in
                if state.isDelivering { state.waiting.append(continuation) }
                return !state.isDelivering
            }
            if isDone { continuation.resume() }
        }
    }

    /// Says something of ours behind the answer.
    func close(with ending: String) {
        finish()
        let mayDeliver = state.withLock { state in
            let space = state.text.isEmpty || ending.isEmpty ? "" : "\n\n"
            state.take(OutputGate.Release(text: space + ending), streamed: state.wasStreamed)
            state.isEnded = true
            return state.mayDeliver()
        }
        if mayDeliver { deliver() }
    }

    /// Forgets what nobody has seen; false when somebody has.
    func takeBack() -> Bool {
        state.withLock { state in
            guard canBeTakenBack || state.text.isEmpty else { return false }
            state.text = ""
            state.isEnded = false
            state.gate = makeGate()
            return true
        }
    }

    // Ends by itself after a fifth of a second.
    private func startTimer() {
        Task {
            _ = try? await delay.wait(OutputGate.patience)
            let mayDeliver = state.withLock { state in
                state.isTimed = false
                state.gate?.hurry().map { state.take($0, streamed: true) }
                return state.mayDeliver()
            }
            if mayDeliver { deliver() }
        }
    }

    // One thread at a time tells, so that pieces keep their order.
    private func deliver() {
        while true {
            let batch: (pieces: [String], isFirst: Bool)? = state.withLock { state in
                guard !state.outbox.isEmpty else {
                    state.isDelivering = false
                    return nil
                }
                defer {
                    state.outbox = []
                    state.wasStreamed = true
                }
                return (state.outbox, !state.wasStreamed)
            }
            guard let batch else { break }
            for (index, piece) in batch.pieces.enumerated() { forward?(piece, batch.isFirst && index == 0) }
        }
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

extension VisibleAnswer.State {
    fileprivate mutating func take(_ release: OutputGate.Release, streamed: Bool) {
        if !release.text.isEmpty {
            text += release.text
            // Once pieces are out, the rest must be too, or what is seen is not what is stored.
            if streamed || wasStreamed || !outbox.isEmpty { outbox.append(release.text) }
        }
        if let found = release.finding { finding = found }
        if release.isTooLong { isTooLong = true }
        if release.isEnded { isEnded = true }
    }

    fileprivate mutating func mayDeliver() -> Bool {
        guard !outbox.isEmpty, !isDelivering else { return false }
        isDelivering = true
        return true
    }
}

extension OutputGate.Release {
    fileprivate func map(_ body: (OutputGate.Release) -> Void) { body(self) }
}
