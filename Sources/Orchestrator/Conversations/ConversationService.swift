// SPDX-License-Identifier: Apache-2.0

import Synchronization
package import WireProtocols

/// Everything a channel may do with conversations.
///
/// Its turns run on the task that calls ``submit(_:to:caller:clientMessageID:progress:)``; a channel that
/// reads on while a turn runs starts each with `Task.immediate`, which keeps the order in which messages
/// came.
package final class ConversationService: Sendable {
    /// The assistant of conversations between people: messages are stored and passed on, nothing answers.
    package static let relay = "none"
    /// Utterances up to this size are understood on the caller's event loop: a thread hop costs more.
    static let inlineBytes = 2048
    /// What waits for other systems when the server stops has so long to go out.
    static let lastWebhooks = Duration.seconds(1)

    let settings: ServiceSettings
    let directory: MailboxDirectory
    let feeds = ChannelFeeds()
    let pipeline: TurnPipeline
    let speaker = Speaker()
    let gate = TurnGate()
    let deadlines: HandoffDeadlines
    let alarms: Alarms
    /// The revisions that open flows began with.
    package let revisions: FlowRevisions
    /// The names of lookup entities.
    package let lookups: LookupNames

    /// A service on these parts.
    package init(_ settings: ServiceSettings) {
        self.settings = settings
        directory = MailboxDirectory(
            store: settings.store, metrics: settings.metrics, feeds: feeds,
            maxIdle: settings.idleConversations)
        revisions = FlowRevisions(settings)
        lookups = LookupNames(actions: settings.actions, clock: settings.clock)
        pipeline = TurnPipeline(settings, lookups: lookups, revisions: revisions)
        deadlines = HandoffDeadlines(clock: settings.clock, delay: settings.delay)
        alarms = Alarms(clock: settings.clock, delay: settings.delay)
    }

    /// Begins a conversation.
    ///
    /// With an alias that names one already, that one is returned, however many ask at once. `participants` may read
    /// and write in it besides the caller; `attributes` is what the channel keeps under the alias.
    /// - Throws: `unknownAssistant`, `forbidden` when the assistant is not for the caller's role, or why it could
    ///   not be stored.
    package func begin(
        assistant: String, caller: Caller, channel: String, alias: ConversationAlias? = nil,
        attributes: JSONObject = JSONObject(), participants: [String] = []
    ) async throws(ServiceError) -> ConversationRecord {
        if assistant != Self.relay {
            let found = try find(assistant)
            do throws(ServiceError) { try admit(caller, to: found) } catch {
                await auditRefusal(of: assistant, to: caller.user)
                throw error
            }
        }
        let record = ConversationRecord(
            id: RandomID.uuid(), assistant: assistant, epoch: RandomID.uuid(), user: caller.user,
            role: caller.role,
            channel: channel, externalID: alias?.externalID, participants: participants,
            createdAt: settings.clock.now())
        do {
            return try await settings.store.create(record, alias: alias, attributes: attributes)
        } catch {
            throw ServiceError(error)
        }
    }

    /// Cuts the running turn short; what it has said so far is kept as partial.
    ///
    /// Does not wait for it.
    package func stop(_ id: String, caller: Caller) async throws(ServiceError) {
        try await withMailbox(id, caller) { $0.cancelRunning() }
    }

    /// Begins to tell a subscriber what happens, and returns the row as it was just before the first event.
    ///
    /// Each `attach` needs one ``detach(_:from:)``.
    package func attach(
        _ subscriber: any ConversationSubscriber, to id: String, caller: Caller
    ) async throws(ServiceError) -> ConversationRecord {
        let mailbox = try await checkOut(id, caller)
        return mailbox.attach(subscriber, caller: caller)
    }

    /// Ends what ``attach(_:to:caller:)`` began.
    package func detach(_ subscriber: any ConversationSubscriber, from id: String) {
        guard let mailbox = directory.checkOutResident(id) else { return }
        if let user = mailbox.detach(subscriber) {
            stopTyping(user, in: mailbox)
            directory.checkIn(mailbox)
        }
        directory.checkIn(mailbox)
    }

    /// Called right after a snapshot was swapped in: keeps the one before it for open flows, and reads lookup
    /// names.
    package func snapshotReplaced(_ old: Snapshot, by new: Snapshot) async {
        await revisions.remember(old)
        await lookups.fill(new)
    }

    /// Lets running turns end and takes no more; those that still run at the deadline are cut short.
    package func drain(within limit: Duration) async {
        gate.close()
        // Cancelled as soon as all turns have ended.
        let timer = Task { [settings, directory] in
            guard (try? await settings.delay.wait(limit)) != nil else { return }
            for mailbox in directory.resident() { mailbox.cancelRunning() }
        }
        await gate.waitUntilEmpty()
        timer.cancel()
        for mailbox in directory.resident() where !mailbox.owesNothing { await mailbox.storeOwed() }
        await settings.webhooks?.finish(within: Self.lastWebhooks)
    }
}

