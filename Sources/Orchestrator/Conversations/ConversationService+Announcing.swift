// SPDX-License-Identifier: Apache-2.0

import WireProtocols

extension ConversationService {
    /// Says something that the channel's contract has it say, outside of any turn; stored, then told to everybody.
    package func announce(
        _ text: String, in id: String, caller: Caller
    ) async throws(ServiceError) -> MessageRecord {
        let mailbox = try await checkOut(id, caller)
        defer { directory.checkIn(mailbox) }
        let now = settings.clock.now()
        let message = MessageRecord(
            id: RandomID.uuid(), conversation: id, sequence: 0, author: .assistant, text: text, createdAt: now
        )
        do throws(StorageError) {
            guard let stored = try await mailbox.commit(Draft(replies: [message], at: now)).first else {
                throw StorageError(.conflict, "the message was not stored")
            }
            return stored
        } catch {
            throw ServiceError(error)
        }
    }
}
