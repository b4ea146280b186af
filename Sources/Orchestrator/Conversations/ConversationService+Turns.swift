// SPDX-License-Identifier: Apache-2.0

import Intents
import WireProtocols

extension ConversationService {
    /// A message that has come in, with what was read about it.
    ///
    /// Shared by all that its turn goes through, since counting one reference is cheaper than copying what it holds.
    final class Incoming: Sendable {
        let content: ChannelMessage
        let caller: Caller
        let progress: (any TurnProgress)?
        /// Read once; a reload does not change the rules of a turn that runs.
        let snapshot: Snapshot
        let now: Timestamp
        /// What the person said before it, as far as memory knows.
        let lastSaid: LastSaid?

        init(
            _ content: ChannelMessage, from caller: Caller, _ progress: (any TurnProgress)?,
            _ snapshot: Snapshot, at now: Timestamp, lastSaid: LastSaid?
        ) {
            self.content = content
            self.caller = caller
            self.progress = progress
            self.snapshot = snapshot
            self.now = now
            self.lastSaid = lastSaid
        }

        var text: String { content.text }
        var clientMessageID: String? { content.clientMessageID }
    }

    /// Takes a message, and returns when it is answered and both are stored.
    ///
    /// The place in the conversation's order is taken before the first suspension if the conversation is in
    /// memory (a subscriber keeps it there). An emergency waits for nothing: its answer is returned, and
    /// told, while it is being stored. The same `clientMessageID` again gets the same answer.
    /// - Throws: ``ServiceError``; the message is then not stored, or stored without an answer and a retry under
    ///   its client message id runs its turn.
    package func submit(
        _ message: ChannelMessage, to id: String, caller: Caller, progress: (any TurnProgress)? = nil
    ) async throws(ServiceError) -> TurnAnswer {
        guard gate.enter() else {
            throw ServiceError(.draining, "the server is stopping; try again in a moment")
        }
        defer { gate.leave() }
        let mailbox = try await checkOut(id, caller)
        defer { directory.checkIn(mailbox) }
        let (snapshot, now) = (settings.snapshots.current(), settings.clock.now())
        try check(message, snapshot.parts.server.limits(of: mailbox.origin.channel))
        if mailbox.isStaff(caller) { return try await staffTurn(message, caller, mailbox, progress) }
        stopTyping(caller.user, in: mailbox)
        // Before anything suspends, so that two messages in quick succession keep their order.
        let lastSaid = caller.staffOf == nil ? mailbox.exchangeLastSaid(message.text, at: now) : nil
        let incoming = Incoming(message, from: caller, progress, snapshot, at: now, lastSaid: lastSaid)
        return try await take(incoming, mailbox)
    }

    // Staff wait for no turn, and their texts are not screened.
    private func staffTurn(
        _ message: ChannelMessage, _ caller: Caller, _ mailbox: Mailbox, _ progress: (any TurnProgress)?
    ) async throws(ServiceError) -> TurnAnswer {
        let isTheirs =
            mailbox.record.assistant == Self.relay || mailbox.handoff.staff == caller.user
        guard isTheirs else { throw Self.notYours }
        let stored = try await storeStaff(message, caller, mailbox, progress: progress)
        return TurnAnswer(message: stored, replies: [])
    }

    /// The same for a text without anything besides.
    package func submit(
        _ text: String, to id: String, caller: Caller, clientMessageID: String? = nil,
        progress: (any TurnProgress)? = nil
    ) async throws(ServiceError) -> TurnAnswer {
        try await submit(
            ChannelMessage(text, clientMessageID: clientMessageID), to: id, caller: caller, progress: progress
        )
    }

    func check(_ message: ChannelMessage, _ limits: Limits) throws(ServiceError) {
        let text = message.text
        // A text has at most as many scalars as bytes, so most need no count.
        if text.utf8.count > limits.messageCharacters, text.unicodeScalars.count > limits.messageCharacters {
            throw ServiceError(.tooLong, "a message has at most \(limits.messageCharacters) characters")
        }
        // Nearly every message has a printable ASCII byte; asking Unicode about each scalar costs more.
        let isPlain = text.utf8.contains { $0 > 0x20 && $0 < 0x7F }
        guard
            isPlain || message.data != nil
                || text.unicodeScalars.contains(where: { !$0.properties.isWhitespace })
        else {
            throw ServiceError(.emptyMessage, "the message is empty")
        }
    }

    private func take(_ incoming: Incoming, _ mailbox: Mailbox) async throws(ServiceError) -> TurnAnswer {
        let isRelayed = mailbox.record.assistant == Self.relay || incoming.content.isUnanswered
        let limit = isRelayed ? Mailbox.maxRelayed : Mailbox.maxWaiting
        while true {
            switch mailbox.arrive(clientMessageID: incoming.clientMessageID, limit: limit) {
            case .busy:
                // However many wait, an emergency does not.
                guard let said = try await answerPastLine(incoming, mailbox) else {
                    throw ServiceError(.busy, "too many messages of this conversation are waiting")
                }
                return said
            case .answered(let answer): return answer
            case .joins:
                guard let id = incoming.clientMessageID, let result = await mailbox.join(id) else { continue }
                return try result.get()
            case .turn(let ticket):
                let result = await answer(incoming, ticket, mailbox)
                if let id = incoming.clientMessageID { mailbox.settle(id, result) }
                return try result.get()
            }
        }
    }

