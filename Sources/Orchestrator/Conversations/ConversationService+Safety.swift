// SPDX-License-Identifier: Apache-2.0

import Intents
import WireProtocols

extension ConversationService {
    /// So long, and no longer, an emergency with a client id waits to learn whether it was answered before.
    static let lookupLimit = Duration.milliseconds(100)

    /// The stored answer to an emergency that a client sends again; nil when there is none, or the store is slow.
    func answerGiven(_ incoming: Incoming, _ mailbox: Mailbox) async -> TurnAnswer? {
        guard let id = incoming.clientMessageID, mailbox.record.sequence > 0 else { return nil }
        let found = FirstOutcome<StoredTurn?>()
        // Ends when the store has answered; whoever waits for it goes on without it at the limit.
        Task { [store = settings.store] in
            found.settle((try? await store.replies(to: id, in: mailbox.id)) ?? nil)
        }
        let timer = Task { [delay = settings.delay] in
            if (try? await delay.wait(Self.lookupLimit)) != nil { found.settle(nil) }
        }
        defer { timer.cancel() }
        guard let turn = await found.value(), !turn.replies.isEmpty else { return nil }
        return TurnAnswer(message: turn.message, replies: turn.replies)
    }

    /// Answers an emergency: nothing here waits for a turn, a provider, an action or a write.
    func answerAtOnce(
        _ incoming: Incoming, _ finding: SafetyFinding, _ rule: SafetyRule, _ assistant: Assistant,
        _ mailbox: Mailbox
    ) -> TurnAnswer {
        let record = mailbox.record
        let handoff = mailbox.handoff
        let bound = speaker.bound(
            incoming.snapshot, assistant, incoming.caller, record, seed: mailbox.view.next, now: incoming.now)
        let answer = SafetyAnswer(finding, rule, speaker: bound, handoff: handoff, now: incoming.now)
        var message = incoming.message(in: mailbox.id)
        message.safety = finding.json
        // Staff must read what happened; only what is never stored is left out.
        if assistant.holdsSensitive(incoming.text) { message.text = TurnLedger.mask }
        let draft = Mailbox.SafetyDraft(
            utterance: message, replies: answer.replies.map { $0.message(in: mailbox.id, at: incoming.now) },
            handoff: Draft.HandoffChange(
                from: handoff, to: answer.handoff, reason: "emergency " + finding.family),
            audit: answer.effects.audit(of: mailbox.id, by: incoming.caller.user, at: incoming.now))
        let said = mailbox.answerAtOnce(draft, progress: incoming.progress)
        tellOthers(finding, mailbox, incoming)
        for queue in answer.entered { settings.metrics.handoff(queue: queue, state: "waiting") }
        handoffChanged(mailbox, from: handoff, incoming.snapshot)
        settings.metrics.turnEnded(assistant: assistant.id, outcome: TurnOutcome.safety.rawValue, took: .zero)
        keep(said, incoming, mailbox)
        raiseAlerts(answer.effects, bound, mailbox, safety: finding.json)
        return said
    }

    /// Watches what people write to each other: tells those who must know of an emergency, and says nothing itself.
    ///
    /// A conversation without an assistant is watched by the first assistant, by name, that is for the person's role
    /// and has safety families.
    func watchOver(_ incoming: Incoming, _ mailbox: Mailbox) async {
        guard let assistant = incoming.snapshot.watchers[incoming.caller.role],
            let finding = await Self.check(incoming.text, by: assistant.safety), finding.level == .emergency,
            let rule = assistant.parts.families[finding.family]
        else { return }
        let bound = speaker.bound(
            incoming.snapshot, assistant, incoming.caller, mailbox.record, seed: mailbox.view.next,
            now: incoming.now)
        let effects = rule.effects
        tellOthers(finding, mailbox, incoming)
        // The message goes on either way; an audit row that cannot be stored is no reason to hold it up.
        try? await settings.store.appendAudit(
            effects.audit(of: mailbox.id, by: incoming.caller.user, at: incoming.now))
        raiseAlerts(effects, bound, mailbox, safety: finding.json)
    }

    private func tellOthers(_ finding: SafetyFinding, _ mailbox: Mailbox, _ incoming: Incoming) {
        settings.metrics.emergency(family: finding.family)
        guard let webhooks = settings.webhooks else { return }
        var details = JSONObject()
        details["family"] = .string(finding.family)
        webhooks.tell(
            WebhookEvent(.emergency, in: mailbox.record, at: incoming.now, details), incoming.snapshot)
    }

    // Ends when the store has answered; `drain` stores what is left. The mailbox stays in memory while it
    // owes.
    private func keep(_ said: TurnAnswer, _ incoming: Incoming, _ mailbox: Mailbox) {
        let mailbox = directory.checkOutResident(mailbox.id) ?? mailbox
        gate.enterAlways()
        Task { [directory, gate] in
            if await mailbox.storeOwed(), let progress = incoming.progress {
                mailbox.reportAccepted(said.message, to: progress)
            }
            directory.checkIn(mailbox)
            gate.leave()
        }
    }

    /// Tells those an alert is for.
    ///
    /// Whom an action names is found out in the background.
    func raiseAlerts(_ effects: [Effect], _ speaker: BoundSpeaker, _ mailbox: Mailbox, safety: JSON?) {
        guard let sink = settings.alerts else { return }
        for case .alert(let alert) in effects {
            // Ends when the action has answered.
            Task { [settings, alarms] in
                let users = await speaker.people(named: alert.who, by: settings.actions)
                let notice = ConversationAlert(
                    conversation: mailbox.id, role: alert.role, users: users, safety: safety)
                let delivery = mailbox.delivery(.alert(notice), for: .staff)
                sink.raise(delivery)
                // An emergency is told again until somebody has seen to it.
                if safety != nil, mailbox.handoff.name != .human { alarms.set(delivery) }
            }
        }
    }
}

extension SafetyRule {
    /// What is done besides speaking and handing over.
    fileprivate var effects: [Effect] {
        consequences.compactMap { consequence in
            switch consequence {
            case .alert(let alert): .alert(alert)
            case .audit(let action): .audit(action)
            case .handoff: nil
            }
        }
    }
}

extension [Effect] {
    /// The audit rows among the effects.
    func audit(of conversation: String, by user: String, at now: Timestamp) -> [AuditRecord] {
        compactMap { effect in
            guard case .audit(let action) = effect else { return nil }
            return AuditRecord(at: now, actor: user, action: action, subject: conversation, outcome: "noted")
        }
    }
}

extension TurnReply {
    /// The reply as it is stored, without its number.
    func message(in conversation: String, at now: Timestamp) -> MessageRecord {
        MessageRecord(
            id: messageID ?? RandomID.uuid(), conversation: conversation, sequence: 0, author: .assistant,
            text: reply.text, type: reply.type, buttons: reply.buttons, data: reply.data, partial: isPartial,
            sources: reply.sources, usage: usage, safety: safety, createdAt: now)
    }
}
