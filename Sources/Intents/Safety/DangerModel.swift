// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Glibc
import Synchronization

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

    /// Words with pairs of them, and parts of words: each a vector of length 1, so that the few words weigh as much as their
    /// many parts.
    private let (words, parts): (FeatureWeights, FeatureWeights)
    private let bias: Float
    private let families: [String]
    /// What each word of the examples speaks for, by its hash: families and how strongly.
    private let votes: [UInt64: [(family: Int32, weight: Float)]]

    /// From the first margin on a text is danger though no phrase was heard, from the second on hints count.
    ///
    /// Measured on lines that are no examples: see docs/understanding.md.
    private static let (alone, withHint): (Float, Float) = (0.05, -0.25)
    /// As `alone`, where a scope took back what was heard.
    private static let despiteScope: Float = 1
    /// "Choking!" and "heart attack" are cries whatever the examples have about them, and "1" or "next" say nothing.
    private static let cry = 2
    private static let rounds = 20
    /// How far apart the two words of a pair may stand, as "cup" and "hand" in "the cup fell from her hand".
    private static let reach = 3
    /// Words of a long text that are weighed together: at least so many, in whole sentences, and never more than that.
    private static let piece = 12...48

    /// Fits the model; nil without lines of both kinds.
    public init?(_ examples: Examples) {
        guard examples.isUsable else { return nil }
        let families = examples.danger.keys.sorted()
        let danger = families.map { examples.danger[$0] ?? [] }
        let lines = danger.joined() + examples.harmless
        // What occurs once is an accident of that line; leaving it out halves the memory and costs nothing.
        let spaces = Mutex<[Int: (space: FeatureSpace, rows: [FeatureVector])]>([:])
        DispatchQueue.concurrentPerform(iterations: 2) { number in
            var space = FeatureSpace()
            let rows = space.fit(
                lines.lazy.map {
                    let text = FoldedText($0, keepsSymbols: true)
                    return number == 0
                        ? Self.wordHashes(text.words[...])
                        : FeatureSpace.partHashes(of: text.words[...], in: text)
                }, leavingOutSingles: true)
            spaces.withLock { [space] in $0[number] = (space, rows) }
        }
        guard let (words, ofWords) = spaces.withLock({ $0[0] }),
            let (parts, ofParts) = spaces.withLock({ $0[1] })
        else { return nil }
        let offset = Int32(words.count)
        let rows = zip(ofWords, ofParts).map { ofWords, ofParts in
            FeatureVector(
                indices: ofWords.indices + ofParts.indices.map { $0 + offset },
                values: ofWords.values + ofParts.values)
        }
        let labels = lines.indices.map { $0 < lines.count - examples.harmless.count ? 0 : -1 }
        let count = words.count + parts.count
        let weights = LinearTrainer(rows, featureCount: count)
            .train(labels, classCount: 1, rounds: Self.rounds)
        self.words = FeatureWeights(words) { weights.weight(of: $0, for: 0) }
        self.parts = FeatureWeights(parts) { weights.weight(of: $0 + offset, for: 0) }
        bias = weights.weight(of: Int32(count), for: 0)
        self.families = families
        votes = Self.votes(of: danger)
    }

    private static func wordHashes(_ words: ArraySlice<FoldedText.Word>) -> [UInt64] {
        FeatureSpace.wordHashes(of: words, reach: reach)
    }

    private static func votes(of danger: [[String]]) -> [UInt64: [(family: Int32, weight: Float)]] {
        var counts: [UInt64: [Int32: Float]] = [:]
        for (number, lines) in danger.enumerated() {
            for word in lines.flatMap({ Set(FoldedText($0, keepsSymbols: true).words.map(\.hash)) }) {
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
            let piece = text.words[start..<end]
            let ofParts = parts.sum(FeatureSpace.partHashes(of: piece, in: text))
            let weight = bias + self.words.sum(Self.wordHashes(piece)) + ofParts
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
