// SPDX-License-Identifier: Apache-2.0

/// What an author says an intent looks like.
public struct IntentExamples: Sendable, Hashable {
    /// The intent's name.
    public let id: String
    /// Utterances that mean it, with the entities marked in them.
    public let examples: [MarkedExample]
    /// Patterns that mean it wherever they match.
    public let patterns: [Pattern]

    /// An intent of plain examples.
    public init(id: String, examples: [String], patterns: [Pattern] = []) {
        self.init(id: id, marked: examples.map { MarkedExample(text: $0) }, patterns: patterns)
    }

    /// An intent of examples whose mark-up was read.
    public init(id: String, marked: [MarkedExample], patterns: [Pattern] = []) {
        self.id = id
        examples = marked
        self.patterns = patterns
    }
}

/// One intent with how well it fits, 0...1.
public struct IntentMatch: Sendable, Hashable {
    /// The intent's name.
    public let intent: String
    /// How well it fits, 0...1; below 0.5 it is out of scope.
    public let score: Double

    /// A match as found, or as a test wants it.
    public init(intent: String, score: Double) {
        self.intent = intent
        self.score = score
    }
}

/// What an utterance was taken to mean.
public struct IntentDecision: Sendable, Hashable {
    /// The intent, or nil if the utterance fits none.
    public let intent: String?
    /// The score of the best intent, 0...1, also when it is below one half and `intent` is nil.
    public let score: Double
    /// The best five, best first.
    public let ranking: [IntentMatch]

    /// A decision as made, or as a test wants it.
    public init(intent: String?, score: Double, ranking: [IntentMatch]) {
        self.intent = intent
        self.score = score
        self.ranking = ranking
    }
}

/// Decides which intent an utterance means.
///
/// Fitted once from examples, then immutable.
///
/// Evidence in order: the same words as an example (score 1), a pattern (0.95 and up), the linear classifier, whose
/// margins are mapped to scores by `Calibration`. The same examples give the same model on every machine.
public final class IntentModel: Sendable {
    let names: [String]
    private let patterns: [[Pattern]]
    let space: FeatureSpace
    let weights: LinearWeights
    private let calibration: Calibration
    private let exact: HashIndex
    private let contentWords: ContentWords
    private let words: WordVectors?

    /// Fits the model.
    ///
    /// `outOfScope` are utterances that mean none of the intents; they are welcome but not needed.
    ///
    /// With a table of `words` it knows that a physician is a doctor; the table is used while examples are few.
    public init(_ intents: [IntentExamples], outOfScope: [String] = [], words: WordVectors? = nil) {
        let examples = intents.reduce(0) { $0 + $1.examples.count }
        // With fifty examples for each intent they say it themselves, and fitting would take four times as long.
        let words = examples <= Self.wordsUpTo * max(1, intents.count) && examples <= 5_000 ? words : nil
        self.words = words
        names = intents.map(\.id)
        patterns = intents.map(\.patterns)
        let corpus = TrainingCorpus(intents, outOfScope: outOfScope, words: words)
        var space = FeatureSpace()
        let rows = space.fit(corpus.hashes, meanings: corpus.meanings)
        let trainer = LinearTrainer(rows, featureCount: space.count)
        weights = trainer.train(corpus.labels, classCount: intents.count)
        calibration = Calibration(
            HeldOutMargins(rows: rows, labels: corpus.labels, weights: weights).samples())
        self.space = space
        exact = corpus.exact
        contentWords = corpus.contentWords
    }

    /// What `text` means.
    public func decide(_ text: String) -> IntentDecision {
        let folded = FoldedText(text)
        guard !folded.words.isEmpty, !names.isEmpty else {
            return decide(folded, text, scores: names.map { _ in 0 })
        }
        let margins = weights.margins(vector(of: folded))
        // Whoever knows what words mean need not have met them.
        let share = words == nil && contentWords.isForeign(folded) ? 0.4 : 1.0
        let scores = margins.map { share * calibration.score(margin: Double($0)) }
        return decide(folded, text, scores: scores)
    }

    private static let wordsUpTo = 50

    /// A text as the classifier sees it.
    func vector(of folded: FoldedText) -> FeatureVector {
        space.vector(FeatureSpace.hashes(of: folded), meaning: words?.vector(of: folded))
    }

    private func decide(_ folded: FoldedText, _ text: String, scores: [Double]) -> IntentDecision {
        var scores = scores
        let same = folded.words.isEmpty ? -1 : exact.find(TrainingCorpus.key(folded))
        for number in scores.indices {
            if patterns[number].contains(where: { $0.matches(text) }) {
                scores[number] = 0.95 + 0.04 * scores[number]
            }
        }
        if same >= 0 { scores[Int(same)] = 1 }
        let order = scores.indices.sorted { (scores[$0], -$0) > (scores[$1], -$1) }.prefix(5)
        let ranking = order.map { IntentMatch(intent: names[$0], score: scores[$0]) }
        let score = ranking.first?.score ?? 0
        return IntentDecision(
            intent: score >= 0.5 ? ranking.first?.intent : nil, score: score, ranking: ranking)
    }
}
