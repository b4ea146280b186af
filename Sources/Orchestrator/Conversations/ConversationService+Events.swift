// SPDX-License-Identifier: Apache-2.0

extension ConversationService {
    /// Conversations of a person, the youngest ones, among which the one that is used is looked for.
    private static let searched = 50

    /// Tells a person what another system says, in the conversation they used last.
    ///
    /// It is said by the assistant, between turns: an open flow, and who answers, stay as they are. `offers` says
    /// which assistants the caller of this reaches.
    package func tell(
        _ post: EventPost, by poster: Identity, offers: (String) -> Bool
    ) async throws(EventError) -> MessageRecord {
        guard gate.enter() else {
            throw .service(ServiceError(.draining, "the server is stopping; try again in a moment"))
        }
        defer { gate.leave() }
        let snapshot = settings.snapshots.current()
        let assistants = try await audience(of: post, by: poster, snapshot, offers)
        if let known = try await told(post, by: poster) { return known }
        guard let id = try await conversation(of: post.user, with: assistants) else { throw .nobody }
        let mailbox: Mailbox
        do { mailbox = try await resident(id) } catch { throw .service(error) }
        defer { directory.checkIn(mailbox) }
        let draft = try draft(of: post, by: poster, in: mailbox, snapshot)
        do throws(StorageError) {
            if let stored = try await mailbox.commit(draft).first { return stored }
            throw StorageError(.conflict, "the message was not stored")
        } catch {
            // Posted twice at once: one of them is told, and both are answered.
            if error.kind == .duplicate, let known = try await told(post, by: poster) { return known }
            throw .service(ServiceError(error))
        }
    }

    /// The assistants that have the event, for a key that may tell it.
    private func audience(
        of post: EventPost, by poster: Identity, _ snapshot: Snapshot, _ offers: (String) -> Bool
    ) async throws(EventError) -> Set<String> {
        let having = snapshot.parts.assistants.values.filter {
            $0.parts.events[post.event] != nil && poster.reaches($0.id) && offers($0.id)
        }
        guard !having.isEmpty else { throw .unknownEvent }
        let allowed = having.filter { $0.parts.events[post.event]?.roles.contains(poster.role) == true }
        guard !allowed.isEmpty else {
            await auditRefusal(of: post.event, to: poster.user)
            throw .forbidden
        }
        return Set(allowed.map(\.id))
    }

    // What this post has said already.
    private func told(_ post: EventPost, by poster: Identity) async throws(EventError) -> MessageRecord? {
        guard let id = post.messageID(poster.user) else { return nil }
        let known: MessageRecord?
        do { known = try await settings.store.message(id) } catch { throw .service(ServiceError(error)) }
        guard let known else { return nil }
        guard known.clientMessageID == post.mark(poster.user) else { throw .keyReused }
        return known
    }

    // The one that changed last; a closed one only when there is no other.
    private func conversation(
        of user: String, with assistants: Set<String>
    ) async throws(EventError) -> String? {
        do throws(StorageError) {
            let page = try await settings.store.conversations(of: user, cursor: nil, limit: Self.searched)
            let theirs = page.conversations.filter { $0.user == user && assistants.contains($0.assistant) }
            return theirs.max { first, second in
                let (isFirstOpen, isSecondOpen) = (first.state != .closed, second.state != .closed)
                guard isFirstOpen == isSecondOpen else { return isSecondOpen }
                return (first.updatedAt, first.createdAt) < (second.updatedAt, second.createdAt)
            }?.id
        } catch {
            throw .service(ServiceError(error))
        }
    }

    private func draft(
        of post: EventPost, by poster: Identity, in mailbox: Mailbox, _ snapshot: Snapshot
    ) throws(EventError) -> Draft {
        let record = mailbox.record
        guard let assistant = snapshot.assistant(record.assistant),
            let event = assistant.parts.events[post.event]
        else { throw .unknownEvent }
        let (values, problems) = event.check(post.data)
        guard problems.isEmpty else { throw .data(problems) }
        let now = settings.clock.now()
        let person = Caller(user: record.user, role: record.role)
        let reply = speaker.bound(snapshot, assistant, person, record, seed: record.sequence + 1, now: now)
            .say(event.say, about: values)
        let limit = snapshot.parts.server.limits(of: record.channel).messageCharacters
        guard !reply.text.isEmpty, reply.text.unicodeScalars.count <= limit else { throw .unsayable }
        var message = TurnReply(reply).message(in: mailbox.id, at: now)
        message.id = post.messageID(poster.user) ?? message.id
        message.clientMessageID = post.mark(poster.user)
        let action = "event-" + post.event.replacing("_", with: "-")
        let row = AuditRecord(
            at: now, actor: poster.user, action: action, subject: mailbox.id, outcome: "done")
        return Draft(replies: [message], audit: [row], at: now)
    }
}
