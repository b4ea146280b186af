// SPDX-License-Identifier: Apache-2.0

/// One sentence of an utterance: the words between two full stops.
struct SafetySentence {
    let start: Int
    let end: Int
    let tokens: UnsafeBufferPointer<SafetyToken>
    let roles: UnsafeBufferPointer<ScopeRole>

    @inline(__always)
    func has(_ role: ScopeRole, at position: Int) -> Bool {
        guard position >= start, position < end else { return false }
        let number = tokens[position].number
        return number >= 0 && !roles[Int(number)].isDisjoint(with: role)
    }

    func isWord(_ position: Int, _ word: String) -> Bool {
        position >= start && position < end && tokens[position].word == FNV.hash(word.utf8)
    }

    func isWord(_ position: Int, in words: [String]) -> Bool { words.contains { isWord(position, $0) } }

    /// Whether `position` and the one before stand in the same clause.
    @inline(__always)
    func joins(_ position: Int) -> Bool {
        position > start && position < end && tokens[position].cut == .none
    }

    /// A word that may stand between two words of a phrase: emphasis, or a stray letter.
    @inline(__always)
    func isFiller(_ position: Int) -> Bool {
        let token = tokens[position]
        return token.number >= 0 ? roles[Int(token.number)].contains(.filler) : token.to - token.from == 1
    }
}

/// The compiled phrases, as plain memory.
struct SafetyTables {
    let phrases: UnsafeBufferPointer<SafetyRules.Phrase>
    let elements: UnsafeBufferPointer<SafetyRules.Element>
    let words: UnsafeBufferPointer<Int32>
    let sequences: UnsafeBufferPointer<SafetyRules.Span>
    let anchors: UnsafeBufferPointer<SafetyRules.Anchor>
    let anchorStarts: UnsafeBufferPointer<Int32>
    let members: UnsafeBufferPointer<SafetyRules.Target>
    let memberStarts: UnsafeBufferPointer<Int32>

