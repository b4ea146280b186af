// SPDX-License-Identifier: Apache-2.0

/// Why an utterance was taken to mean an intent.
public struct IntentExplanation: Sendable, Hashable {
    /// What decided.
    public enum Evidence: Sendable, Hashable {
        /// The words are those of the intent's example of that number.
        case example(Int)
        /// The intent's pattern of that number matches.
        case pattern(Int)
        /// The classifier.
        case likeness
        /// Nothing in the utterance resembles any example.
        case nothing
    }

    /// A word, a pair of words or a part of a word, and how much it speaks for the best intent (against it if negative).
    public struct Feature: Sendable, Hashable {
        /// As it was read: `see a`, `doct~` for a part of a word.
        public let text: String
        /// Its share of the margin.
        public let weight: Double
    }

    /// An example that resembles the utterance.
    public struct Neighbour: Sendable, Hashable {
        /// Its intent.
        public let intent: String
        /// Its number among the examples of that intent.
        public let example: Int
        /// 0...1; 1 is the same words.
        public let likeness: Double
    }

    /// The decision that is explained.
    public let decision: IntentDecision
    /// What decided for the best intent.
    public let evidence: Evidence
    /// What speaks for the best intent and against it, the strongest first.
    public let features: [Feature]
    /// The examples of the best intents that resemble the utterance most.
    public let neighbours: [Neighbour]
}

extension IntentModel {
    /// Explains the decision about `text`; `intents` are those the model was fitted from.
    ///
    /// Reads all examples again, so it is for people who ask, not for every message.
    public func explain(_ text: String, intents: [IntentExamples]) -> IntentExplanation {
        let decision = decide(text)
        let folded = FoldedText(text)
        guard let best = decision.ranking.first?.intent, let number = names.firstIndex(of: best),
            !folded.words.isEmpty
        else {
            return IntentExplanation(decision: decision, evidence: .nothing, features: [], neighbours: [])
        }
        let vector = vector(of: folded)
        return IntentExplanation(
            decision: decision,
            evidence: evidence(
                text, folded, intents.first { $0.id == best }, isEmpty: vector.indices.isEmpty),
            features: features(of: folded, vector, number),
            neighbours: neighbours(of: vector, in: intents, among: decision.ranking.prefix(3).map(\.intent)))
    }

    private func evidence(_ text: String, _ folded: FoldedText, _ intent: IntentExamples?, isEmpty: Bool)
        -> IntentExplanation.Evidence
    {
        let key = TrainingCorpus.key(folded)
        if let same = intent?.examples.firstIndex(where: { TrainingCorpus.key(FoldedText($0.text)) == key }) {
            return .example(same)
        }
        if let pattern = intent?.patterns.firstIndex(where: { $0.matches(text) }) { return .pattern(pattern) }
        return isEmpty ? .nothing : .likeness
    }

    private func features(of folded: FoldedText, _ vector: FeatureVector, _ intent: Int)
        -> [IntentExplanation.Feature]
    {
        var shares: [Int32: Double] = [:]
        for (feature, value) in zip(vector.indices, vector.values) {
            shares[feature] = Double(value * weights.weight(of: feature, for: intent))
        }
        var found: [String: Double] = [:]
        for (hash, name) in FeatureSpace.named(folded) {
            guard let share = shares[space.number(of: hash)], abs(share) >= 0.005 else { continue }
            found[name] = share
        }
        return found.map { IntentExplanation.Feature(text: $0.key, weight: $0.value) }
            .sorted { (abs($1.weight), $0.text) < (abs($0.weight), $1.text) }
    }

    private static func square(_ vector: FeatureVector) -> Float {
        vector.values.reduce(Float(0)) { $0 + $1 * $1 }
    }

    private func neighbours(of vector: FeatureVector, in intents: [IntentExamples], among names: [String])
        -> [IntentExplanation.Neighbour]
    {
        let values = Dictionary(zip(vector.indices, vector.values)) { first, _ in first }
        let square = Self.square(vector)
        var found: [IntentExplanation.Neighbour] = []
        for intent in intents where names.contains(intent.id) {
            for (number, example) in intent.examples.enumerated() {
                let other = self.vector(of: FoldedText(example.text))
                var product: Float = 0
                for (feature, value) in zip(other.indices, other.values) {
                    product += value * (values[feature] ?? 0)
                }
                let length = (square * Self.square(other)).squareRoot()
                let likeness = length > 0 ? Double(min(1, product / length)) : 0
                guard likeness > 0.05 else { continue }
                // Two texts of the same features may differ in the last digit of their length.
                found.append(
                    .init(intent: intent.id, example: number, likeness: likeness > 0.99999 ? 1 : likeness))
            }
        }
        found.sort { ($1.likeness, $0.intent, $0.example) < ($0.likeness, $1.intent, $1.example) }
        return Array(found.prefix(5))
    }
}
