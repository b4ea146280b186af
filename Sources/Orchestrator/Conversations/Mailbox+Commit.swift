// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WireProtocols

extension Mailbox {
    /// A draft with its numbers, ready to be stored.
    private struct Prepared {
        var write: TurnWrite
        var own: [MessageRecord]
        var context: ConversationContext
        var handoff: HandoffState
        /// Who answered when the draft was prepared.
        var handoffBefore: HandoffState
        /// Who had it until now.
        var former: Holder
        var owed: Int
    }

    /// Numbers a draft and stores it, behind whatever safety answers are owed to the store, then tells
    /// everyone.
    ///
    /// Returns the draft's messages as they are stored.
    /// - Throws: ``StorageError``; nothing of the draft is stored then. `duplicate` means that the draft's
    ///   utterance was stored before.
    func commit(_ draft: Draft, progress: (any TurnProgress)? = nil) async throws(StorageError)
        -> [MessageRecord]
    {
        await enterCommit()
        // Told before the next write may begin, so that events come in the order of their numbers.
        defer { leaveCommit() }
        let stored = try await store(draft)
        let change =
            stored.handoff == stored.handoffBefore
            ? nil : Change(state: stored.handoff, former: stored.former)
        announce(stored.own, isQuestion: draft.utterance != nil, change, progress)
        return stored.own
    }

    /// Stores the safety answers that have gone out.
    ///
    /// What cannot be stored is counted, if `isCounted`, and goes with the next write.
    @discardableResult
    func storeOwed(isCounted: Bool = true) async -> Bool {
        await enterCommit()
        defer { leaveCommit() }
        let count = state.withLock(\.owed.count)
        guard count > 0 else { return true }
        do throws(StorageError) {
            _ = try await store(nil)
            return true
        } catch {
            for _ in 0..<count where isCounted { metrics.safetyUnstored() }
            return false
        }
    }

    private func store(_ draft: Draft?) async throws(StorageError) -> Prepared {
        if let change = draft?.handoff, change.isRequired, change.from != handoff {
            throw StorageError(.conflict, "somebody else answers here now")
        }
        var attempt = prepare(draft)
        do throws(StorageError) {
            try await commitTimed(attempt.write)
        } catch {
            await rollBack(after: error)
            guard error.kind == .duplicate, attempt.owed > 0, try await !isDuplicate(draft) else {
                throw error
            }
            // A safety answer was asked for again after a restart: it was said again, so it is stored again.
            forgetOwedClientIDs()
            attempt = prepare(draft)
            try await storeOrRollBack(attempt)
        }
        apply(attempt, endsTurn: draft?.endsTurn ?? false)
        return attempt
    }

    private func storeOrRollBack(_ attempt: Prepared) async throws(StorageError) {
        do throws(StorageError) {
            try await commitTimed(attempt.write)
        } catch {
            await rollBack(after: error)
            throw error
        }
    }

    private func commitTimed(_ write: TurnWrite) async throws(StorageError) {
        let start = ContinuousClock.now
        try await store.commit(write)
        metrics.storeCommitted(in: ContinuousClock.now - start)
    }

    private func isDuplicate(_ draft: Draft?) async throws(StorageError) -> Bool {
        guard let id = draft?.utterance?.clientMessageID else { return false }
        return try await store.replies(to: id, in: self.id) != nil
    }
}

// MARK: numbers

extension Mailbox {
    private func prepare(_ draft: Draft?) -> Prepared {
        state.withLock { state in
            state.renumberOwed()
            var messages = state.owed.flatMap(\.messages)
            let owed = state.owed.count
            let own = Self.number(draft, after: state.stored.sequence + messages.count)
            messages += own.map { draft?.masked.contains($0.id) == true ? $0.masked : $0 }
            // Numbers of safety answers that came in while the last write ran are already in `assigned`.
            state.assigned = state.stored.sequence + messages.count
            var context = state.context
            var handoff = state.handoff
            let before = handoff
            if let draft {
                context.take(draft, utterance: own.first?.sequence)
                if let change = draft.handoff, change.from == handoff {
                    handoff = change.to
                    context.note(change, at: draft.at)
                }
            }
            context.claimBy = handoff.deadline
            var row = state.stored
            // Most turns leave the dialogue as it was; writing it as JSON is a good part of their cost.
            if context != state.context { row.take(context) }
            row.take(handoff, at: draft?.at ?? messages.last?.createdAt ?? row.updatedAt)
            row.sequence = state.assigned
            let audit = state.owed.flatMap(\.audit) + (draft?.audit ?? [])
            var write = TurnWrite(conversation: row, messages: messages, audit: audit)
            if draft?.handoff?.isRequired == true { write.expectedState = state.stored.state }
            return Prepared(
                write: write, own: own, context: context, handoff: handoff, handoffBefore: before,
                former: state.holder, owed: owed)
        }
    }

