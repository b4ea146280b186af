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
        /// It counts only where the examples agree.
        var isHint = false
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
    /// In how many elements a word stands first, by its number.
    private var use: [Int] = []

    /// Adds one part of a phrase as all its readings.
    mutating func add(_ part: [SafetyNotation.Element], _ target: Target, _ lexicon: SafetyLexicon) {
        for reading in Self.readings(part) {
            let start = elements.count
            let kept = reading.filter { !Self.isDropped($0, lexicon) }
            for element in (kept.isEmpty ? reading : kept).prefix(Self.maxElements) {
                append(element, lexicon)
            }
            guard elements.count > start else { continue }
            phrases.append(Phrase(elements: span(start, elements.count), target: target))
        }
    }

    /// Chooses the anchors, when all phrases are in.
    mutating func finish(_ lexicon: SafetyLexicon) {
        use += Array(repeating: 0, count: max(0, lexicon.roles.count - use.count))
        var weights = AnchorWeights(lexicon)
        let counting = lexicon.counting
        var found: [(word: Int32, item: Anchor)] = []
        var direct: [(word: Int32, item: Target)] = []
        // The last phrase that a word leads to, so that none is noted twice.
        var noted = [Int32](repeating: -1, count: lexicon.roles.count)
        for (number, phrase) in phrases.enumerated() {
            let places = Int(phrase.elements.start)..<Int(phrase.elements.end)
            let rarest = places.min { weight($0, &weights) < weight($1, &weights) } ?? places.lowerBound
            let element = elements[rarest]
            let isMember = places.count == 1 && phrase.target.combination >= 0
            let anchor = Anchor(phrase: Int32(number), element: Int32(rarest - places.lowerBound))
            func note(_ word: Int32) {
                guard noted[Int(word)] != anchor.phrase else { return }
                noted[Int(word)] = anchor.phrase
                found.append((word, anchor))
            }
            for sequence in sequences[element.sequences] { note(words[Int(sequence.start)]) }
            if element.low <= element.high {
                note(lexicon.numeral)
                for word in counting
                where lexicon.values[Int(word)] >= element.low && lexicon.values[Int(word)] <= element.high {
                    note(word)
                }
            }
            for word in words[element.singles] {
                if isMember { direct.append((word, phrase.target)) } else { note(word) }
            }
        }
        (anchors, anchorStarts) = Self.byWord(found, lexicon.roles.count)
        (members, memberStarts) = Self.byWord(direct, lexicon.roles.count)
        use = []
        lists = [:]
    }

    /// `items` in the order of their words, and where those of each word begin.
    private static func byWord<Item>(_ items: [(word: Int32, item: Item)], _ words: Int) -> ([Item], [Int32])
    {
        var starts = [Int32](repeating: 0, count: words + 1)
        for (word, _) in items { starts[Int(word) + 1] += 1 }
        for word in 0..<words { starts[word + 1] += starts[word] }
        var next = starts
        var order = [Int](repeating: 0, count: items.count)
        for (place, item) in items.enumerated() {
            order[Int(next[Int(item.word)])] = place
            next[Int(item.word)] += 1
        }
        return (order.map { items[$0].item }, starts)
    }

    // MARK: Compiling

    /// With and without each optional element; the gap before one that is left out stays.
    private static func readings(_ part: [SafetyNotation.Element]) -> [[SafetyNotation.Element]] {
        guard part.contains(where: \.isOptional) else { return [part] }
        var readings: [(elements: [SafetyNotation.Element], gap: Int)] = [([], 0)]
        for element in part {
            let with = readings.map { reading in
                var next = element
                next.gap = reading.elements.isEmpty ? 0 : max(element.gap, reading.gap)
                return (reading.elements + [next], 0)
            }
            let without = readings.map { ($0.elements, max($0.gap, element.gap)) }
            readings = element.isOptional ? with + without : with
        }
        return readings.map(\.elements).filter { !$0.isEmpty }
    }

    private func span(_ start: Int, _ end: Int) -> Span { Span(start: Int32(start), end: Int32(end)) }

    private mutating func append(_ element: SafetyNotation.Element, _ lexicon: SafetyLexicon) {
        if let list = element.list, var known = lists[list] {
            known.gap = Int32(element.gap)
            elements.append(known)
            return
        }
        defer { if let list = element.list { lists[list] = elements[elements.count - 1] } }
        var singles: [Int32] = []
        var turns: [[Int32]] = []
        for numbers in element.alternatives {
            if numbers.count == 1 {
                singles.append(numbers[0])
                continue
            }
            let kept = numbers.filter { !lexicon.roles[Int($0)].contains(.dropped) }
            let chosen = kept.isEmpty ? numbers : kept
            if chosen.count == 1 { singles.append(chosen[0]) } else { turns.append(chosen) }
        }
        let firstWord = words.count
        singles.sort()
        for single in singles where words.count == firstWord || words[words.count - 1] != single {
            words.append(single)
            count(single)
        }
        let firstTurn = sequences.count
        let singleSpan = span(firstWord, words.count)
        for turn in turns.sorted(by: { $0.count > $1.count }) {
            sequences.append(span(words.count, words.count + turn.count))
            words += turn
            count(turn[0])
        }
        elements.append(
            Element(
                singles: singleSpan, sequences: span(firstTurn, sequences.count),
                low: element.range?.lowerBound ?? 1, high: element.range?.upperBound ?? 0,
                gap: Int32(element.gap),
                isEnd: element.isEnd))
    }

    private mutating func count(_ word: Int32) {
        if use.count <= Int(word) { use += Array(repeating: 0, count: Int(word) + 1024 - use.count) }
        use[Int(word)] += 1
    }

    private static func isDropped(_ element: SafetyNotation.Element, _ lexicon: SafetyLexicon) -> Bool {
        element.range == nil && !element.isEnd
            && element.alternatives.allSatisfy { alternative in
                alternative.count == 1 && lexicon.roles[Int(alternative[0])].contains(.dropped)
            }
    }

    /// How many phrases the words of an element lead to, about; the words of a list are counted once.
    private func weight(_ place: Int, _ weights: inout AnchorWeights) -> Int {
        let element = elements[place]
        let base = element.isEnd ? 1_000_000 : element.low <= element.high ? 50_000 : 0
        let count =
            element.singles.end - element.singles.start + element.sequences.end - element.sequences.start
        let key = Int64(element.singles.start) << 32 | Int64(element.sequences.start)
        if count > 8, let known = weights.known[key] { return base + known }
        var sum = 0
        for word in words[element.singles] { sum += use[Int(word)] + weights.own[Int(word)] }
        for sequence in sequences[element.sequences] {
            let word = Int(words[Int(sequence.start)])
            sum += use[word] + weights.own[word]
        }
        if count > 8 { weights.known[key] = sum }
        return base + sum
    }
}

/// What it costs to look for phrases at a word, before counting phrases.
private struct AnchorWeights {
    let own: [Int]
    var known: [Int64: Int] = [:]

    init(_ lexicon: SafetyLexicon) { own = lexicon.roles.map { $0.contains(.everyday) ? 500 : 1 } }
}

extension Array {
    fileprivate subscript(span: SafetyRules.Span) -> ArraySlice<Element> {
        self[Int(span.start)..<Int(span.end)]
    }
}
