// SPDX-License-Identifier: Apache-2.0

/// The phrases of all families, compiled to word numbers and found in one pass over a text.
///
/// Articles and possessives are left out of phrases and skipped in texts together with words of emphasis, so "crushing
/// feeling in my chest" is found in "a really crushing feeling in the chest". Each phrase is looked for only where its
/// rarest word stands: of two thousand phrases a message tries a handful.
struct SafetyRules: Sendable {
    /// What it means that a phrase was found.
    struct Target: Sendable, Hashable {
        let family: Int
        /// The combination this is a member of, or -1 if the phrase is dangerous alone.
        let combination: Int
        let group: Int
        /// A turn of speech that makes the family's other phrases harmless.
        var isException = false
    }

    struct Element: Sendable {
        var singles: [Int32] = []
        var sequences: [[Int32]] = []
        var range: ClosedRange<Float>?
        var gap = 0
        /// Nothing of the clause may follow.
        var isEnd = false
    }

    struct Phrase: Sendable {
        let elements: [Element]
        let target: Target
    }

    /// A phrase to be tried where a word stands, and which of its elements that word is.
    struct Anchor: Sendable {
        let phrase: Int32
        let element: Int32
    }

    private(set) var phrases: [Phrase] = []
    /// Anchors by word number, one list behind the other.
    private var anchors: [Anchor] = []
    private var starts: [Int32] = []
    /// Members of combinations that are this one word, by word number: nothing is left to try.
    private var members: [Target] = []
    private var memberStarts: [Int32] = []
    private var use: [Int32: Int] = [:]

    /// Adds one part of a phrase as all its readings.
    mutating func add(_ part: [SafetyNotation.Element], _ target: Target, to lexicon: inout SafetyLexicon) {
        for reading in Self.readings(part) {
            let elements = reading.compactMap { compile($0, &lexicon) }
            let kept = elements.filter { !Self.isDropped($0, lexicon) }
            let chosen = kept.isEmpty ? elements : kept
            guard !chosen.isEmpty else { continue }
            for element in chosen { count(element) }
            phrases.append(Phrase(elements: chosen, target: target))
        }
    }

    /// Chooses the anchors, when all phrases are in.
    mutating func finish(_ lexicon: SafetyLexicon) {
        var lists: [[Anchor]] = Array(repeating: [], count: lexicon.roles.count)
        var direct: [[Target]] = Array(repeating: [], count: lexicon.roles.count)
        for (number, phrase) in phrases.enumerated() {
            let isMember = phrase.elements.count == 1 && phrase.target.combination >= 0
            if isMember { for word in phrase.elements[0].singles { direct[Int(word)].append(phrase.target) } }
            let rarest = phrase.elements.indices.min { weight(phrase.elements[$0], lexicon) < weight(phrase.elements[$1], lexicon) }
            guard let element = rarest else { continue }
            let anchor = Anchor(phrase: Int32(number), element: Int32(element))
            let words = firstWords(phrase.elements[element], lexicon)
            for word in Set(words) where !isMember || !phrase.elements[0].singles.contains(word) {
                lists[Int(word)].append(anchor)
            }
            guard isMember else { continue }
            // A word may be both a member and the beginning of a longer one.
            for word in Set(phrase.elements[0].sequences.compactMap(\.first)) where phrase.elements[0].singles.contains(word) {
                lists[Int(word)].append(anchor)
            }
        }
        starts = [0]
        for list in lists {
            anchors += list
            starts.append(Int32(anchors.count))
        }
        memberStarts = [0]
        for list in direct {
            members += list
            memberStarts.append(Int32(members.count))
        }
        use = [:]
    }

    /// The combinations that a word alone is a member of.
    @inline(__always)
    func members(at number: Int32) -> ArraySlice<Target> {
        members[Int(memberStarts[Int(number)])..<Int(memberStarts[Int(number) + 1])]
    }

    /// The phrases to try at a word.
    @inline(__always)
    func anchors(at number: Int32) -> ArraySlice<Anchor> {
        anchors[Int(starts[Int(number)])..<Int(starts[Int(number) + 1])]
    }

    // MARK: Compiling

    /// With and without each optional element; four of them at most.
    private static func readings(_ part: [SafetyNotation.Element]) -> [[SafetyNotation.Element]] {
        var readings: [[SafetyNotation.Element]] = [[]]
        for element in part {
            let with = readings.map { $0 + [element] }
            readings = element.isOptional && readings.count < 16 ? with + readings : with
        }
        return readings.filter { !$0.isEmpty }
    }

    private func compile(_ element: SafetyNotation.Element, _ lexicon: inout SafetyLexicon) -> Element? {
        var compiled = Element(range: element.range, gap: element.gap, isEnd: element.isEnd)
        for words in element.alternatives {
            let numbers = words.map { lexicon.add(Array($0.utf8)) }
            let kept = numbers.filter { !lexicon.roles[Int($0)].contains(.dropped) }
            let chosen = kept.isEmpty || kept.count == 1 && numbers.count == 1 ? numbers : kept
            if chosen.count == 1 { compiled.singles.append(chosen[0]) } else { compiled.sequences.append(chosen) }
        }
        compiled.singles = Array(Set(compiled.singles)).sorted()
        compiled.sequences.sort { $0.count > $1.count }
        return compiled
    }

    private static func isDropped(_ element: Element, _ lexicon: SafetyLexicon) -> Bool {
        element.range == nil && !element.isEnd && element.sequences.isEmpty
            && element.singles.allSatisfy { lexicon.roles[Int($0)].contains(.dropped) }
    }

    private mutating func count(_ element: Element) {
        for word in element.singles { use[word, default: 0] += 1 }
        for words in element.sequences { words.first.map { use[$0, default: 0] += 1 } }
    }

    private func weight(_ element: Element, _ lexicon: SafetyLexicon) -> Int {
        firstWords(element, lexicon).reduce(element.isEnd ? 1_000_000 : element.range == nil ? 0 : 50_000) { sum, word in
            sum + (use[word] ?? 0) + (lexicon.roles[Int(word)].contains(.everyday) ? 500 : 1)
        }
    }

    private func firstWords(_ element: Element, _ lexicon: SafetyLexicon) -> [Int32] {
        var words = element.singles + element.sequences.compactMap(\.first)
        if let range = element.range {
            words.append(lexicon.numeral)
            for number in lexicon.values.indices where range.contains(lexicon.values[number]) { words.append(Int32(number)) }
        }
        return words
    }
}
