// SPDX-License-Identifier: Apache-2.0

/// The phrases of all families, compiled to word numbers and found in one pass over a text.
///
/// Articles and possessives are left out of phrases and skipped in texts together with words of emphasis, so "crushing
/// feeling in my chest" is found in "a really crushing feeling in the chest". Each phrase is looked for only where its
/// rarest word stands: of two thousand phrases a message tries a handful. Everything lies in flat arrays of plain values;
/// arrays inside phrases cost three times as much, in reference counts alone.
struct SafetyRules: Sendable {
    /// What it means that a phrase was found.
    struct Target: Sendable, Hashable {
        let family: Int32
        /// The combination this is a member of, or -1 if the phrase is dangerous alone.
        let combination: Int32
        let group: Int32
        /// A turn of speech that makes the family's other phrases harmless.
        var isException = false
    }

    /// One word of a phrase, or what may stand in its place.
    struct Element: Sendable {
        /// Single words, sorted, in `words`.
        var singles: Span
        /// Turns of phrase in `sequences`, longest first.
        var sequences: Span
        /// A number in this range; empty if `low` is above `high`.
        var low: Float
        var high: Float
        /// So many other words may stand before it.
        var gap: Int32
        /// Nothing of the clause may follow.
        var isEnd: Bool
    }

    /// A part of a flat array.
    struct Span: Sendable {
        var start: Int32
        var end: Int32
        var isEmpty: Bool { start == end }
    }

    struct Phrase: Sendable {
        let elements: Span
        let target: Target
    }

    /// A phrase to be tried where a word stands, and which of its elements that word is.
    struct Anchor: Sendable {
        let phrase: Int32
        let element: Int32
    }

    /// The longest part of a phrase; what is longer is cut.
    static let maxElements = 16

    private(set) var phrases: [Phrase] = []
    private(set) var elements: [Element] = []
    private(set) var words: [Int32] = []
    private(set) var sequences: [Span] = []
    /// Anchors by word number, one list behind the other.
    private(set) var anchors: [Anchor] = []
    private(set) var anchorStarts: [Int32] = []
    /// Members of combinations that are this one word, by word number: nothing is left to try.
    private(set) var members: [Target] = []
    private(set) var memberStarts: [Int32] = []
    /// Word lists as they were compiled first.
    private var lists: [String: Element] = [:]
    /// In how many elements a word stands first.
    private var use: [Int32: Int] = [:]

    /// Adds one part of a phrase as all its readings.
    mutating func add(_ part: [SafetyNotation.Element], _ target: Target, to lexicon: inout SafetyLexicon) {
        for reading in Self.readings(part) {
            let start = elements.count
            let kept = reading.filter { !Self.isDropped($0, lexicon) }
            for element in (kept.isEmpty ? reading : kept).prefix(Self.maxElements) {
                append(element, &lexicon)
            }
            guard elements.count > start else { continue }
            phrases.append(Phrase(elements: span(start, elements.count), target: target))
        }
    }

    /// Chooses the anchors, when all phrases are in.
    mutating func finish(_ lexicon: SafetyLexicon) {
        var lists: [[Anchor]] = Array(repeating: [], count: lexicon.roles.count)
        var direct: [[Target]] = Array(repeating: [], count: lexicon.roles.count)
        for (number, phrase) in phrases.enumerated() {
            let places = Int(phrase.elements.start)..<Int(phrase.elements.end)
            let rarest =
                places.min { weight(elements[$0], lexicon) < weight(elements[$1], lexicon) }
                ?? places.lowerBound
            let element = elements[rarest]
            var firsts = Set(
                sequences[element.sequences].map { words[Int($0.start)] } + numbers(element, lexicon))
            if places.count == 1, phrase.target.combination >= 0 {
                for word in words[element.singles] { direct[Int(word)].append(phrase.target) }
            } else {
                firsts.formUnion(words[element.singles])
            }
            let anchor = Anchor(phrase: Int32(number), element: Int32(rarest - places.lowerBound))
            for word in firsts { lists[Int(word)].append(anchor) }
        }
        (anchors, anchorStarts) = Self.flattened(lists)
        (members, memberStarts) = Self.flattened(direct)
        use = [:]
        self.lists = [:]
    }

