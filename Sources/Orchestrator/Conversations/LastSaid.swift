// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WireProtocols

/// The message before the one at hand, in which a dangerous statement may have begun: "my chest" - "hurts so badly".
///
/// Kept in memory with the mailbox; after a restart, or on another instance, it is read from the store.
struct LastSaid: Sendable {
    /// Longer apart, two messages are two statements.
    static let window = Duration.seconds(120)
    /// Only the end of the text is of use.
    private static let kept = 400

    let text: String
    let at: Timestamp

    init(_ text: String, at: Timestamp) {
        self.text = String(text.unicodeScalars.suffix(Self.kept))
        self.at = at
    }

    /// The text, if `now` is near enough to it.
    func text(at now: Timestamp) -> String? {
        let apart = now.milliseconds - at.milliseconds
        return apart >= 0 && apart <= Self.window.components.seconds * 1000 ? text : nil
    }
}

extension Mailbox {
    /// What was said last, as far as memory knows; what is said now takes its place.
    func exchangeLastSaid(_ text: String, at now: Timestamp) -> LastSaid? {
        state.withLock { state in
            defer { state.lastSaid = LastSaid(text, at: now) }
            return state.lastSaid
        }
    }
}

extension ConversationService {
    /// What the person said just before, if that is recent; a slow store is not waited for.
    func saidBefore(_ incoming: Incoming, _ mailbox: Mailbox) async -> String? {
        if let last = incoming.lastSaid { return last.text(at: incoming.now) }
        let record = mailbox.record
        guard record.sequence > 0, LastSaid("", at: record.updatedAt).text(at: incoming.now) != nil else {
            return nil
        }
        let found = FirstOutcome<LastSaid?>()
        // Ends when the store has answered; whoever waits for it goes on without it at the limit.
        Task { [store = settings.store, now = incoming.now] in
            let messages = (try? await store.latestMessages(in: record.id, limit: 6)) ?? []
            let last = messages.last { $0.author == .user && $0.createdAt.milliseconds <= now.milliseconds }
            found.settle(last.map { LastSaid($0.text, at: $0.createdAt) })
        }
        let timer = Task { [delay = settings.delay] in
            if (try? await delay.wait(Self.lookupLimit)) != nil { found.settle(nil) }
        }
        defer { timer.cancel() }
        return await found.value()?.text(at: incoming.now)
    }
}
