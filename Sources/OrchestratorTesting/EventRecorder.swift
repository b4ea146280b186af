// SPDX-License-Identifier: Apache-2.0

package import Orchestrator
import Synchronization

/// Keeps what it is told about a conversation, or about a turn.
package final class EventRecorder: ConversationSubscriber, TurnProgress {
    private struct Watcher {
        var test: @Sendable ([ConversationEvent]) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var events: [ConversationEvent] = []
        var watchers: [Watcher] = []
    }

    private let state = Mutex(State())

    /// Has been told nothing yet.
    package init() {}

    /// Everything it was told, in order.
    package var events: [ConversationEvent] { state.withLock(\.events) }

    /// One line for each event: `message 3 assistant Hello`, `token Hel`, `state waiting front_desk`.
    package var lines: [String] { events.map(\.line) }

    package func deliver(_ delivery: ConversationDelivery) { add(delivery.event) }
    package func report(_ delivery: ConversationDelivery) { add(delivery.event) }

    /// Returns when what it was told satisfies the test.
    package func wait(until test: @escaping @Sendable ([ConversationEvent]) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if test(state.events) { return true }
                state.watchers.append(Watcher(test: test, continuation: continuation))
                return false
            }
            if isReached { continuation.resume() }
        }
    }

    private func add(_ event: ConversationEvent) {
        let ready = state.withLock { state in
            state.events.append(event)
            let events = state.events
            let ready = state.watchers.filter { $0.test(events) }.map(\.continuation)
            state.watchers.removeAll { $0.test(events) }
            return ready
        }
        for watcher in ready { watcher.resume() }
    }
}

extension ConversationEvent {
    /// The event in a few words; ids that are random are left out.
    package var line: String {
        switch self {
        case .accepted(let id, let sequence): "accepted \(id) \(sequence)"
        case .message(let message): "message \(message.line)"
        case .streamStart: "start"
        case .streamToken(_, let text): "token \(text)"
        case .streamEnd: "end"
        case .typing(let user, let on): "typing \(user) \(on)"
        case .read(let user, let sequence): "read \(user) \(sequence)"
        case .state(let state, let queue, let staff):
            (["state", state.rawValue] + [queue, staff].compactMap(\.self)).joined(separator: " ")
        case .queue(let notice):
            ["queue", notice.queue, notice.change.rawValue, notice.staff].compactMap(\.self).joined(
                separator: " ")
        case .presence(let notice): "presence \(notice.user) \(notice.isOnline)"
        case .alert(let alert): "alert \(alert.role) \(alert.users?.joined(separator: ",") ?? "all")"
        }
    }
}

extension MessageRecord {
    /// The message in a few words: `3 assistant Hello`.
    package var line: String {
        "\(self.sequence) \(self.author.rawValue) \(self.text)\(self.partial ? " (partial)" : "")"
    }
}
