// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// A stretch of a conversation's messages.
package struct MessagePage: Sendable, Hashable {
    /// Tells a client whether its sequence numbers mean this conversation.
    package var epoch: String
    /// In order.
    package var messages: [MessageRecord]
    /// True when there are more after these.
    package var more: Bool
}

extension ConversationService {
    /// The conversation's row as it is now.
    package func conversation(_ id: String, caller: Caller) async throws(ServiceError) -> ConversationRecord {
        let mailbox = try await checkOut(id, caller)
        defer { directory.checkIn(mailbox) }
        return mailbox.record
    }

    /// Messages after a sequence number, in order.
    package func messages(
        in id: String, caller: Caller, after sequence: Int, limit: Int
    ) async throws(ServiceError) -> MessagePage {
        let mailbox = try await checkOut(id, caller)
        defer { directory.checkIn(mailbox) }
        do {
            let rows = try await settings.store.messages(in: id, after: sequence, limit: limit + 1)
            return MessagePage(
                epoch: mailbox.record.epoch, messages: Array(rows.prefix(limit)), more: rows.count > limit)
        } catch {
            throw ServiceError(error)
        }
    }

    /// The caller's conversations, newest first; for staff the first page opens with those they have claimed
    /// and those that wait in their queues.
    package func list(
        caller: Caller, limit: Int, cursor: String?
    ) async throws(ServiceError) -> ConversationPage {
        do {
            var page = try await settings.store.conversations(of: caller.user, cursor: cursor, limit: limit)
            if cursor == nil {
                let queues = settings.snapshots.current().queues(for: caller.role)
                let waiting = queues.isEmpty ? [] : try await settings.store.waiting(in: queues, limit: limit)
                let claimed =
                    queues.isEmpty ? [] : try await settings.store.claimed(by: caller.user, limit: limit)
                page.conversations =
                    (claimed + waiting).filter { $0.user != caller.user } + page.conversations
            }
            return page
        } catch {
            throw ServiceError(error)
        }
    }
}

extension Snapshot {
    /// The queues whose conversations people of that role may claim.
    package func queues(for role: String) -> [String] {
        parts.queues.values.filter { $0.roles.contains(role) }.map(\.name).sorted()
    }
}
