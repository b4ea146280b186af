// SPDX-License-Identifier: Apache-2.0

/// The words that carry meaning in the examples of one model.
///
/// With a handful of examples the classifier would follow a `with` or a `my`. An utterance none of whose content words
/// resembles one in any example means nothing that the examples mean.
struct ContentWords: Sendable {
    private var words = HashIndex(minimumCapacity: 256)
    private var grams = HashIndex(minimumCapacity: 1024)

    init(_ examples: [FoldedText]) {
        for example in examples {
            for word in example.words where !Self.isFunction(word) {
                words.insert(word.hash, 1)
                for gram in Self.grams(of: word, in: example) { grams.insert(gram, 1) }
            }
        }
    }

    /// Whether no content word of `text` is known.
    ///
    /// A text of function words alone is not foreign.
    func isForeign(_ text: FoldedText) -> Bool {
        var sawContent = false
        for word in text.words.prefix(FeatureSpace.maxWords) where !Self.isFunction(word) {
            if words.find(word.hash) >= 0 { return false }
            let parts = Self.grams(of: word, in: text)
            let known = parts.count { grams.find($0) >= 0 }
            if !parts.isEmpty, known * 5 >= parts.count * 2 { return false }
            sawContent = true
        }
        return sawContent
    }

    private static func isFunction(_ word: FoldedText.Word) -> Bool { functionWords.find(word.hash) >= 0 }

    private static func grams(of word: FoldedText.Word, in text: FoldedText) -> [UInt64] {
        let end = min(word.end, word.start + 30)
        guard end - word.start >= 3 else { return [] }
        return (word.start...(end - 3)).map { FNV.hash(text.bytes[$0..<($0 + 3)]) }
    }

    private static let functionWords: HashIndex = {
        let list = """
            a about after all am an and any are as at be been but by can could did do does dont for from had has have he her
            him his how i id if im in into is it its ive just like ll me my no not of off on or our out please pls re she
            should so some that the their them then there they this to too up us was we were what whats when where which who
            why will with would you your
            """
        var index = HashIndex(minimumCapacity: 256)
        for word in list.split(whereSeparator: \.isWhitespace) { index.insert(FNV.hash(word.utf8), 1) }
        return index
    }()
}
