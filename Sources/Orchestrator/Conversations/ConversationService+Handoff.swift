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
        await withTaskGroup { tasks in
            tasks.addTask { await self.deadlines.run { id in await self.expire(id) } }
            if let sink = settings.alerts { tasks.addTask { await self.alarms.run(sink) } }
        }
    }

    /// Sets the deadlines of the conversations that wait in the store, or that people have.
    package func rearm() async {
        let snapshot = settings.snapshots.current()
        let queues = Array(snapshot.parts.queues.keys)
        let waiting = (try? await settings.store.waiting(in: queues, limit: Self.maxRearmed)) ?? []
        for record in waiting {
            let state = HandoffState(record, claimBy: ConversationContext(record.dialogue).claimBy)
            deadlines.set(record.id, state.deadline)
        }
        for record in (try? await settings.store.claimed(by: nil, limit: Self.maxRearmed)) ?? [] {
            guard let idle = snapshot.assistant(record.assistant)?.parts.human.backWhenIdle else { continue }
            deadlines.set(record.id, record.updatedAt + idle)
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

    private func expire(_ mailbox: Mailbox) async throws {
        let snapshot = settings.snapshots.current()
        let now = settings.clock.now()
        let before = mailbox.handoff
        guard let due = deadline(of: mailbox, snapshot), due <= now else {
            return deadlines.set(mailbox.id, deadline(of: mailbox, snapshot))
        }
        // Nobody has said anything for long: people give it back.
        let step =
            before.name == .human
            ? HandoffMachine.Step(state: .assistant)
            : HandoffMachine(queues: snapshot.parts.queues).tick(before, at: now)
        let change = Draft.HandoffChange(from: before, to: step.state, isRequired: true)
        try await store(step, change, audit: [("handoff-expired", "system")], mailbox, snapshot, now)
        if let queue = before.queue { settings.metrics.handoff(queue: queue, state: "expired") }
    }
}
