// SPDX-License-Identifier: Apache-2.0

/// The words of an utterance worth looking for.
struct KnowledgeQuery: Sendable, Hashable {
    /// More words than this are a story, not a question.
    static let wordLimit = 16

    /// Lower-case words, each once, in the order they were said.
    let words: [String]

    init(_ utterance: String) {
        var words: [String] = []
        // A word of letters and digits alone: nothing in it can be query syntax, quoted or not.
        for part in utterance.lowercased().split(whereSeparator: {
            !$0.isLetter && !$0.isNumber && $0 != "'" && $0 != "’"
        }) {
            let bare = part.split(whereSeparator: { $0 == "'" || $0 == "’" }).first.map(String.init) ?? ""
            let isMeant =
                bare.unicodeScalars.count > 1 && !Self.stopWords.contains(bare) && !words.contains(bare)
            if isMeant { words.append(bare) }
            if words.count == Self.wordLimit { break }
        }
        self.words = words
    }

    /// One word as an FTS5 phrase (https://sqlite.org/fts5.html, 3.1: a string in quotation marks).
    static func phrase(_ word: String) -> String { "\"\(word)\"" }

    /// Finds passages with any of the words.
    var expression: String { words.map(Self.phrase).joined(separator: " OR ") }

    /// Words that say that something is asked, not what.
    private static let stopWords: Set<String> = [
        "a", "about", "am", "an", "and", "any", "anyone", "are", "aren", "as", "at", "be", "been", "being",
        "but",
        "by", "can", "cannot", "could", "couldn", "did", "didn", "do", "does", "doesn", "doing", "don", "for",
        "from",
        "get", "give", "go", "got", "had", "has", "have", "haven", "having", "he", "hello", "her", "here",
        "hers",
        "hey", "hi", "him", "his", "how", "if", "in", "into", "is", "isn", "it", "its", "just", "know", "let",
        "like", "ll", "may", "me", "might", "mine", "must", "my", "myself", "need", "no", "not", "of", "off",
        "ok",
        "okay", "on", "or", "our", "ours", "please", "re", "say", "shall", "she", "should", "so", "some",
        "tell",
        "than", "thank", "thanks", "that", "the", "their", "them", "then", "there", "these", "they", "this",
        "those",
        "to", "too", "us", "ve", "very", "want", "was", "wasn", "we", "were", "what", "when", "where",
        "which",
        "while", "who", "whom", "whose", "why", "will", "with", "won", "would", "wouldn", "you", "your",
        "yours",
    ]
}
