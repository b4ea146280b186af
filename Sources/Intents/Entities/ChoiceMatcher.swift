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
    /// The bytes in the first word of each of them.
    private var lengths: [Int] = []

    init(_ values: [ChoiceValue]) {
        for value in values {
            for name in [value.value] + value.synonyms {
                let spaced = String(name.map { $0 == "_" ? " " : $0 })
                let words = TokenStream(spaced).tokens.filter { $0.kind != .mark }.map(\.bytes)
                guard let first = words.first else { continue }
                let phrase = Phrase(words: words, value: value.value)
                byFirst[String(decoding: first, as: UTF8.self), default: []].append(phrase)
                all.append(phrase)
                lengths.append(first.count)
            }
        }
    }

    /// The longest phrase at token `position`; exact words win over repaired ones.
    func match(_ stream: TokenStream, at position: Int) -> (value: String, end: Int)? {
        guard stream.tokens[position].kind != .mark else { return nil }
        if let exact = longest(byFirst[stream.word(position)] ?? [], stream, position, repairs: false) {
            return exact
        }
        let word = stream.tokens[position].bytes
        if word.count >= 4, CommonWords.contains(FNV.hash(word)) { return nil }
        // The plural adds two letters at most, a slip one.
        let near = lengths.indices.lazy.filter { -2...1 ~= lengths[$0] - word.count }
        return longest(near.map { all[$0] }, stream, position, repairs: true)
    }

    private func longest(
        _ phrases: some Sequence<Phrase>, _ stream: TokenStream, _ position: Int, repairs: Bool
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
            let said = stream.tokens[position].bytes
            guard said == word || (repairs || position > start) && Self.isClose(word, said) else {
                return nil
            }
            position += 1
        }
        return position
    }

    /// Singular and plural, or one slip from four letters on.
    private static func isClose(_ word: [UInt8], _ said: [UInt8]) -> Bool {
        let (short, long) = word.count <= said.count ? (word, said) : (said, word)
        guard long.count - short.count <= 2 else { return false }
        // In short words the first letter is hardly ever the slip: "bead" is not "head".
        guard word.count >= 6 || said.first == word.first else { return false }
        let isPlural =
            switch long.count - short.count {
            case 1: long.last == UInt8(ascii: "s") && long.starts(with: short)
            case 2: short == word && long == short + Array("es".utf8)
            default: false
            }
        if isPlural { return true }
        return word.count >= 4 && said.count >= 4 && said[0] > UInt8(ascii: "9")
            && EditDistance.isAtMostOne(word, said)
    }
}
