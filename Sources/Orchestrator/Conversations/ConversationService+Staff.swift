// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WireProtocols

/// What a member of staff has taken.
package struct StaffClaim: Sendable {
    /// The conversation.
    package var conversation: ConversationRecord
    /// Who, why, and what was gathered.
    package var summary: HandoffSummary
    /// False when they had it already.
    package var isNew: Bool
}

extension ConversationService {
    /// The messages a summary is made from.
    private static let summaryMessages = 20

    /// Takes a conversation from its queue, or steps in; of any number who ask at once, one gets it.
    ///
    /// The running turn is cut short. Whoever has it already gets it again.
    /// - Throws: `alreadyClaimed` when somebody else has it, `notFound` when they may not have it.
    package func claim(_ id: String, by staff: StaffMember) async throws(ServiceError) -> StaffClaim {
        let mailbox = try await resident(id)
        defer { directory.checkIn(mailbox) }
        let isNew = try await claim(mailbox, by: staff)
        return StaffClaim(
            conversation: mailbox.record, summary: try await summary(of: mailbox), isNew: isNew)
    }

    /// Gives a conversation up: it waits again where it was claimed from, or is the assistant's.
    @discardableResult
    package func release(
        _ id: String, by staff: StaffMember
    ) async throws(ServiceError) -> ConversationRecord {
        try await move(id, by: staff, action: "handoff-release") {
            machine, state, _, now throws(StaffRefusal) in
            try machine.release(state, by: staff.caller.user, at: now)
        }
    }

    /// Passes a conversation on to another queue.
    @discardableResult
    package func transfer(
        _ id: String, by staff: StaffMember, to queue: String
    ) async throws(ServiceError) -> ConversationRecord {
        try await move(id, by: staff, action: "handoff-transfer") {
            machine, state, _, now throws(StaffRefusal) in
            try machine.transfer(state, by: staff.caller.user, to: queue, at: now)
        }
    }

    /// Ends what people had to do in a conversation: the assistant has it again, or it is closed.
    @discardableResult
    package func close(
        _ id: String, by staff: StaffMember
    ) async throws(ServiceError) -> ConversationRecord {
        try await move(id, by: staff, action: "handoff-close") {
            machine, state, rule, now throws(StaffRefusal) in
            .init(state: try machine.close(state, by: staff.caller.user, rule))
        }
    }

    /// Says something as a member of staff; the first thing they do is the claim.
    ///
    /// Staff texts are not screened.
    /// - Throws: `alreadyClaimed` when somebody else has the conversation.
    package func reply(
        _ message: ChannelMessage, to id: String, by staff: StaffMember
    ) async throws(ServiceError) -> MessageRecord {
        let mailbox = try await resident(id)
        defer { directory.checkIn(mailbox) }
        let snapshot = settings.snapshots.current()
        try check(message, snapshot.parts.server.limits(of: staff.channel))
        if mailbox.record.assistant == Self.relay {
            guard mailbox.admits(staff.caller) || staff.caller.staffOf == mailbox.origin.channel else {
                throw Self.noConversation
            }
        } else {
            _ = try await claim(mailbox, by: staff)
        }
        return try await storeStaff(message, staff.caller, mailbox, progress: nil)
    }

    /// Calls people at the person's own wish; the assistant's usual queue unless one is named.
    ///
    /// With `isTold` the channel's contract has told the person that somebody comes; that nobody is there is said all
    /// the same.
    package func requestHandoff(
        _ id: String, caller: Caller, queue: String? = nil, reason: String? = nil, isTold: Bool = false
    ) async throws(ServiceError) -> ConversationRecord {
        let mailbox = try await checkOut(id, caller)
        defer { directory.checkIn(mailbox) }
        let snapshot = settings.snapshots.current()
        guard let name = queue ?? snapshot.usualQueue(of: mailbox.record.assistant),
            snapshot.parts.queues[name] != nil
        else { throw ServiceError(.unknownQueue, "there is no such queue") }
        let now = settings.clock.now()
        let before = mailbox.handoff
        var step = HandoffMachine(queues: snapshot.parts.queues).request(name, in: before, at: now)
        if isTold { step.isHandingOver = false }
        guard step.state != before || !step.says.isEmpty else { return mailbox.record }
        let why = "asked" + (reason.map { ": " + String($0.prefix(200)) } ?? "")
        let change = Draft.HandoffChange(from: before, to: step.state, reason: why)
        try await store(step, change, audit: [], mailbox, snapshot, now)
        return mailbox.record
    }