    private static func flattened<Item>(_ lists: [[Item]]) -> ([Item], [Int32]) {
        var flat: [Item] = []
        var starts: [Int32] = [0]
        for list in lists {
            flat += list
            starts.append(Int32(flat.count))
        }
        return (flat, starts)
    }

    // MARK: Compiling

    /// With and without each optional element.
    private static func readings(_ part: [SafetyNotation.Element]) -> [[SafetyNotation.Element]] {
        var readings: [[SafetyNotation.Element]] = [[]]
        for element in part {
            let with = readings.map { $0 + [element] }
            readings = element.isOptional ? with + readings : with
        }
        return readings.filter { !$0.isEmpty }
    }

    private func span(_ start: Int, _ end: Int) -> Span { Span(start: Int32(start), end: Int32(end)) }

    private mutating func append(_ element: SafetyNotation.Element, _ lexicon: inout SafetyLexicon) {
        if let list = element.list, var known = lists[list] {
            known.gap = Int32(element.gap)
            elements.append(known)
            return
        }
        defer { if let list = element.list { lists[list] = elements[elements.count - 1] } }
        var singles: Set<Int32> = []
        var turns: [[Int32]] = []
        for alternative in element.alternatives {
            let numbers = alternative.map { lexicon.add(Array($0.utf8)) }
            let kept = numbers.filter { !lexicon.roles[Int($0)].contains(.dropped) }
            let chosen = kept.isEmpty ? numbers : kept
            if chosen.count == 1 { singles.insert(chosen[0]) } else { turns.append(chosen) }
        }
        let firstWord = words.count
        words += singles.sorted()
        let firstTurn = sequences.count
        let singleSpan = span(firstWord, words.count)
        for turn in turns.sorted(by: { $0.count > $1.count }) {
            sequences.append(span(words.count, words.count + turn.count))
            words += turn
        }
        for word in Array(singles) + turns.map({ $0[0] }) { use[word, default: 0] += 1 }
        elements.append(
            Element(
                singles: singleSpan, sequences: span(firstTurn, sequences.count),
                low: element.range?.lowerBound ?? 1, high: element.range?.upperBound ?? 0,
                gap: Int32(element.gap),
                isEnd: element.isEnd))
    }

    private static func isDropped(_ element: SafetyNotation.Element, _ lexicon: SafetyLexicon) -> Bool {
        element.range == nil && !element.isEnd
            && element.alternatives.allSatisfy { alternative in
                let number = lexicon.exact(FNV.hash(alternative[0].utf8))
                return alternative.count == 1 && number >= 0 && lexicon.roles[Int(number)].contains(.dropped)
            }
    }

    private func weight(_ element: Element, _ lexicon: SafetyLexicon) -> Int {
        let firsts = words[element.singles] + sequences[element.sequences].map { words[Int($0.start)] }
        return firsts.reduce(element.isEnd ? 1_000_000 : element.low <= element.high ? 50_000 : 0) {
            sum, word in
            sum + (use[word] ?? 0) + (lexicon.roles[Int(word)].contains(.everyday) ? 500 : 1)
        }
    }

    private func numbers(_ element: Element, _ lexicon: SafetyLexicon) -> [Int32] {
        guard element.low <= element.high else { return [] }
        let named = lexicon.values.indices.filter {
            lexicon.values[$0] >= element.low && lexicon.values[$0] <= element.high
        }
        return [lexicon.numeral] + named.map(Int32.init)
    }
}

extension Array {
    fileprivate subscript(span: SafetyRules.Span) -> [Element] {
        Array(self[Int(span.start)..<Int(span.end)])
    }
}
