// SPDX-License-Identifier: Apache-2.0

/// One search of an utterance for the gravest statement.
struct SafetySearch {
    private let floor: SafetyFloor
    private let countsHints: Bool
    private(set) var best: SafetyFinding?
    /// Combinations seen in part, in the sentence at hand: a bit for each group seen, and where each group stands.
    private var seen: [UInt32] = []
    private var ranges: [(lower: Int32, upper: Int32)] = []
    private var touched: [Int32] = []
    /// Where a family's exceptions stand, in the sentence at hand.
    private var exceptions: [(family: Int, range: Range<Int>)] = []
    /// Statements wait for the end of the sentence, since an exception may follow.
    private var found: [(family: Int, parts: [Range<Int>])] = []
    /// Whether an exception or a scope took back a statement.
    private(set) var tookBack = false
    /// If set, a finding must reach across this word.
    var boundary: Int?
    /// If set, this family is looked for alone.
    var onlyFamily: Int?

    /// The parts of a combination may lie so many words apart.
    private static let maxReach = 24
    /// Statements looked at in one sentence; more of them are repetitions.
    private static let maxStatements = 64

    init(floor: SafetyFloor, countsHints: Bool = true) {
        self.floor = floor
        self.countsHints = countsHints
    }

    mutating func run(_ tokens: [SafetyToken]) {
        SafetyTables.with(floor.rules) { tables in
            tokens.withUnsafeBufferPointer { tokens in
                floor.lexicon.roles.withUnsafeBufferPointer { roles in
                    Self.forEachSentence(tokens, roles) { search($0, tables) }
                }
            }
        }
    }

    /// Ends with the first sentence that holds an emergency.
    static func forEachSentence(
        _ tokens: UnsafeBufferPointer<SafetyToken>, _ roles: UnsafeBufferPointer<ScopeRole>,
        _ body: (SafetySentence) -> SafetyLevel?
    ) {
        var start = 0
        for position in 1..<max(1, tokens.count) where tokens[position].cut == .hard {
            if body(SafetySentence(start: start, end: position, tokens: tokens, roles: roles)) == .emergency {
                return
            }
            start = position
        }
        if start < tokens.count {
            _ = body(SafetySentence(start: start, end: tokens.count, tokens: tokens, roles: roles))
        }
    }

    private mutating func search(_ sentence: SafetySentence, _ tables: SafetyTables) -> SafetyLevel? {
        var matcher = SafetyMatcher(tables: tables, sentence: sentence)
        for position in sentence.start..<sentence.end where sentence.tokens[position].number >= 0 {
            let word = Int(sentence.tokens[position].number)
            for index in Int(tables.memberStarts[word])..<Int(tables.memberStarts[word + 1]) {
                collect(tables.members[index], position..<position + 1, sentence)
            }
            for index in Int(tables.anchorStarts[word])..<Int(tables.anchorStarts[word + 1]) {
                let anchor = tables.anchors[index]
                let phrase = tables.phrases[Int(anchor.phrase)]
                guard matcher.matches(phrase, anchor: Int(anchor.element), at: position) else { continue }
                if phrase.target.combination < 0 {
                    note(phrase.target, matcher.parts(phrase), sentence)
                } else {
                    collect(phrase.target, matcher.whole(phrase), sentence)
                }
            }
        }
        for statement in found { consider(statement.family, statement.parts, sentence) }
        found.removeAll(keepingCapacity: true)
        exceptions.removeAll(keepingCapacity: true)
        for combination in touched { seen[Int(combination)] = 0 }
        touched.removeAll(keepingCapacity: true)
        return best?.level
    }

    private mutating func collect(
        _ target: SafetyRules.Target, _ range: Range<Int>, _ sentence: SafetySentence
    ) {
        if seen.isEmpty {
            seen = Array(repeating: 0, count: floor.groupStarts.count)
            ranges = Array(repeating: (0, 0), count: floor.groupStarts[floor.groupStarts.count - 1])
        }
        let combination = Int(target.combination)
        let start = floor.groupStarts[combination]
        let groups = floor.groupStarts[combination + 1] - start
        var mask = seen[combination]
        if mask == 0 { touched.append(Int32(combination)) }
        mask |= 1 << UInt32(target.group)
        ranges[start + Int(target.group)] = (Int32(range.lowerBound), Int32(range.upperBound))
        let all: UInt32 = groups == 32 ? .max : (1 << UInt32(groups)) - 1
        if mask == all {
            for group in 0..<groups where Int(ranges[start + group].upper) + Self.maxReach < range.lowerBound
            {
                mask &= ~(1 << UInt32(group))
            }
        }
        seen[combination] = mask
        guard mask == all else { return }
        note(target, (start..<start + groups).map { Int(ranges[$0].lower)..<Int(ranges[$0].upper) }, sentence)
    }