    static func with(_ rules: SafetyRules, _ body: (SafetyTables) -> Void) {
        rules.phrases.withUnsafeBufferPointer { phrases in
            rules.elements.withUnsafeBufferPointer { elements in
                rules.words.withUnsafeBufferPointer { words in
                    rules.sequences.withUnsafeBufferPointer { sequences in
                        rules.anchors.withUnsafeBufferPointer { anchors in
                            rules.anchorStarts.withUnsafeBufferPointer { anchorStarts in
                                rules.members.withUnsafeBufferPointer { members in
                                    rules.memberStarts.withUnsafeBufferPointer { memberStarts in
                                        body(
                                            SafetyTables(
                                                phrases: phrases, elements: elements, words: words,
                                                sequences: sequences, anchors: anchors,
                                                anchorStarts: anchorStarts,
                                                members: members, memberStarts: memberStarts))
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Tries phrases at words of a sentence.
struct SafetyMatcher {
    let tables: SafetyTables
    let sentence: SafetySentence
    /// Where each element stands, of the phrase tried last.
    private var lowers = SIMD16<Int32>()
    private var uppers = SIMD16<Int32>()
    /// Words of emphasis skipped between two words of a phrase.
    private static let maxSkipped = 3

    init(tables: SafetyTables, sentence: SafetySentence) {
        self.tables = tables
        self.sentence = sentence
    }

    /// Whether the phrase stands where its `anchor`th element is at `position`.
    mutating func matches(_ phrase: SafetyRules.Phrase, anchor: Int, at position: Int) -> Bool {
        guard let end = end(of: element(anchor, phrase), at: position) else { return false }
        lowers[anchor] = Int32(position)
        uppers[anchor] = Int32(end)
        return matchRight(anchor + 1, end, phrase) && matchLeft(anchor - 1, position, phrase)
    }

    /// The words of the phrase that matched last, first to last.
    func whole(_ phrase: SafetyRules.Phrase) -> Range<Int> {
        let last = Int(phrase.elements.end - phrase.elements.start) - 1
        let end = element(last, phrase).isEnd && last > 0 ? last - 1 : last
        return Int(lowers[0])..<Int(uppers[end])
    }

    /// The same, cut at the gaps.
    func parts(_ phrase: SafetyRules.Phrase) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        for index in 0..<Int(phrase.elements.end - phrase.elements.start) {
            let element = element(index, phrase)
            if element.isEnd { continue }
            let range = Int(lowers[index])..<Int(uppers[index])
            if let last = parts.last, element.gap == 0 {
                parts[parts.count - 1] = last.lowerBound..<range.upperBound
            } else {
                parts.append(range)
            }
        }
        return parts
    }

    @inline(__always)
    private func element(_ index: Int, _ phrase: SafetyRules.Phrase) -> SafetyRules.Element {
        tables.elements[Int(phrase.elements.start) + index]
    }

    private mutating func matchRight(_ index: Int, _ position: Int, _ phrase: SafetyRules.Phrase) -> Bool {
        guard index < Int(phrase.elements.end - phrase.elements.start) else { return true }
        let wanted = element(index, phrase)
        if wanted.isEnd { return position >= sentence.end || sentence.tokens[position].cut != .none }
        var next = position
        for _ in 0...(wanted.gap > 0 ? Int(wanted.gap) : Self.maxSkipped) {
            guard next < sentence.end else { return false }
            if let end = end(of: wanted, at: next) {
                lowers[index] = Int32(next)
                uppers[index] = Int32(end)
                if matchRight(index + 1, end, phrase) { return true }
            }
            guard wanted.gap > 0 || sentence.isFiller(next) else { return false }
            next += 1
        }
        return false
    }

    private mutating func matchLeft(_ index: Int, _ position: Int, _ phrase: SafetyRules.Phrase) -> Bool {
        guard index >= 0 else { return true }
        let wanted = element(index, phrase)
        let gap = Int(element(index + 1, phrase).gap)
        var next = position
        for _ in 0...(gap > 0 ? gap : Self.maxSkipped) {
            guard next > sentence.start else { return false }
            if let start = start(of: wanted, endingAt: next) {
                lowers[index] = Int32(start)
                uppers[index] = Int32(next)
                if matchLeft(index - 1, start, phrase) { return true }
            }
            next -= 1
            guard gap > 0 || sentence.isFiller(next) else { return false }
        }
        return false
    }

    @inline(__always)
    private func end(of element: SafetyRules.Element, at position: Int) -> Int? {
        let token = sentence.tokens[position]
        if token.value >= element.low && token.value <= element.high { return position + 1 }
        guard token.number >= 0 else { return nil }
        for number in Int(element.sequences.start)..<Int(element.sequences.end) {
            let words = tables.sequences[number]
            if tables.words[Int(words.start)] == token.number, let end = end(of: words, at: position) {
                return end
            }
        }
        return contains(element.singles, token.number) ? position + 1 : nil
    }

    /// The words of a turn of phrase, with one word of emphasis between two of them at most.
    private func end(of words: SafetyRules.Span, at position: Int) -> Int? {
        var next = position + 1
        for index in Int(words.start) + 1..<Int(words.end) {
            let word = tables.words[index]
            if next < sentence.end, sentence.tokens[next].number != word, sentence.isFiller(next) {
                next += 1
            }
            guard next < sentence.end, sentence.tokens[next].number == word else { return nil }
            next += 1
        }
        return next
    }

    private func start(of element: SafetyRules.Element, endingAt position: Int) -> Int? {
        let token = sentence.tokens[position - 1]
        if token.value >= element.low && token.value <= element.high { return position - 1 }
        guard token.number >= 0 else { return nil }
        for number in Int(element.sequences.start)..<Int(element.sequences.end) {
            let words = tables.sequences[number]
            if tables.words[Int(words.end) - 1] == token.number,
                let start = start(of: words, endingAt: position)
            {
                return start
            }
        }
        return contains(element.singles, token.number) ? position - 1 : nil
    }

    private func start(of words: SafetyRules.Span, endingAt position: Int) -> Int? {
        var next = position - 1
        for index in (Int(words.start)..<Int(words.end) - 1).reversed() {
            let word = tables.words[index]
            next -= 1
            if next >= sentence.start, sentence.tokens[next].number != word, sentence.isFiller(next) {
                next -= 1
            }
            guard next >= sentence.start, sentence.tokens[next].number == word else { return nil }
        }
        return next
    }

    @inline(__always)
    private func contains(_ sorted: SafetyRules.Span, _ number: Int32) -> Bool {
        var (low, high) = (Int(sorted.start), Int(sorted.end))
        while low < high {
            let middle = (low + high) / 2
            let word = tables.words[middle]
            if word == number { return true }
            if word < number { low = middle + 1 } else { high = middle }
        }
        return false
    }
}
