// SPDX-License-Identifier: Apache-2.0

/// Which files are taken, and where they lie.
package struct FileRules: Sendable, Hashable {
    /// Relative to the folder that holds `bots/`.
    package var directory = "uploads"
    /// Bytes of one file.
    package var maxBytes = 10_485_760
    /// Bytes of all files of one conversation.
    package var conversationBytes = 104_857_600
    /// The types that are taken, judged by the content.
    package var types: Set<String> = ["application/pdf", "image/png", "image/jpeg"]

    package init() {}
}

/// A file of a conversation.
package struct StoredFile: Sendable, Hashable {
    /// What it is asked for by; tells its conversation, and nobody can guess it.
    package var id: FileID
    /// As its owner calls it; never used as a path.
    package var name: String
    /// In bytes.
    package var size: Int
    /// By its content.
    package var type: String
    /// Who sent it.
    package var user: String
    /// When it was complete.
    package var createdAt: Timestamp
}

/// A conversation's id and 122 random bits: `CONVERSATION.RANDOM`.
package struct FileID: Sendable, Hashable {
    /// Whose right to it decides.
    package let conversation: String
    let name: String

    /// A new id.
    init(conversation: String) {
        self.conversation = conversation
        name = RandomID.uuid()
    }

    /// Reads an id; nil for what can be none, so that no path is ever made of it.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy(Self.isPlain) else { return nil }
        conversation = parts[0]
        name = parts[1]
    }

    /// As it stands in addresses.
    package var text: String { conversation + "." + name }

    static func isPlain(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x41 && $0 <= 0x5A)
                    || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
            }
    }
}