    private mutating func note(
        _ target: SafetyRules.Target, _ parts: [Range<Int>], _ sentence: SafetySentence
    ) {
        let family = Int(target.family)
        if let onlyFamily, family != onlyFamily { return }
        if target.isHint, !countsHints { return }
        if target.isException {
            guard let whole = Self.whole(parts), exceptions.count < Self.maxStatements else { return }
            exceptions.append((family, whole))
        } else if found.count < Self.maxStatements {
            found.append((family, parts))
        } else {
            consider(family, parts, sentence)
        }
    }

    /// Records the statement made of `parts` unless a scope cancels it.
    ///
    /// One denied part denies a combination.
    private mutating func consider(_ number: Int, _ parts: [Range<Int>], _ sentence: SafetySentence) {
        let family = floor.families[number]
        guard let whole = Self.whole(parts) else { return }
        if let boundary, whole.lowerBound >= boundary || whole.upperBound <= boundary { return }
        let span = Int(sentence.tokens[whole.lowerBound].from)..<Int(sentence.tokens[whole.upperBound - 1].to)
        guard isGraver(family.level, span, than: best) else { return }
        if isWeakRepair(whole, sentence) { return }
        if isExcepted(number, whole, sentence) {
            tookBack = true
            return
        }
        let scopes = SafetyScopes(sentence: sentence)
        let verdict = scopes.verdict(on: parts, whole: whole, level: family.level, grave: family.grave)
        if verdict == .cancelled {
            tookBack = true
            return
        }
        if floor.ignoresOthers, scopes.concernsOthers(whole) { return }
        let level = verdict == .doubtful ? .possible : family.level
        guard isGraver(level, span, than: best) else { return }
        best = SafetyFinding(level: level, family: family.id, span: span)
    }

    /// One short word alone must be spelt right: `chore` is not `choke`.
    private func isWeakRepair(_ whole: Range<Int>, _ sentence: SafetySentence) -> Bool {
        let token = sentence.tokens[whole.lowerBound]
        return whole.count == 1 && token.isRepaired && token.to - token.from < 6
    }

    private func isExcepted(_ family: Int, _ whole: Range<Int>, _ sentence: SafetySentence) -> Bool {
        exceptions.contains { exception in
            guard exception.family == family else { return false }
            let gap = (
                from: min(whole.upperBound, exception.range.upperBound),
                to: max(whole.lowerBound, exception.range.lowerBound)
            )
            guard gap.to > gap.from else { return true }
            return gap.to - gap.from < 8
                && !(gap.from...gap.to).contains {
                    sentence.tokens[$0].cut != .none || sentence.has(.breaker, at: $0)
                }
        }
    }

    private static func whole(_ parts: [Range<Int>]) -> Range<Int>? {
        guard let lower = parts.map(\.lowerBound).min(), let upper = parts.map(\.upperBound).max() else {
            return nil
        }
        return lower..<upper
    }

    private func isGraver(_ level: SafetyLevel, _ span: Range<Int>, than best: SafetyFinding?) -> Bool {
        guard let best else { return true }
        return level == best.level ? span.lowerBound < best.span.lowerBound : level == .emergency
    }

    // MARK: Patterns

    mutating func runPatterns(_ text: String, _ tokens: [SafetyToken]) {
        for (number, family) in floor.families.enumerated() {
            for pattern in family.patterns {
                for match in pattern.matches(in: text).prefix(8) {
                    considerPattern(number, match.span, tokens)
                }
            }
        }
    }

    private mutating func considerPattern(_ number: Int, _ span: Range<Int>, _ tokens: [SafetyToken]) {
        guard let first = tokens.firstIndex(where: { Int($0.to) > span.lowerBound }),
            let last = tokens.lastIndex(where: { Int($0.from) < span.upperBound }), first <= last
        else { return }
        var start = first
        while start > 0, tokens[start].cut != .hard { start -= 1 }
        let end = (last + 1..<tokens.count).first { tokens[$0].cut == .hard } ?? tokens.count
        tokens.withUnsafeBufferPointer { tokens in
            floor.lexicon.roles.withUnsafeBufferPointer { roles in
                consider(
                    number, [first..<last + 1],
                    SafetySentence(start: start, end: end, tokens: tokens, roles: roles))
            }
        }
    }
}
