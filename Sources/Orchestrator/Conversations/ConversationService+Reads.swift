// SPDX-License-Identifier: Apache-2.0

extension ConversationService {
    /// Notes how far someone has read, and tells the others.
    package func read(_ sequence: Int, in id: String, caller: Caller) async throws(ServiceError) {
        let mailbox = try await checkOut(id, caller)
        defer { directory.checkIn(mailbox) }
        let last = min(sequence, mailbox.record.sequence)
        guard last > 0 else { return }
        do {
            try await settings.store.markRead(
                upTo: last, in: id, by: caller.user, at: settings.clock.now())
        } catch {
            throw ServiceError(error)
        }
        mailbox.publish(.read(user: caller.user, sequence: last))
    }

    /// Somebody has seen to the alerts of a conversation, which are then told no more; false when there were none.
    package func acknowledge(_ id: String, by staff: StaffMember) async throws(ServiceError) -> Bool {
        let snapshot = settings.snapshots.current()
        guard snapshot.isStaff(staff.caller.role) || staff.caller.staffOf != nil else {
            throw Self.noConversation
        }
        let isNew = alarms.acknowledge(id)
        if isNew {
            let row = AuditRecord(
                at: settings.clock.now(), actor: staff.caller.user, action: "alert-acknowledged", subject: id,
                outcome: "done")
            do { try await settings.store.appendAudit([row]) } catch { throw ServiceError(error) }
        }
        return isNew
    }

    /// Messages that hold a text, newest first: of conversations the caller has claimed, and of their own.
    package func search(
        _ text: String, caller: Caller, limit: Int
    ) async throws(ServiceError) -> [MessageRecord] {
        do { return try await settings.store.search(text, for: caller.user, limit: limit) } catch {
            throw ServiceError(error)
        }
    }
}