// MARK: rights

extension ConversationService {
    func find(_ assistant: String) throws(ServiceError) -> Assistant {
        guard let found = settings.snapshots.current().assistant(assistant) else {
            throw ServiceError(.unknownAssistant, "there is no assistant '\(assistant)'")
        }
        return found
    }

    func admit(_ caller: Caller, to assistant: Assistant) throws(ServiceError) {
        guard assistant.parts.roles.contains(caller.role) else {
            throw ServiceError(.forbidden, "this assistant is not for the role '\(caller.role)'")
        }
    }

    /// The conversation's mailbox if the caller has a right to it; give it back with `directory.checkIn`.
    func checkOut(_ id: String, _ caller: Caller) async throws(ServiceError) -> Mailbox {
        let mailbox: Mailbox?
        if let resident = directory.checkOutResident(id) {
            mailbox = resident
        } else {
            do { mailbox = try await directory.checkOut(id) } catch { throw ServiceError(error) }
        }
        guard let mailbox else { throw Self.noConversation }
        guard mailbox.admits(caller) else {
            directory.checkIn(mailbox)
            await auditRefusal(of: id, to: caller.user)
            // The same answer as for one that does not exist: ids of others are not to be guessed.
            throw Self.noConversation
        }
        return mailbox
    }

    // A refusal stands whether or not it can be stored; a store that takes no writes is told by `/ready`.
    func auditRefusal(of id: String, to user: String) async {
        let row = AuditRecord(
            at: settings.clock.now(), actor: user, action: "access-refused", subject: id,
            outcome: "refused")
        try? await settings.store.appendAudit([row])
    }

    func withMailbox(_ id: String, _ caller: Caller, _ body: (Mailbox) -> Void) async throws(ServiceError) {
        let mailbox = try await checkOut(id, caller)
        body(mailbox)
        directory.checkIn(mailbox)
    }

    static let notYours = ServiceError(.forbidden, "only the person whose conversation it is writes here")
    static let noConversation = ServiceError(.notFound, "there is no such conversation")
}

extension Mailbox {
    /// True for staff here: whom the channel vouches for, and whoever has claimed the conversation.
    func isStaff(_ caller: Caller) -> Bool {
        caller.staffOf != nil
            || state.withLock { $0.handoff.staff == caller.user && $0.stored.user != caller.user }
    }

    /// True for the one whose conversation it is, for the members of a room, and for the member of staff who has
    /// claimed it; and for staff whom the channel vouches for, where it was begun on, or claimed from, that channel.
    func admits(_ caller: Caller) -> Bool {
        state.withLock { state in
            if let channel = caller.staffOf {
                return state.stored.channel == channel || state.context.claimedOn == channel
            }
            return state.stored.user == caller.user || state.handoff.staff == caller.user
                || state.stored.participants.contains(caller.user)
        }
    }
}