    /// Conversations that wait in a queue, oldest first.
    package func waiting(in queue: String, limit: Int) async throws(ServiceError) -> [ConversationRecord] {
        do { return try await settings.store.waiting(in: [queue], limit: limit) } catch {
            throw ServiceError(error)
        }
    }

    /// Conversations that a member of staff has, the one that changed last first.
    package func claimed(by staff: StaffMember, limit: Int) async throws(ServiceError) -> [ConversationRecord]
    {
        do { return try await settings.store.claimed(by: staff.caller.user, limit: limit) } catch {
            throw ServiceError(error)
        }
    }

    /// What staff see of a conversation that waits for them, or that they have.
    package func summary(
        of id: String, for staff: StaffMember
    ) async throws(ServiceError) -> HandoffSummary {
        let mailbox = try await resident(id)
        defer { directory.checkIn(mailbox) }
        let handoff = mailbox.handoff
        let mayClaim = handoff.queue.map { settings.snapshots.current().mayClaim($0, staff) } ?? false
        guard mayClaim || handoff.staff == staff.caller.user else {
            await auditRefusal(of: id, to: staff.caller.user)
            throw Self.noConversation
        }
        return try await summary(of: mailbox)
    }
}

// MARK: - Inside

extension ConversationService {
    /// The conversation's mailbox, whoever asks; give it back with `directory.checkIn`.
    func resident(_ id: String) async throws(ServiceError) -> Mailbox {
        do {
            guard let mailbox = try await directory.checkOut(id) else { throw Self.noConversation }
            return mailbox
        } catch let error as StorageError {
            throw ServiceError(error)
        } catch {
            throw Self.noConversation
        }
    }

    func summary(of mailbox: Mailbox) async throws(ServiceError) -> HandoffSummary {
        do {
            let messages = try await settings.store.latestMessages(
                in: mailbox.id, limit: Self.summaryMessages)
            return HandoffSummary(
                mailbox.record, mailbox.state.withLock(\.context), messages, settings.snapshots.current())
        } catch {
            throw ServiceError(error)
        }
    }

    // True when the claim is new.
    private func claim(_ mailbox: Mailbox, by staff: StaffMember) async throws(ServiceError) -> Bool {
        while true {
            let snapshot = settings.snapshots.current()
            let before = mailbox.handoff
            do throws(ServiceError) { try checkRight(to: mailbox, in: before, staff, snapshot) } catch {
                await auditRefusal(of: mailbox.id, to: staff.caller.user)
                throw error
            }
            let next: HandoffState
            do throws(StaffRefusal) {
                next = try HandoffMachine(queues: snapshot.parts.queues).claim(before, by: staff.caller.user)
            } catch {
                throw ServiceError(error)
            }
            guard next != before else { return false }
            let action = before.deadline == nil ? "handoff-step-in" : "handoff-claim"
            let change = Draft.HandoffChange(
                from: before, to: next, reason: before.deadline == nil ? "staff stepped in" : nil,
                claimedOn: staff.channel, isRequired: true)
            do throws(ServiceError) {
                try await store(
                    .init(state: next), change, audit: [(action, staff.caller.user)], mailbox, snapshot,
                    settings.clock.now())
            } catch {
                // Somebody was quicker: look again who has it.
                guard error.kind == .conflict else { throw error }
                continue
            }
            mailbox.cancelRunning()
            alarms.acknowledge(mailbox.id)
            return true
        }
    }

    private func checkRight(
        to mailbox: Mailbox, in state: HandoffState, _ staff: StaffMember, _ snapshot: Snapshot
    ) throws(ServiceError) {
        let isAllowed =
            switch state {
            case .human(_, let owner) where owner == staff.caller.user: true
            case .waiting(let queue, _), .human(let queue?, _):
                snapshot.mayClaim(queue, staff)
                    || snapshot.mayStepIn(mailbox.record, staff)
            case .assistant, .closed, .human(nil, _): snapshot.mayStepIn(mailbox.record, staff)
            }
        guard isAllowed else { throw Self.noConversation }
    }

