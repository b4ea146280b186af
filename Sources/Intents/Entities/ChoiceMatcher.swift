// SPDX-License-Identifier: Apache-2.0

/// Finds the values of a choice by their own words and their synonyms: plural or singular, one slip in four letters or
/// more, underscores and hyphens as spaces.
struct ChoiceMatcher: Sendable {
    private struct Phrase: Sendable {
        let words: [[UInt8]]
        let value: String
    }

    private var byFirst: [String: [Phrase]] = [:]
    private var all: [Phrase] = []

    init(_ values: [ChoiceValue]) {
        for value in values {
            for name in [value.value] + value.synonyms {
                let spaced = String(name.map { $0 == "_" ? " " : $0 })
                let words = TokenStream(spaced).tokens.filter { $0.kind != .mark }.map { Array($0.text.utf8) }
                guard let first = words.first else { continue }
                let phrase = Phrase(words: words, value: value.value)
                byFirst[String(decoding: first, as: UTF8.self), default: []].append(phrase)
                all.append(phrase)
            }
        }
    }

    /// The longest phrase at token `position`; exact words win over repaired ones.
    func match(_ stream: TokenStream, at position: Int) -> (value: String, end: Int)? {
        guard stream.tokens[position].kind != .mark else { return nil }
        if let exact = longest(byFirst[stream.word(position)] ?? [], stream, position, repairs: false) {
            return exact
        }
        let word = stream.word(position)
        if word.utf8.count >= 4, CommonWords.contains(FNV.hash(word.utf8)) { return nil }
        return longest(all, stream, position, repairs: true)
    }

    private func longest(
        _ phrases: [Phrase], _ stream: TokenStream, _ position: Int, repairs: Bool
    ) -> (value: String, end: Int)? {
        var best: (value: String, end: Int)?
        for phrase in phrases {
            guard let end = end(of: phrase, stream, position, repairs), end > best?.end ?? 0 else { continue }
            best = (phrase.value, end)
        }
        return best
    }

    private func end(of phrase: Phrase, _ stream: TokenStream, _ start: Int, _ repairs: Bool) -> Int? {
        var position = start
        for word in phrase.words {
            if stream.word(position) == "-", position > start { position += 1 }
            guard position < stream.count else { return nil }
            let said = stream.word(position)
            guard Array(said.utf8) == word || (repairs || position > start) && isClose(word, said) else {
                return nil
            }
            position += 1
        }
        return position
    }

    private func isClose(_ word: [UInt8], _ said: String) -> Bool {
        let bytes = Array(said.utf8)
        if bytes == word + [0x73] || bytes + [0x73] == word || bytes == word + [0x65, 0x73] { return true }
        guard word.count >= 4, bytes.count >= 4, (bytes.first ?? 0) > 0x39 else { return false }
        // In short words the first letter is hardly ever the slip: "bead" is not "head".
        guard word.count >= 6 || bytes.first == word.first else { return false }
        return EditDistance.isAtMostOne(word, bytes)
    }
}
