// SPDX-License-Identifier: Apache-2.0

/// All texts a model learns from, with the intent of each (-1: none).
struct TrainingCorpus {
    private(set) var hashes: [[UInt64]] = []
    private(set) var labels: [Int] = []
    /// What the intents' own examples speak of.
    let contentWords: ContentWords
    private(set) var exact = HashIndex(minimumCapacity: 64)
    /// From here on the texts are the built-in background.
    let backgroundStart: Int

    init(_ intents: [IntentExamples], outOfScope: [String]) {
        var texts: [FoldedText] = []
        for (number, intent) in intents.enumerated() {
            for example in intent.examples {
                let folded = FoldedText(example.text)
                guard !folded.words.isEmpty else { continue }
                texts.append(folded)
                labels.append(number)
                hashes.append(FeatureSpace.hashes(of: folded, entities: example.marks.map(\.entity)))
                exact.insert(Self.key(folded), Int32(number))
            }
        }
        contentWords = ContentWords(texts)
        for text in outOfScope {
            hashes.append(FeatureSpace.hashes(of: FoldedText(text)))
            labels.append(-1)
        }
        backgroundStart = hashes.count
        for sentence in BackgroundExamples.sentences(without: texts) {
            hashes.append(FeatureSpace.hashes(of: sentence))
            labels.append(-1)
        }
    }

    /// The identity of a text: its words in order.
    static func key(_ text: FoldedText) -> UInt64 {
        text.words.reduce(FNV.start) { ($0 ^ $1.hash) &* 0x9E37_79B9_7F4A_7C15 }
    }
}

/// Finds out how margins look for utterances the model has not seen.
///
/// Each round holds back every third example, and every fifth intent whole: the first show what being understood looks
/// like, the second what an unknown wish looks like.
struct CrossValidation {
    let trainer: LinearTrainer
    let rows: [FeatureVector]
    let corpus: TrainingCorpus
    let classCount: Int

    private static let rounds = 3
    private static let groups = 5
    private static let unknownShare = 0.3
    /// Beyond this much work (classes x examples) one round tells enough.
    private static let oneRoundFrom = 400_000

    func calibration() -> Calibration {
        guard classCount > 0, corpus.backgroundStart >= 2 * classCount else { return Calibration([]) }
        let rounds = classCount * rows.count > Self.oneRoundFrom ? 1 : Self.rounds
        var samples: [Calibration.Sample] = []
        for round in 0..<rounds { samples += measure(round) }
        return Calibration(balanced(samples))
    }

    private func measure(_ round: Int) -> [Calibration.Sample] {
        let heldClasses =
            classCount >= Self.groups ? Set((0..<classCount).filter { $0 % Self.groups == round }) : []
        let ordinals = ordinalInClass()
        func isHeld(_ row: Int) -> Bool {
            ordinals[row] % Self.rounds == round || heldClasses.contains(corpus.labels[row])
        }
        let subset = rows.indices.filter { !isHeld($0) }.map { Int32($0) }
        let weights = trainer.train(
            corpus.labels, classCount: classCount, subset: subset, skipped: heldClasses)
        return rows.indices.filter(isHeld).map { sample($0, weights, heldClasses) }
    }

    private func sample(_ row: Int, _ weights: LinearWeights, _ heldClasses: Set<Int>) -> Calibration.Sample {
        let margins = weights.margins(rows[row])
        let order = margins.indices.sorted { margins[$0] > margins[$1] }
        let best = order.first ?? 0
        let rival = order.count > 1 ? margins[order[1]] : -.infinity
        let lead = rival.isFinite ? Double(margins[best] - rival) : 1
        let label = corpus.labels[row]
        let isRight = label == best && !heldClasses.contains(label)
        return .init(margin: Double(margins[best]), lead: lead, isRight: isRight, weight: 1)
    }

    /// The sides are weighed whatever their number.
    ///
    /// Wishes held back whole are near siblings of the rest, harder to tell
    /// apart than what people really say out of scope, so they count for less.
    private func balanced(_ samples: [Calibration.Sample]) -> [Calibration.Sample] {
        let right = Double(samples.count { $0.isRight })
        let wrong = Double(samples.count) - right
        guard right > 0, wrong > 0 else { return [] }
        let strength = min(Double(samples.count), 200) / 2
        return samples.map { sample in
            let share = sample.isRight ? strength / right : Self.unknownShare * strength / wrong
            return .init(margin: sample.margin, lead: sample.lead, isRight: sample.isRight, weight: share)
        }
    }

    private func ordinalInClass() -> [Int] {
        var seen: [Int: Int] = [:]
        return corpus.labels.map { label in
            seen[label, default: -1] += 1
            return seen[label] ?? 0
        }
    }
}
