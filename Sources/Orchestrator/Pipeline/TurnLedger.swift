// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WireProtocols

/// Knows whether a turn's utterance is stored yet, and stores it before anything outside is asked.
///
/// Most turns ask nothing outside: their utterance and replies are one write.
final class TurnLedger: Sendable {
    private struct State {
        var draft: MessageRecord
        var stored: MessageRecord?
        var failure: StorageError?
        var isSensitive: Bool
    }

    /// Stands in the store for what must not be there.
    static let mask = "***"

    let mailbox: Mailbox
    let progress: (any TurnProgress)?
    /// True for an utterance that fills a sensitive slot; asked when it must be stored before the dialogue
    /// has said so.
    private let mayBeSensitive: @Sendable () -> Bool
    private let state: Mutex<State>

    /// A ledger for an utterance; `stored` when a crash left it in the store without an answer.
    init(
        mailbox: Mailbox, draft: MessageRecord, stored: MessageRecord? = nil, progress: (any TurnProgress)?,
        mayBeSensitive: @escaping @Sendable () -> Bool
    ) {
        self.mailbox = mailbox
        self.progress = progress
        self.mayBeSensitive = mayBeSensitive
        state = Mutex(State(draft: draft, stored: stored, isSensitive: false))
    }

    /// The utterance as it will be stored.
    var draft: MessageRecord { state.withLock(\.draft) }
    /// The utterance as it is stored; nil while it is not.
    var stored: MessageRecord? { state.withLock(\.stored) }
    /// Why it could not be stored.
    var failure: StorageError? { state.withLock(\.failure) }

    /// Keeps with the utterance what it was taken to mean, if it is not stored yet.
    func note(intent: String?) { state.withLock { $0.draft.intent = intent } }

    /// Keeps the utterance's text out of the store.
    func noteSensitive() { state.withLock { $0.isSensitive = true } }

    /// True when the utterance's text is not to be stored, nor shown to a model.
    var isSensitive: Bool { state.withLock(\.isSensitive) }

    /// Stores the utterance unless it is stored.
    @discardableResult
    func storeUtterance() async throws(StorageError) -> MessageRecord {
        if let stored { return stored }
        if let failure { throw failure }
        do throws(StorageError) {
            if mayBeSensitive() { noteSensitive() }
            let draft = draft
            let write = Draft(
                utterance: draft, masked: isSensitive ? [draft.id] : [], endsTurn: false, at: draft.createdAt)
            guard let stored = try await mailbox.commit(write, progress: progress).first else {
                throw StorageError(.conflict, "the utterance was not stored")
            }
            state.withLock { $0.stored = stored }
            return stored
        } catch {
            state.withLock { $0.failure = error }
            throw error
        }
    }

    /// True when somebody sees the pieces of the answer as they come.
    var showsPieces: Bool { progress?.showsPieces == true || mailbox.isWatched }

    /// Tells the one who asked and everyone who watches about a piece of the answer.
    func publish(_ event: ConversationEvent) {
        let delivery = mailbox.delivery(event)
        progress?.report(delivery)
        mailbox.publish([delivery])
    }
}