    private func answer(
        _ incoming: Incoming, _ ticket: Int, _ mailbox: Mailbox
    ) async -> Result<TurnAnswer, ServiceError> {
        do throws(ServiceError) {
            let record = mailbox.record
            guard record.assistant != Self.relay else {
                return .success(try await relay(incoming, ticket, mailbox))
            }
            let assistant: Assistant
            let finding: SafetyFinding?
            do throws(ServiceError) {
                (assistant, finding) = try await screen(incoming, record, mailbox)
            } catch {
                mailbox.leave(ticket)
                throw error
            }
            if let (finding, rule) = assistant.emergency(finding) {
                mailbox.leave(ticket)
                if let known = await answerGiven(incoming, mailbox) { return .success(known) }
                return .success(answerAtOnce(incoming, finding, rule, assistant, mailbox))
            }
            guard !incoming.content.isUnanswered else {
                return .success(try await relay(incoming, ticket, mailbox))
            }
            let cancellation = await mailbox.waitForTurn(ticket)
            defer { mailbox.leave(ticket) }
            let run = TurnRun(service: self, incoming, assistant, finding, mailbox, cancellation)
            return .success(try await run.answer())
        } catch {
            return .failure(error)
        }
    }

    /// Who answers here, and what the safety floor says, if the caller may write.
    private func screen(
        _ incoming: Incoming, _ record: ConversationRecord, _ mailbox: Mailbox
    ) async throws(ServiceError) -> (Assistant, SafetyFinding?) {
        let assistant = try find(record.assistant, in: incoming.snapshot)
        guard incoming.caller.user == record.user else { throw Self.notYours }
        try admit(incoming.caller, to: assistant)
        let own = await Self.check(incoming.text, by: assistant.safety)
        guard own?.level != .emergency, let before = await saidBefore(incoming, mailbox),
            before != incoming.text
        else { return (assistant, own) }
        return (assistant, assistant.safety.check(incoming.text, after: before, own: own))
    }

    // For a line that is full; nil for what is no emergency.
    private func answerPastLine(
        _ incoming: Incoming, _ mailbox: Mailbox
    ) async throws(ServiceError) -> TurnAnswer? {
        let record = mailbox.record
        guard record.assistant != Self.relay else { return nil }
        let (assistant, found) = try await screen(incoming, record, mailbox)
        guard let (finding, rule) = assistant.emergency(found) else { return nil }
        if let known = await answerGiven(incoming, mailbox) { return known }
        return answerAtOnce(incoming, finding, rule, assistant, mailbox)
    }

    private func find(_ assistant: String, in snapshot: Snapshot) throws(ServiceError) -> Assistant {
        guard let found = snapshot.assistant(assistant) else {
            throw ServiceError(.unknownAssistant, "this conversation's assistant is no longer offered")
        }
        return found
    }

    static func check(_ text: String, by floor: SafetyFloor) async -> SafetyFinding? {
        if text.utf8.count <= inlineBytes { return floor.check(text) }
        // Detached, since a child would stay on the event loop; it ends by itself in linear time.
        return await Task.detached { floor.check(text) }.value
    }

    private func relay(
        _ incoming: Incoming, _ ticket: Int, _ mailbox: Mailbox
    ) async throws(ServiceError) -> TurnAnswer {
        await watchOver(incoming, mailbox)
        _ = await mailbox.waitForTurn(ticket)
        defer { mailbox.leave(ticket) }
        let draft = Draft(utterance: incoming.message(in: mailbox.id), at: incoming.now)
        do throws(StorageError) {
            guard let message = try await mailbox.commit(draft, progress: incoming.progress).first else {
                throw StorageError(.conflict, "the message was not stored")
            }
            return TurnAnswer(message: message, replies: [])
        } catch {
            guard error.kind == .duplicate, let stored = try await stored(incoming, mailbox) else {
                throw ServiceError(error)
            }
            return TurnAnswer(message: stored.message, replies: stored.replies)
        }
    }

    /// What is stored under the message's client id.
    func stored(_ incoming: Incoming, _ mailbox: Mailbox) async throws(ServiceError) -> StoredTurn? {
        guard let id = incoming.clientMessageID else { return nil }
        do { return try await settings.store.replies(to: id, in: mailbox.id) } catch {
            throw ServiceError(error)
        }
    }
}

extension Assistant {
    /// The finding with its family's rule, when it must be answered ahead of everything.
    fileprivate func emergency(_ finding: SafetyFinding?) -> (SafetyFinding, SafetyRule)? {
        guard let finding, finding.level == .emergency else { return nil }
        return parts.families[finding.family].map { (finding, $0) }
    }
}

extension ConversationService.Incoming {
    /// The message as it is stored, without its number.
    func message(in conversation: String) -> MessageRecord {
        content.record(in: conversation, by: caller, author: .user, at: now)
    }
}
