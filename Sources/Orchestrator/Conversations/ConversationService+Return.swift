// SPDX-License-Identifier: Apache-2.0

import WireProtocols

extension ConversationService {
    /// What is said about a step, and where the dialogue is after it.
    struct Words: Sendable {
        var replies: [TurnReply] = []
        /// Nil leaves the dialogue as it is.
        var dialogue: DialogueState?
    }

    /// The step's own sentences; and when people give the conversation back, what the assistant's `human` says: the
    /// interrupted flow goes on with its question, or is dropped.
    func words(
        about step: HandoffMachine.Step, _ change: Draft.HandoffChange, _ mailbox: Mailbox,
        _ snapshot: Snapshot, _ now: Timestamp
    ) async -> Words {
        let (record, _, dialogue, next) = mailbox.view
        guard let assistant = snapshot.assistant(record.assistant) else { return Words() }
        let caller = Caller(user: record.user, role: record.role)
        let bound = speaker.bound(snapshot, assistant, caller, record, seed: next, now: now)
        var words = Words(replies: step.says.map { TurnReply(bound.say($0)) })
        if step.isHandingOver {
            words.replies.append(TurnReply(bound.say(.named(BuiltinResponse.handingOver))))
        }
        guard case .human = change.from, change.to == .assistant || change.to == .closed else { return words }
        var state = dialogue
        if let say = assistant.parts.human.say, change.to == .assistant {
            words.replies.append(TurnReply(bound.say(say)))
        }
        if change.to == .assistant, assistant.parts.human.resumesFlow {
            words.replies += await resume(&state, assistant, caller, record, snapshot, next, now)
        } else {
            state.dropFlows()
        }
        words.dialogue = state
        return words
    }

    private func resume(
        _ state: inout DialogueState, _ assistant: Assistant, _ caller: Caller,
        _ record: ConversationRecord, _ snapshot: Snapshot, _ sequence: Int, _ now: Timestamp
    ) async -> [TurnReply] {
        let revisions = revisions
        let context = DialogueContext(
            assistant: assistant, runner: settings.actions, collections: snapshot.parts.collections,
            lookups: lookups.tables(for: assistant, in: snapshot), caller: caller,
            conversation: record.scope, sequence: sequence, now: now,
            pinned: { await revisions.assistant($0) })
        guard let result = await DialogueEngine(context).resume(&state) else { return [] }
        return result.replies.map { TurnReply($0) }
    }

    /// When the state of a conversation ends by itself; nil when it does not.
    func deadline(of mailbox: Mailbox, _ snapshot: Snapshot) -> Timestamp? {
        switch mailbox.handoff {
        case .waiting(_, let until): return until
        case .human:
            let record = mailbox.record
            guard let idle = snapshot.assistant(record.assistant)?.parts.human.backWhenIdle else {
                return nil
            }
            return record.updatedAt + idle
        case .assistant, .closed: return nil
        }
    }

    /// After a change of who answers: its deadline, and those who answer the queues.
    func handoffChanged(_ mailbox: Mailbox, from before: HandoffState, _ snapshot: Snapshot) {
        deadlines.set(mailbox.id, deadline(of: mailbox, snapshot))
        let after = mailbox.handoff
        if let webhooks = settings.webhooks,
            let event = WebhookEvent(from: before, to: after, in: mailbox.record, at: settings.clock.now())
        {
            webhooks.tell(event, snapshot)
        }
        guard after != before, let sink = settings.alerts else { return }
        if before.deadline != nil, let queue = before.queue, after.deadline == nil || after.queue != queue {
            var notice = QueueNotice(
                conversation: mailbox.id, queue: queue, change: after.name == .human ? .claimed : .left)
            notice.staff = after.staff
            raise(notice, mailbox, snapshot, sink)
        }
        guard let until = after.deadline, let queue = after.queue,
            before.queue != queue || before.deadline == nil
        else { return }
        announce(queue, until: until, mailbox, snapshot, sink)
    }

    // Ends when the store has given the last messages; the mailbox stays in memory until then.
    private func announce(
        _ queue: String, until: Timestamp, _ mailbox: Mailbox, _ snapshot: Snapshot, _ sink: any AlertSink
    ) {
        let mailbox = directory.checkOutResident(mailbox.id) ?? mailbox
        gate.enterAlways()
        Task {
            // Whoever looks into the queue because of this must find it there, after an emergency too.
            await mailbox.storeOwed(isCounted: false)
            var notice = QueueNotice(conversation: mailbox.id, queue: queue, change: .waiting)
            notice.deadline = until
            notice.summary = (try? await summary(of: mailbox))?.text
            if mailbox.handoff.queue == queue, mailbox.handoff.deadline != nil {
                raise(notice, mailbox, snapshot, sink)
            }
            directory.checkIn(mailbox)
            gate.leave()
        }
    }

    private func raise(
        _ notice: QueueNotice, _ mailbox: Mailbox, _ snapshot: Snapshot, _ sink: any AlertSink
    ) {
        var notice = notice
        notice.roles = snapshot.parts.queues[notice.queue]?.roles ?? []
        notice.channels = snapshot.channels(serving: notice.queue)
        sink.raise(mailbox.delivery(.queue(notice), for: .staff))
    }
}
