// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WireProtocols

/// A conversation in memory: whose turn it is, what the store holds, and who watches.
///
///     arrive -> line [running, waiting, waiting, ...] -> leave      (turns, one at a time, in arrival order)
///     turn, emergency -> commit                                     (one write at a time, numbered in order)
///     committed -> outbox -> subscribers                            (one deliverer at a time, in order)
///
/// Invariant: `assigned` is the number of the last message that was stored, is being stored, or is owed. A
/// turn runs on the task of whoever submitted it, so an idle conversation costs no hop. An actor was dropped:
/// it does not order turns across `await`, and each call into it is a hop.
final class Mailbox: Sendable {
    /// Turns that may wait behind the running one; one more is `busy`.
    static let maxWaiting = 32
    /// The same for messages that nobody answers: each waits for a commit only.
    static let maxRelayed = 1024

    struct Place {
        let ticket: Int
        var continuation: UnsafeContinuation<Void, Never>?
        var cancellation: TurnCancellation?
    }

    /// Someone who watches.
    struct Watcher {
        let subscriber: any ConversationSubscriber
        let caller: Caller
    }

    /// An event on its way to those who watch.
    struct Outgoing {
        let delivery: ConversationDelivery
        /// Who had the conversation until this event, and is still told of it.
        var former = Holder()
    }

    /// The member of staff who has the conversation, and the channel they claimed it from.
    struct Holder {
        var staff: String?
        var channel: String?
    }

    /// Who answers from now on.
    struct Change {
        let state: HandoffState
        let former: Holder
    }

    struct State {
        /// The row as the store has it.
        var stored: ConversationRecord
        /// The same row's inner part, decoded.
        var context: ConversationContext
        var handoff: HandoffState
        /// The number of the last message given one.
        var assigned: Int

        var line: [Place] = []
        var nextTicket = 0
        var joins: [String: [UnsafeContinuation<Result<TurnAnswer, ServiceError>?, Never>]] = [:]

        var owed: [OwedTurn] = []
        /// The last safety answers, for retries: bounded by `maxSafetyAnswers`.
        var safetyAnswers: [TurnAnswer] = []
        /// What was said last, since a statement may be split over two messages; nil until it is known.
        var lastSaid: LastSaid?
        var isCommitting = false
        var committers: [UnsafeContinuation<Void, Never>] = []

        var subscribers: [Watcher] = []
        var outbox: [Outgoing] = []
        var isDelivering = false
        var typists: [String: Typist] = [:]
    }

    let id: String
    let origin: ConversationOrigin
    let participants: [String]
    let store: any ConversationStore
    let metrics: any TurnMetrics
    let feeds: ChannelFeeds
    let state: Mutex<State>

    init(
        _ record: ConversationRecord, store: any ConversationStore, metrics: any TurnMetrics,
        feeds: ChannelFeeds
    ) {
        id = record.id
        origin = ConversationOrigin(record)
        participants = record.participants
        self.store = store
        self.metrics = metrics
        self.feeds = feeds
        let context = ConversationContext(record.dialogue)
        state = Mutex(
            State(
                stored: record, context: context, handoff: HandoffState(record, claimBy: context.claimBy),
                assigned: record.sequence))
    }

    /// What the store holds, with what is owed to it already applied to the state.
    var record: ConversationRecord {
        state.withLock { state in
            let handoff = state.handoff
            var record = state.stored
            let isStored =
                record.state == handoff.name && record.queue == handoff.queue && record.staff == handoff.staff
            if isStored { return record }
            record.state = handoff.name
            record.queue = handoff.queue
            record.staff = handoff.staff
            return record
        }
    }

    /// False while a safety answer still has to be stored.
    var owesNothing: Bool { state.withLock { $0.owed.isEmpty && !$0.isCommitting } }

    /// Who answers just now.
    var handoff: HandoffState { state.withLock(\.handoff) }
}

// MARK: the line

extension Mailbox {
    /// What becomes of a message that has come in.
    enum Arrival {
        case turn(ticket: Int)
        /// A message of the same client id is in the line: its answer is this one's.
        case joins
        /// A safety answer that was given under the same client id.
        case answered(TurnAnswer)
        case busy
    }

    /// Takes the next place in the line.
    ///
    /// Never waits, so that messages keep the order in which they came.
    func arrive(clientMessageID: String?, limit: Int = maxWaiting) -> Arrival {
        state.withLock { state in
            if let clientMessageID {
                if state.joins[clientMessageID] != nil { return .joins }
                if let answer = state.safetyAnswers.first(where: {
                    $0.message.clientMessageID == clientMessageID
                }) {
                    return .answered(answer)
                }
            }
            guard state.line.count <= limit else { return .busy }
            state.nextTicket += 1
            state.line.append(Place(ticket: state.nextTicket))
            if let clientMessageID { state.joins[clientMessageID] = [] }
            return .turn(ticket: state.nextTicket)
        }
    }

    /// Returns when it is that ticket's turn, with what cuts the turn short.
    func waitForTurn(_ ticket: Int) async -> TurnCancellation {
        let cancellation = TurnCancellation()
        if start(ticket, cancellation) { return cancellation }
        await withUnsafeContinuation { continuation in
            let isFirst = state.withLock { state in
                guard let index = state.line.firstIndex(where: { $0.ticket == ticket }), index > 0 else {
                    return true
                }
                state.line[index].continuation = continuation
                return false
            }
            if isFirst { continuation.resume() }
        }
        _ = start(ticket, cancellation)
        return cancellation
    }

    private func start(_ ticket: Int, _ cancellation: TurnCancellation) -> Bool {
        state.withLock { state in
            guard state.line.first?.ticket == ticket else { return false }
            state.line[0].cancellation = cancellation
            return true
        }
    }

    /// Gives the place up, and the turn to the next in the line.
    func leave(_ ticket: Int) {
        let next: UnsafeContinuation<Void, Never>? = state.withLock { state in
            guard let index = state.line.firstIndex(where: { $0.ticket == ticket }) else { return nil }
            state.line.remove(at: index)
            guard index == 0, !state.line.isEmpty else { return nil }
            defer { state.line[0].continuation = nil }
            return state.line[0].continuation
        }
        next?.resume()
    }

    /// Cuts the running turn short, if there is one.
    func cancelRunning() {
        state.withLock { $0.line.first?.cancellation }?.cancel()
    }

    /// Waits for the answer of the turn that carries the client id; nil when it has just ended.
    func join(_ clientMessageID: String) async -> Result<TurnAnswer, ServiceError>? {
        await withUnsafeContinuation { continuation in
            let isGone = state.withLock { state in
                guard state.joins[clientMessageID] != nil else { return true }
                state.joins[clientMessageID]?.append(continuation)
                return false
            }
            if isGone { continuation.resume(returning: nil) }
        }
    }

    /// Tells everyone who joined that client id.
    func settle(_ clientMessageID: String, _ result: Result<TurnAnswer, ServiceError>) {
        let joined = state.withLock { $0.joins.removeValue(forKey: clientMessageID) } ?? []
        for continuation in joined { continuation.resume(returning: result) }
    }
}
