// SPDX-License-Identifier: Apache-2.0

/// What a member of staff wrote down about a conversation, for staff only.
package struct NoteRecord: Sendable, Hashable {
    /// A random UUID.
    package var id: String
    /// The conversation's id.
    package var conversation: String
    /// Who wrote it.
    package var author: String
    /// Their name as shown.
    package var name: String?
    /// What it says.
    package var text: String
    /// When.
    package var createdAt: Timestamp

    /// A note.
    package init(
        id: String, conversation: String, author: String, name: String?, text: String, createdAt: Timestamp
    ) {
        self.id = id
        self.conversation = conversation
        self.author = author
        self.name = name
        self.text = text
        self.createdAt = createdAt
    }
}
