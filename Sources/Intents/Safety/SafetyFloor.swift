// SPDX-License-Identifier: Apache-2.0

/// Finds declared emergencies in what people type, before anything else looks at it.
///
/// Text -> folded words -> word numbers (with spelling repair) -> phrases and combinations sentence by sentence -> scopes.
/// Every step is linear in the text. A model may add an alarm to this; nothing may take one away.
public final class SafetyFloor: Sendable {
    private struct Combination: Sendable {
        let family: Int
        let groups: Int
    }

    private let families: [SafetyFamily]
    private let ignoresOthers: Bool
    private let lexicon: SafetyLexicon
    private let phrases: SafetyPhrases
    private let combinations: [Combination]

    /// Compiles `families`.
    ///
    /// With `ignoresOthers`, statements about other people ("patients with chest pain") do not alarm.
    public init(families: [SafetyFamily], ignoresOthers: Bool = false) {
        var lexicon = SafetyLexicon()
        var phrases = SafetyPhrases()
        var combinations: [Combination] = []
        for (number, family) in families.enumerated() {
            for phrase in family.phrases {
                phrases.add(phrase, .init(family: number, combination: -1, group: 0), to: &lexicon)
            }
            for groups in family.combinations where groups.count <= 32 && !groups.isEmpty {
                for (group, members) in groups.enumerated() {
                    let target = SafetyPhrases.Target(
                        family: number, combination: combinations.count, group: group)
                    for member in members { phrases.add(member, target, to: &lexicon) }
                }
                combinations.append(Combination(family: number, groups: groups.count))
            }
        }
        self.families = families
        self.ignoresOthers = ignoresOthers
        self.lexicon = lexicon
        self.phrases = phrases
        self.combinations = combinations
    }

    /// The gravest statement in `text` that nothing next to it takes back: emergencies first, then the earliest.
    public func check(_ text: String) -> SafetyFinding? {
        let folded = FoldedText(text)
        let numbers = folded.words.map { lexicon.number(of: $0, in: folded) }
        var best: SafetyFinding?
        folded.words.withUnsafeBufferPointer { words in
            numbers.withUnsafeBufferPointer { numbers in
                lexicon.roles.withUnsafeBufferPointer { roles in
                    forEachSentence(words) { start, end in
                        let sentence = SafetySentence(
                            start: start, end: end, words: words, numbers: numbers, roles: roles, text: folded
                        )
                        search(sentence, &best)
                        return best?.level != .emergency
                    }
                }
            }
        }
        if best?.level != .emergency { searchPatterns(text, folded, numbers, &best) }
        return best
    }

    private func forEachSentence(
        _ words: UnsafeBufferPointer<FoldedText.Word>, _ body: (Int, Int) -> Bool
    ) {
        var start = 0
        for position in 1..<max(1, words.count) where words[position].cut == .hard {
            guard body(start, position) else { return }
            start = position
        }
        if start < words.count { _ = body(start, words.count) }
    }

    private func search(_ sentence: SafetySentence, _ best: inout SafetyFinding?) {
        var partial: [Int: Partial] = [:]
        for position in sentence.start..<sentence.end where sentence.numbers[position] >= 0 {
            for number in phrases.starting(with: sentence.numbers[position]) {
                let phrase = phrases.phrases[Int(number)]
                guard let end = phrases.end(of: phrase, at: position, in: sentence) else { continue }
                if phrase.target.combination < 0 {
                    consider(phrase.target.family, [position..<end], sentence, &best)
                } else {
                    collect(phrase.target, position..<end, sentence, &partial, &best)
                }
            }
        }
    }

    /// The members of a combination seen so far in one sentence.
    private struct Partial {
        var seen: UInt32 = 0
        var parts: [Range<Int>]
    }

    private func collect(
        _ target: SafetyPhrases.Target, _ range: Range<Int>, _ sentence: SafetySentence,
        _ partial: inout [Int: Partial],
        _ best: inout SafetyFinding?
    ) {
        let groups = combinations[target.combination].groups
        var state = partial[target.combination] ?? Partial(parts: Array(repeating: 0..<0, count: groups))
        state.seen |= 1 << UInt32(target.group)
        state.parts[target.group] = range
        partial[target.combination] = state
        let all: UInt32 = groups == 32 ? .max : (1 << UInt32(groups)) - 1
        if state.seen == all { consider(target.family, state.parts, sentence, &best) }
    }

    /// Records the statement made of `parts` unless a scope cancels it.
    ///
    /// One denied part denies a combination.
    private func consider(
        _ number: Int, _ parts: [Range<Int>], _ sentence: SafetySentence, _ best: inout SafetyFinding?
    ) {
        let family = families[number]
        guard let lower = parts.map(\.lowerBound).min(), let upper = parts.map(\.upperBound).max() else {
            return
        }
        let span = sentence.words[lower].from..<sentence.words[upper - 1].to
        guard isGraver(family.level, span, than: best) else { return }
        let scopes = SafetyScopes(sentence: sentence)
        let whole = lower..<upper
        if parts.contains(where: { scopes.cancels($0, grave: family.grave) }) { return }
        if parts.count > 1, scopes.cancels(whole, grave: family.grave) { return }
        if ignoresOthers, scopes.concernsOthers(whole) { return }
        best = SafetyFinding(level: family.level, family: family.id, span: span)
    }

    private func isGraver(_ level: SafetyLevel, _ span: Range<Int>, than best: SafetyFinding?) -> Bool {
        guard let best else { return true }
        return level == best.level ? span.lowerBound < best.span.lowerBound : level == .emergency
    }

    private func searchPatterns(
        _ text: String, _ folded: FoldedText, _ numbers: [Int32], _ best: inout SafetyFinding?
    ) {
        for (number, family) in families.enumerated() {
            for pattern in family.patterns {
                for match in pattern.matches(in: text).prefix(8) {
                    considerPattern(number, match.span, folded, numbers, &best)
                }
            }
        }
    }

    private func considerPattern(
        _ number: Int, _ span: Range<Int>, _ folded: FoldedText, _ numbers: [Int32],
        _ best: inout SafetyFinding?
    ) {
        let words = folded.words
        guard let first = words.firstIndex(where: { $0.to > span.lowerBound }),
            let last = words.lastIndex(where: { $0.from < span.upperBound }), first <= last
        else { return }
        var start = first
        while start > 0, words[start].cut != .hard { start -= 1 }
        let end = (last + 1..<words.count).first { words[$0].cut == .hard } ?? words.count
        words.withUnsafeBufferPointer { words in
            numbers.withUnsafeBufferPointer { numbers in
                lexicon.roles.withUnsafeBufferPointer { roles in
                    let sentence = SafetySentence(
                        start: start, end: end, words: words, numbers: numbers, roles: roles, text: folded)
                    consider(number, [first..<last + 1], sentence, &best)
                }
            }
        }
    }
}