    private func move(
        _ id: String, by staff: StaffMember, action: String,
        _ step: (HandoffMachine, HandoffState, HumanRule, Timestamp) throws(StaffRefusal) ->
            HandoffMachine.Step
    ) async throws(ServiceError) -> ConversationRecord {
        let mailbox = try await resident(id)
        defer { directory.checkIn(mailbox) }
        let snapshot = settings.snapshots.current()
        let before = mailbox.handoff
        guard
            before.staff == staff.caller.user || snapshot.isStaff(staff.caller.role)
                || staff.caller.staffOf == staff.channel
        else {
            await auditRefusal(of: id, to: staff.caller.user)
            throw Self.noConversation
        }
        let now = settings.clock.now()
        let next: HandoffMachine.Step
        do throws(StaffRefusal) {
            let rule = snapshot.assistant(mailbox.record.assistant)?.parts.human ?? HumanRule()
            next = try step(HandoffMachine(queues: snapshot.parts.queues), before, rule, now)
        } catch {
            throw ServiceError(error)
        }
        let reason = next.state.deadline == nil ? nil : "passed on by staff"
        let change = Draft.HandoffChange(from: before, to: next.state, reason: reason, isRequired: true)
        try await store(next, change, audit: [(action, staff.caller.user)], mailbox, snapshot, now)
        return mailbox.record
    }

    /// Stores a step of the handoff with what is said about it, and tells everyone.
    func store(
        _ step: HandoffMachine.Step, _ change: Draft.HandoffChange, audit: [(action: String, by: String)],
        _ mailbox: Mailbox, _ snapshot: Snapshot, _ now: Timestamp
    ) async throws(ServiceError) {
        let said = await words(about: step, change, mailbox, snapshot, now)
        let draft = Draft(
            replies: said.replies.map { $0.message(in: mailbox.id, at: now) }, dialogue: said.dialogue,
            handoff: change,
            audit: audit.map {
                AuditRecord(at: now, actor: $0.by, action: $0.action, subject: mailbox.id, outcome: "done")
            }, at: now)
        do { _ = try await mailbox.commit(draft) } catch { throw ServiceError(error) }
        for entered in step.entered {
            settings.metrics.handoff(queue: entered.queue, state: entered.isOpen ? "waiting" : "closed")
        }
        handoffChanged(mailbox, from: change.from, snapshot)
    }

    func storeStaff(
        _ message: ChannelMessage, _ caller: Caller, _ mailbox: Mailbox, progress: (any TurnProgress)?
    ) async throws(ServiceError) -> MessageRecord {
        let now = settings.clock.now()
        let record = message.record(in: mailbox.id, by: caller, author: .staff, at: now)
        do throws(StorageError) {
            let draft = Draft(utterance: record, at: now)
            guard let stored = try await mailbox.commit(draft, progress: progress).first else {
                throw StorageError(.conflict, "the message was not stored")
            }
            stopTyping(caller.user, in: mailbox)
            return stored
        } catch {
            if error.kind == .duplicate, let id = message.clientMessageID,
                let known = try? await settings.store.replies(to: id, in: mailbox.id)
            {
                return known.message
            }
            throw ServiceError(error)
        }
    }
}

extension ServiceError {
    /// What a refusal means to the member of staff.
    init(_ refusal: StaffRefusal) {
        switch refusal {
        case .alreadyClaimed: self.init(.alreadyClaimed, "somebody else has this conversation")
        case .notClaimed: self.init(.notClaimed, "you have not claimed this conversation")
        case .unknownQueue: self.init(.unknownQueue, "there is no such queue")
        case .queueClosed: self.init(.queueClosed, "nobody of that queue is there at this hour")
        }
    }
}

extension Snapshot {
    /// Where a person of that assistant is handed to when nothing says where: the queue its intents name, else the one
    /// of its first rule, else the first by name.
    func usualQueue(of assistant: String) -> String? {
        let parts = self.assistant(assistant)?.parts
        let intents = (parts?.intents ?? [:]).sorted { $0.key < $1.key }.compactMap { entry -> String? in
            if case .handoff(let queue) = entry.value.handler { return queue }
            return nil
        }
        return intents.first ?? parts?.escalations.first?.queue ?? self.parts.queues.keys.min()
    }
}
