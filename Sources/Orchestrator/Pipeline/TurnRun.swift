// SPDX-License-Identifier: Apache-2.0

import Intents
import Synchronization
import WireProtocols

/// One turn from its place at the head of the line to its answer in the store.
struct TurnRun: Sendable {
    let service: ConversationService
    let incoming: ConversationService.Incoming
    let assistant: Assistant
    let finding: SafetyFinding?
    let mailbox: Mailbox
    let cancellation: TurnCancellation

    init(
        service: ConversationService, _ incoming: ConversationService.Incoming, _ assistant: Assistant,
        _ finding: SafetyFinding?, _ mailbox: Mailbox, _ cancellation: TurnCancellation
    ) {
        self.service = service
        self.incoming = incoming
        self.assistant = assistant
        self.finding = finding
        self.mailbox = mailbox
        self.cancellation = cancellation
    }

    /// Runs the turn, unless the message was answered before.
    func answer() async throws(ServiceError) -> TurnAnswer {
        do throws(StorageError) {
            return try await run(stored: nil)
        } catch {
            if error.kind == .duplicate { return try await answerAgain() }
            count(.failed, since: nil)
            throw ServiceError(error)
        }
    }

    // The utterance is stored: with its answer, or by a turn that a crash or a full disk cut off.
    private func answerAgain() async throws(ServiceError) -> TurnAnswer {
        guard let turn = try await service.stored(incoming, mailbox) else {
            throw ServiceError(.conflict, "the message is being stored; try again")
        }
        guard turn.replies.isEmpty, mailbox.isUnanswered(turn.message.sequence) else {
            return TurnAnswer(message: turn.message, replies: turn.replies)
        }
        do throws(StorageError) { return try await run(stored: turn.message) } catch {
            throw ServiceError(error)
        }
    }

    private func run(stored: MessageRecord?) async throws(StorageError) -> TurnAnswer {
        let start = service.settings.delay.elapsed()
        var turn = makeTurn(stored: stored)
        try await service.pipeline.run(&turn)
        if let failure = turn.ledger.failure { throw failure }
        if cancellation.isCancelled { turn.outcome = .cancelled }
        await service.revisions.pin(turn.dialogue, of: assistant, in: incoming.snapshot, at: incoming.now)
        var answer = try await commit(turn)
        if turn.outcome == .human {
            answer.withStaff = service.speaker.bound(to: turn).say(.named(BuiltinResponse.withStaff))
        }
        finish(turn)
        count(turn.outcome, since: start)
        return answer
    }

    private func makeTurn(stored: MessageRecord?) -> Turn {
        let (record, handoff, dialogue, sequence) = mailbox.view
        var message = incoming.message(in: mailbox.id)
        message.safety = finding?.json
        let (assistant, text) = (assistant, incoming.text)
        let ledger = TurnLedger(mailbox: mailbox, draft: message, stored: stored, progress: incoming.progress)
        {
            assistant.mayHoldSensitive(text, in: dialogue)
        }
        let isReopened = handoff == .closed
        return Turn(
            incoming: incoming, assistant: assistant, conversation: record, finding: finding, ledger: ledger,
            cancellation: cancellation, handoff: handoff, sequence: stored?.sequence ?? sequence,
            dialogue: isReopened ? DialogueState() : dialogue, nextHandoff: next(after: handoff))
    }

    // A closed conversation opens again, and a queue that no longer exists can be waited in no longer.
    private func next(after handoff: HandoffState) -> HandoffState {
        switch handoff {
        case .closed: .assistant
        case .waiting(let queue, _) where incoming.snapshot.parts.queues[queue] == nil: .assistant
        default: handoff
        }
    }

    private func commit(_ turn: Turn) async throws(StorageError) -> TurnAnswer {
        let stored = turn.ledger.stored
        let utterance = turn.ledger.draft
        let replies = turn.replies.map { $0.message(in: mailbox.id, at: incoming.now) }
        var masked = Set(zip(turn.replies, replies).filter { $0.0.reply.isSensitive }.map { $0.1.id })
        if turn.ledger.isSensitive { masked.insert(utterance.id) }
        let draft = Draft(
            utterance: stored == nil ? utterance : nil, inReplyTo: stored?.sequence, replies: replies,
            masked: masked,
            dialogue: turn.dialogue,
            handoff: Draft.HandoffChange(
                from: turn.handoff, to: turn.nextHandoff, reason: turn.handoffReason),
            audit: turn.effects.audit(of: mailbox.id, by: incoming.caller.user, at: incoming.now),
            at: incoming.now)
        let own = try await mailbox.commit(draft, progress: incoming.progress)
        if let stored { return TurnAnswer(message: stored, replies: own, turn) }
        guard let message = own.first else { throw StorageError(.conflict, "the message was not stored") }
        return TurnAnswer(message: message, replies: Array(own.dropFirst()), turn)
    }

    private func finish(_ turn: Turn) {
        if turn.nextHandoff != turn.handoff {
            service.handoffChanged(mailbox, from: turn.handoff, incoming.snapshot)
        }
        guard !turn.effects.isEmpty else { return }
        service.raiseAlerts(
            turn.effects, service.speaker.bound(to: turn), mailbox, safety: finding?.json)
    }

    private func count(_ outcome: TurnOutcome, since start: Duration?) {
        let took = start.map { service.settings.delay.elapsed() - $0 } ?? .zero
        service.settings.metrics.turnEnded(assistant: assistant.id, outcome: outcome.rawValue, took: took)
    }
}

extension Mailbox {
    /// What a turn starts from, read together.
    var view: (record: ConversationRecord, handoff: HandoffState, dialogue: DialogueState, next: Int) {
        state.withLock { ($0.stored, $0.handoff, $0.context.dialogue, $0.assigned + 1) }
    }

    /// True for a stored utterance whose turn did not end.
    func isUnanswered(_ sequence: Int) -> Bool { state.withLock { $0.context.unanswered.contains(sequence) } }
}

extension Assistant {
    /// True when the text may hold a value of a sensitive slot: one is being asked for, or an entity of one
    /// is in it.
    fileprivate func mayHoldSensitive(_ text: String, in dialogue: DialogueState) -> Bool {
        let sensitive = parts.flows.values.flatMap(\.slots).filter(\.isSensitive)
        if sensitive.isEmpty { return false }
        if case .slot(let name) = dialogue.open?.waiting, sensitive.contains(where: { $0.name == name }) {
            return true
        }
        return holdsSensitive(text)
    }

    /// True when an entity of a sensitive slot is in the text.
    func holdsSensitive(_ text: String) -> Bool {
        let sensitive = parts.flows.values.flatMap(\.slots).filter(\.isSensitive)
        if sensitive.isEmpty { return false }
        let entities = Set(sensitive.compactMap(\.entityName))
        let context = EntityContext(now: 0, zone: FixedOffset(seconds: 0))
        return recognizer.find(in: text, context: context).contains { entities.contains($0.entity) }
    }
}

extension Slot {
    fileprivate var entityName: String? {
        switch kind {
        case .single(let entity), .list(let entity): entity
        case .group: nil
        }
    }
}

extension TurnAnswer {
    fileprivate init(message: MessageRecord, replies: [MessageRecord], _ turn: Turn) {
        self.init(message: message, replies: replies, failure: turn.failure)
        failureDetail = turn.failure == nil ? nil : turn.failureDetail
        failureStatus = turn.failure == nil ? nil : turn.failureStatus
        thread = turn.thread
    }
}
