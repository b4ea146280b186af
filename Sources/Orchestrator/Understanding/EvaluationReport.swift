// SPDX-License-Identifier: Apache-2.0
package import Intents

/// How well an assistant understands labelled utterances.
package struct EvaluationReport: Sendable, Equatable {
    /// The counts of one intent.
    package struct IntentCounts: Sendable, Equatable {
        /// Utterances that mean it.
        package var support = 0
        /// Of these, how many were taken for it.
        package var right = 0
        /// All that were taken for it.
        package var taken = 0

        /// Of what was taken for it, the share that meant it; nil if nothing was.
        package var precision: Double? { taken == 0 ? nil : Double(right) / Double(taken) }
        /// Of what meant it, the share that was taken for it; nil if nothing did.
        package var recall: Double? { support == 0 ? nil : Double(right) / Double(support) }
    }

    /// Utterances whose best intent scored within a tenth, and how many of these were decided rightly.
    package struct ScoreBand: Sendable, Equatable {
        package var count = 0
        package var right = 0
        package var scoreSum = 0.0

        package var meanScore: Double { count == 0 ? 0 : scoreSum / Double(count) }
        package var share: Double { count == 0 ? 0 : Double(right) / Double(count) }
    }

    /// One meaning taken for another, nil standing for out of scope.
    package struct Confusion: Sendable, Hashable {
        package var meant: String?
        package var taken: String?
    }

    package private(set) var inScope = 0
    package private(set) var inScopeRight = 0
    /// The best intent was the right one, whether or not it reached the threshold.
    package private(set) var inScopeBestRight = 0
    package private(set) var outOfScope = 0
    package private(set) var outOfScopeRefused = 0
    package private(set) var intents: [String: IntentCounts] = [:]
    package private(set) var confusions: [Confusion: Int] = [:]
    /// Ten bands of the score of the best intent.
    package private(set) var bands = Array(repeating: ScoreBand(), count: 10)
    /// The same for utterances in scope alone.
    package private(set) var inScopeBands = Array(repeating: ScoreBand(), count: 10)

    /// How long fitting and understanding took, if measured.
    package var timing: UnderstandingTiming?
    /// The first few thousand utterances, to measure time with.
    package private(set) var texts: [String] = []

    /// A report of nothing yet.
    package init() {}

    /// Counts one utterance.
    package mutating func add(_ meant: String?, _ decision: IntentDecision) {
        let best = decision.ranking.first?.intent
        let isRight = decision.intent == meant
        if let meant {
            inScope += 1
            inScopeRight += isRight ? 1 : 0
            inScopeBestRight += best == meant ? 1 : 0
            intents[meant, default: IntentCounts()].support += 1
            if isRight { intents[meant]?.right += 1 }
        } else {
            outOfScope += 1
            outOfScopeRefused += isRight ? 1 : 0
        }
        decision.intent.map { intents[$0, default: IntentCounts()].taken += 1 }
        if !isRight { confusions[Confusion(meant: meant, taken: decision.intent), default: 0] += 1 }
        count(decision.score, isRight: meant != nil && best == meant, isInScope: meant != nil)
    }

    /// Counts what an assistant makes of an utterance, and keeps the first few thousand to measure time with.
    package mutating func add(_ labelled: LabelledUtterance, as understanding: AssistantUnderstanding) {
        add(labelled.intent, understanding.assistant.model.decide(labelled.text))
        if texts.count < 5_000 { texts.append(labelled.text) }
    }

    private mutating func count(_ score: Double, isRight: Bool, isInScope: Bool) {
        let band = min(9, max(0, Int(score * 10)))
        func add(to band: inout ScoreBand) {
            band.count += 1
            band.right += isRight ? 1 : 0
            band.scoreSum += score
        }
        add(to: &bands[band])
        if isInScope { add(to: &inScopeBands[band]) }
    }

    package var accuracy: Double? { Self.share(inScopeRight, inScope) }
    package var bestAccuracy: Double? { Self.share(inScopeBestRight, inScope) }
    package var outOfScopeRecall: Double? { Self.share(outOfScopeRefused, outOfScope) }

    /// The commonest confusions first, those of equal number by name.
    package var commonestConfusions: [(confusion: Confusion, count: Int)] {
        confusions.sorted {
            ($1.value, $0.key.meant ?? "", $0.key.taken ?? "")
                < ($0.value, $1.key.meant ?? "", $1.key.taken ?? "")
        }.map { ($0.key, $0.value) }
    }

    /// How far scores are from the share that is right, weighed by how many have them (expected calibration error).
    package var calibrationError: Double {
        let total = Double(bands.reduce(0) { $0 + $1.count })
        return total == 0
            ? 0 : bands.reduce(0) { $0 + Double($1.count) * abs($1.meanScore - $1.share) } / total
    }

    private static func share(_ part: Int, _ whole: Int) -> Double? {
        whole == 0 ? nil : Double(part) / Double(whole)
    }
}
