// SPDX-License-Identifier: Apache-2.0

import WireProtocols

extension ConversationService {
    /// Conversations that wait when the server starts, at most; the rest follow when their people write.
    static let maxRearmed = 100_000
    /// How soon a deadline that could not be stored is tried again.
    static let retryAfter = Duration.seconds(1)

    /// Ends waiting states when their time has come, until the task is cancelled.
    ///
    /// Begins with those that waited when the server last stopped.
    package func run() async {
        await rearm()
        await lookups.fill(settings.snapshots.current())
        await deadlines.run { id in await self.expire(id) }
    }

    /// Sets the deadlines of the conversations that wait in the store.
    package func rearm() async {
        let queues = Array(settings.snapshots.current().parts.queues.keys)
        guard let waiting = try? await settings.store.waiting(in: queues, limit: Self.maxRearmed) else {
            return
        }
        for record in waiting {
            let state = HandoffState(record, claimBy: ConversationContext(record.dialogue).claimBy)
            deadlines.set(record.id, state.deadline)
        }
    }

    /// Ends every waiting state whose deadline has come.
    package func expireDue() async {
        for id in deadlines.takeDue() { await expire(id) }
    }

    // Bypasses the line of turns: people who stopped waiting must not wait for a provider.
    private func expire(_ id: String) async {
        do {
            guard let mailbox = try await directory.checkOut(id) else { return }
            defer { directory.checkIn(mailbox) }
            try await expire(mailbox)
        } catch {
            deadlines.set(id, settings.clock.now() + Self.retryAfter)
        }
    }

    private func expire(_ mailbox: Mailbox) async throws(StorageError) {
        let snapshot = settings.snapshots.current()
        let now = settings.clock.now()
        let (record, handoff, _, next) = mailbox.view
        var step = HandoffMachine(queues: snapshot.parts.queues).tick(handoff, at: now)
        guard step.state != handoff || !step.says.isEmpty else {
            return deadlines.set(mailbox.id, handoff.deadline)
        }
        var replies: [TurnReply] = []
        if let assistant = snapshot.assistant(record.assistant) {
            let caller = Caller(user: record.user, role: record.role)
            let bound = speaker.bound(snapshot, assistant, caller, record, seed: next, now: now)
            if step.isHandingOver { step.says.append(.named(BuiltinResponse.handingOver)) }
            replies = step.says.map { TurnReply(bound.say($0)) }
        }
        let draft = Draft(
            replies: replies.map { $0.message(in: mailbox.id, at: now) },
            handoff: Draft.HandoffChange(from: handoff, to: step.state), at: now)
        _ = try await mailbox.commit(draft)
        if let queue = handoff.queue { settings.metrics.handoff(queue: queue, state: "expired") }
        for entered in step.entered {
            settings.metrics.handoff(queue: entered.queue, state: entered.isOpen ? "waiting" : "closed")
        }
        deadlines.set(mailbox.id, mailbox.handoff.deadline)
    }
}
