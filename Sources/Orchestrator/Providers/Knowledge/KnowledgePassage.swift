// SPDX-License-Identifier: Apache-2.0

/// A Markdown or plain text file of a knowledge set.
struct KnowledgeDocument: Sendable, Hashable {
    /// The file's path as it is shown to people.
    var source: String
    /// The whole text.
    var text: String
}

/// A part of a document small enough to be an answer.
struct KnowledgePassage: Sendable, Hashable {
    /// The file's path, `#` and the passage's number in the file.
    var id: String
    /// The file's path.
    var source: String
    /// The headings it stands under, outermost first, joined by ` > `; empty when there are none.
    var heading: String
    /// The text without its headings.
    var text: String
    /// How well it answers what was asked, from 0 to 1; 0 before anything was asked.
    var score: Double = 0
}