    private static func number(_ draft: Draft?, after last: Int) -> [MessageRecord] {
        guard let draft else { return [] }
        var own: [MessageRecord] = []
        own.reserveCapacity(draft.replies.count + 1)
        var next = last
        var question = draft.inReplyTo
        if var utterance = draft.utterance {
            next += 1
            utterance.sequence = next
            question = next
            own.append(utterance)
        }
        for var reply in draft.replies {
            next += 1
            reply.sequence = next
            reply.inReplyTo = question
            own.append(reply)
        }
        return own
    }

    private func apply(_ prepared: Prepared, endsTurn: Bool) {
        state.withLock { state in
            state.stored = prepared.write.conversation
            state.context = prepared.context
            state.owed.removeFirst(min(prepared.owed, state.owed.count))
            // An emergency may have called people while the write ran: its change stands and is stored next.
            if state.handoff == prepared.handoffBefore { state.handoff = prepared.handoff }
        }
        for message in prepared.write.messages { metrics.messagesStored(message.author, count: 1) }
    }

    // The numbers of a failed write are free again. After a conflict the store knows better than we do.
    private func rollBack(after error: StorageError) async {
        let fresh = error.kind == .conflict ? try? await store.conversation(id) : nil
        state.withLock { state in
            if let fresh {
                state.stored = fresh
                state.context = ConversationContext(fresh.dialogue)
                if state.owed.isEmpty { state.handoff = HandoffState(fresh, claimBy: state.context.claimBy) }
            }
            state.renumberOwed()
        }
    }

    private func forgetOwedClientIDs() {
        state.withLock { state in
            for turn in state.owed.indices {
                for index in state.owed[turn].messages.indices {
                    state.owed[turn].messages[index].clientMessageID = nil
                }
            }
        }
    }

    // One write at a time; the next in line is woken by `leaveCommit`, which keeps `isCommitting` for it.
    private func enterCommit() async {
        let isFree = state.withLock { state in
            defer { state.isCommitting = true }
            return !state.isCommitting
        }
        if isFree { return }
        await withUnsafeContinuation { continuation in
            let isFree = state.withLock { state in
                if state.isCommitting {
                    state.committers.append(continuation)
                    return false
                }
                state.isCommitting = true
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    private func leaveCommit() {
        let next: UnsafeContinuation<Void, Never>? = state.withLock { state in
            guard !state.committers.isEmpty else {
                state.isCommitting = false
                return nil
            }
            return state.committers.removeFirst()
        }
        next?.resume()
    }
}

extension Mailbox.State {
    // Only after a failed write do the numbers change: they must follow the stored ones without a gap.
    fileprivate mutating func renumberOwed() {
        var next = stored.sequence
        guard let first = owed.first?.messages.first, first.sequence != next + 1 else {
            assigned = owed.last?.messages.last?.sequence ?? next
            return
        }
        for turn in owed.indices {
            let question = next + 1
            for index in owed[turn].messages.indices {
                next += 1
                owed[turn].messages[index].sequence = next
                if owed[turn].messages[index].inReplyTo != nil {
                    owed[turn].messages[index].inReplyTo = question
                }
            }
        }
        assigned = next
    }
}

extension ConversationContext {
    fileprivate mutating func take(_ draft: Draft, utterance: Int?) {
        if let dialogue = draft.dialogue { self.dialogue = dialogue }
        if !draft.endsTurn, let utterance { markUnanswered(utterance) }
        if draft.endsTurn, let answered = draft.inReplyTo { unanswered.removeAll { $0 == answered } }
    }
}

extension MessageRecord {
    /// The message without what it says.
    fileprivate var masked: MessageRecord {
        var message = self
        message.text = TurnLedger.mask
        message.buttons = nil
        message.data = nil
        return message
    }
}

extension ConversationRecord {
    fileprivate mutating func take(_ context: ConversationContext) {
        self.dialogue = context.json
        self.revision = context.dialogue.revision
    }

    fileprivate mutating func take(_ handoff: HandoffState, at now: Timestamp) {
        self.state = handoff.name
        self.queue = handoff.queue
        self.staff = handoff.staff
        self.updatedAt = now
    }
}
