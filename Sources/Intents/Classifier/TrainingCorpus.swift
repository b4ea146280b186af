// SPDX-License-Identifier: Apache-2.0

/// All texts a model learns from, with the intent of each (-1: none).
struct TrainingCorpus {
    private(set) var hashes: [[UInt64]] = []
    private(set) var labels: [Int] = []
    /// What the words of each text mean, where that is known.
    private(set) var meanings: [[Float]?] = []
    /// What the intents' own examples speak of.
    let contentWords: ContentWords
    private(set) var exact = HashIndex(minimumCapacity: 64)

    init(_ intents: [IntentExamples], outOfScope: [String], words: WordVectors?) {
        var texts: [FoldedText] = []
        for (number, intent) in intents.enumerated() {
            for example in intent.examples {
                let folded = FoldedText(example.text)
                guard !folded.words.isEmpty else { continue }
                texts.append(folded)
                labels.append(number)
                hashes.append(FeatureSpace.hashes(of: folded))
                meanings.append(words?.vector(of: folded))
                exact.insert(Self.key(folded), Int32(number))
            }
        }
        contentWords = ContentWords(texts)
        for text in outOfScope {
            let folded = FoldedText(text)
            hashes.append(FeatureSpace.hashes(of: folded))
            meanings.append(words?.vector(of: folded))
            labels.append(-1)
        }
        for sentence in BackgroundExamples.sentences(without: texts) {
            hashes.append(FeatureSpace.hashes(of: sentence))
            meanings.append(words?.vector(of: sentence))
            labels.append(-1)
        }
    }

    /// The identity of a text: its words in order.
    static func key(_ text: FoldedText) -> UInt64 {
        text.words.reduce(FNV.start) { ($0 ^ $1.hash) &* 0x9E37_79B9_7F4A_7C15 }
    }
}
