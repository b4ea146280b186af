// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What people said in danger, and what merely sounds like it, as a linear classifier of whole texts.
///
/// It learns from the lines that authors list as examples. A family's hints count where it agrees, and where nothing was
/// heard at all it may show the number. What a phrase found it never takes back.
///
/// Words, word pairs and parts of words, one support vector machine; the same lines give the same weights on every
/// machine. Immutable once fitted.
public final class DangerModel: Sendable {
    /// Lines by the family they are examples of; those under ``harmless`` are no danger.
    public struct Examples: Sendable, Hashable {
        /// What is said in danger, by family.
        public var danger: [String: [String]]
        /// What sounds like danger and is none.
        public var harmless: [String]

        /// Examples as declared.
        public init(danger: [String: [String]] = [:], harmless: [String] = []) {
            self.danger = danger
            self.harmless = harmless
        }

        var isUsable: Bool { !harmless.isEmpty && danger.contains { !$0.value.isEmpty } }
    }

    private let features: Features
    private let weights: LinearWeights
    private let families: [String]
    /// What each word of the examples speaks for, by its hash: families and how strongly.
    private let votes: [UInt64: [(family: Int32, weight: Float)]]

    /// From this margin on a text is danger though no phrase was heard, and hints count from the lower one on. Measured
    /// on lines that are no examples: see docs/understanding.md.
    private static let (alone, withHint): (Float, Float) = (0.05, -0.25)
    /// As `alone`, where a scope took back what was heard.
    private static let despiteScope: Float = 1
    /// "Choking!" and "heart attack" are cries whatever the examples have about them, and "1" or "next" say nothing.
    private static let cry = 2
    private static let rounds = 20
    /// Words of a long text that are weighed together: at least so many, in whole sentences, and never more than that.
    private static let piece = 12...48

    /// Fits the model; nil without lines of both kinds.
    public init?(_ examples: Examples) {
        guard examples.isUsable else { return nil }
        let families = examples.danger.keys.sorted()
        let danger = families.map { examples.danger[$0] ?? [] }
        let lines = danger.joined() + examples.harmless
        var features = Features()
        let rows = features.fit(lines)
        let labels = lines.indices.map { $0 < lines.count - examples.harmless.count ? 0 : -1 }
        weights = LinearTrainer(rows, featureCount: features.count)
            .train(labels, classCount: 1, rounds: Self.rounds)
        self.families = families
        votes = Self.votes(of: danger)
        self.features = features
    }

    private static func votes(of danger: [[String]]) -> [UInt64: [(family: Int32, weight: Float)]] {
        var counts: [UInt64: [Int32: Float]] = [:]
        for (number, lines) in danger.enumerated() {
            for word in lines.flatMap({ Set(Features.folded($0).words.map(\.hash)) }) {
                counts[word, default: [:]][Int32(number), default: 0] += 1 / Float(lines.count)
            }
        }
        // A word that every family uses speaks for none.
        return counts.mapValues { byFamily in
            let rarity = logf(Float(danger.count) / Float(byFamily.count))
            return byFamily.sorted { $0.key < $1.key }.map { ($0.key, $0.value * rarity) }
        }
    }

    /// What the words of a text weigh together.
    struct Opinion {
        fileprivate let margin: Float
        fileprivate let count: Int
        /// The words that weigh most, of a long text.
        let words: Range<Int>
        /// Whether a hint counts.
        var supportsHints: Bool { count <= DangerModel.cry || margin > DangerModel.withHint }

        /// Whether the number is to be shown though nothing was heard, or it was taken back.
        func isDanger(_ isTakenBack: Bool) -> Bool {
            count > DangerModel.cry && margin > (isTakenBack ? DangerModel.despiteScope : DangerModel.alone)
        }
    }

    /// Weighs a text, a long one by the gravest of its pieces.
    func opinion(of text: FoldedText) -> Opinion {
        var (margin, words) = (-Float.infinity, 0..<0)
        var start = 0
        repeat {
            let end = Self.pieceEnd(of: text, from: start)
            let weight = weights.margins(features.vector(of: text.words[start..<end], in: text))[0]
            if weight > margin { (margin, words) = (weight, start..<end) }
            start = end
        } while start < text.words.count
        return Opinion(margin: margin, count: text.words.count, words: words)
    }

    /// Where a piece ends; a text no longer than an example is one.
    private static func pieceEnd(of text: FoldedText, from start: Int) -> Int {
        let count = text.words.count
        guard count > piece.upperBound else { return count }
        let (first, last) = (min(start + piece.lowerBound, count), min(start + piece.upperBound, count))
        return (first..<last).first { text.words[$0].cut == .hard } ?? last
    }

    /// The family whose examples use words like these.
    func family(of words: ArraySlice<FoldedText.Word>) -> String {
        var sums = [Float](repeating: 0, count: families.count)
        for word in Set(words.map(\.hash)).sorted() {
            for vote in votes[word] ?? [] { sums[Int(vote.family)] += vote.weight }
        }
        return families[LinearWeights.best(sums)]
    }
}

extension DangerModel {
    /// Words with pairs of them, and parts of words: two vectors of length 1 side by side, so that the few words weigh as
    /// much as their many parts.
    private struct Features: Sendable {
        private var words = FeatureSpace()
        private var parts = FeatureSpace()

        /// Two words of a pair may have two others between them: "cup fell ... hand".
        private static let reach = 3
        /// What one line alone has is an accident of that line; leaving it out halves the memory and costs nothing.
        private static let leastLines = 2

        var count: Int { words.count + parts.count }

        static func folded(_ text: String) -> FoldedText { FoldedText(text, keepsSymbols: true) }

        /// Learns the features of `lines` and returns their vectors.
        mutating func fit(_ lines: [String]) -> [FeatureVector] {
            let texts = lines.lazy.map(Self.folded)
            let ofWords = words.fit(
                texts.map { FeatureSpace.wordHashes(of: $0.words[...], reach: Self.reach) },
                leastTexts: Self.leastLines)
            let ofParts = parts.fit(
                texts.map { FeatureSpace.partHashes(of: $0.words[...], in: $0) }, leastTexts: Self.leastLines)
            return zip(ofWords, ofParts).map(joined)
        }

        func vector(of slice: ArraySlice<FoldedText.Word>, in text: FoldedText) -> FeatureVector {
            joined(
                words.vector(FeatureSpace.wordHashes(of: slice, reach: Self.reach)),
                parts.vector(FeatureSpace.partHashes(of: slice, in: text)))
        }

        private func joined(_ ofWords: FeatureVector, _ ofParts: FeatureVector) -> FeatureVector {
            let offset = Int32(words.count)
            return FeatureVector(
                indices: ofWords.indices + ofParts.indices.map { $0 + offset },
                values: ofWords.values + ofParts.values)
        }
    }
}
