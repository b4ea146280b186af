// SPDX-License-Identifier: Apache-2.0

extension ConversationService {
    /// The longest note, in characters.
    package static let maxNoteCharacters = 4000
    /// Notes of one conversation that are shown.
    static let maxNotes = 200

    /// Writes something down for staff; only whoever has the conversation may.
    package func addNote(
        _ text: String, to id: String, by staff: StaffMember
    ) async throws(ServiceError) -> NoteRecord {
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw ServiceError(.emptyMessage, "the note is empty")
        }
        guard text.unicodeScalars.count <= Self.maxNoteCharacters else {
            throw ServiceError(.tooLong, "a note has at most \(Self.maxNoteCharacters) characters")
        }
        let mailbox = try await claimed(id, by: staff)
        defer { directory.checkIn(mailbox) }
        let note = NoteRecord(
            id: RandomID.uuid(), conversation: id, author: staff.caller.user, name: staff.caller.name,
            text: text, createdAt: settings.clock.now())
        do { try await settings.store.addNote(note) } catch { throw ServiceError(error) }
        return note
    }

    /// What staff have written down, in order.
    package func notes(of id: String, for staff: StaffMember) async throws(ServiceError) -> [NoteRecord] {
        let mailbox = try await claimed(id, by: staff)
        defer { directory.checkIn(mailbox) }
        do { return try await settings.store.notes(of: id, limit: Self.maxNotes) } catch {
            throw ServiceError(error)
        }
    }

    private func claimed(_ id: String, by staff: StaffMember) async throws(ServiceError) -> Mailbox {
        let mailbox = try await resident(id)
        guard mailbox.handoff.staff == staff.caller.user else {
            directory.checkIn(mailbox)
            throw Self.noConversation
        }
        return mailbox
    }
}
