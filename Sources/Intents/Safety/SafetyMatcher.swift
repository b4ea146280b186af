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
        position >= start && position < end && tokens[position].hash == FNV.hash(word.utf8)
    }

    func isWord(_ position: Int, in words: [String]) -> Bool { words.contains { isWord(position, $0) } }

    /// Whether `position` and the one before stand in the same clause.
    @inline(__always)
    func joins(_ position: Int) -> Bool { position > start && position < end && tokens[position].cut == .none }
}

/// Tries a phrase at a word of a sentence.
struct SafetyMatcher {
    let phrase: SafetyRules.Phrase
    let sentence: SafetySentence
    /// Words of emphasis skipped between two words of a phrase.
    private static let maxSkipped = 3

    /// Where the phrase stands, cut at its gaps, if its `anchor`th element stands at `position`.
    func match(anchor: Int, at position: Int) -> [Range<Int>]? {
        guard let after = end(of: phrase.elements[anchor], at: position) else { return nil }
        var right: [Range<Int>] = [position..<after]
        guard matchRight(anchor + 1, after, &right) else { return nil }
        guard anchor > 0 else { return right }
        var left: [Range<Int>] = []
        guard matchLeft(anchor - 1, position, &left) else { return nil }
        return merged(left.reversed() + right)
    }

    private func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var merged: [Range<Int>] = []
        for (index, range) in ranges.enumerated() {
            if let last = merged.last, phrase.elements[index].gap == 0 {
                merged[merged.count - 1] = last.lowerBound..<range.upperBound
            } else {
                merged.append(range)
            }
        }
        return merged
    }

    private func matchRight(_ element: Int, _ position: Int, _ found: inout [Range<Int>]) -> Bool {
        guard element < phrase.elements.count else {
            return true
        }
        let wanted = phrase.elements[element]
        if wanted.isEnd { return position >= sentence.end || sentence.tokens[position].cut != .none }
        var next = position
        for _ in 0...(wanted.gap > 0 ? wanted.gap : Self.maxSkipped) {
            guard next < sentence.end else { return false }
            if let end = end(of: wanted, at: next) {
                found.append(next..<end)
                if matchRight(element + 1, end, &found) { return true }
                found.removeLast()
            }
            guard wanted.gap > 0 || sentence.has(.filler, at: next) else { return false }
            next += 1
        }
        return false
    }

    private func matchLeft(_ element: Int, _ position: Int, _ found: inout [Range<Int>]) -> Bool {
        guard element >= 0 else { return true }
        let wanted = phrase.elements[element]
        let gap = phrase.elements[element + 1].gap
        var next = position
        for _ in 0...(gap > 0 ? gap : Self.maxSkipped) {
            guard next > sentence.start else { return false }
            if let start = start(of: wanted, endingAt: next) {
                found.append(start..<next)
                if matchLeft(element - 1, start, &found) { return true }
                found.removeLast()
            }
            next -= 1
            guard gap > 0 || sentence.has(.filler, at: next) else { return false }
        }
        return false
    }

    /// The position after the element if it stands at `position`.
    @inline(__always)
    func end(of element: SafetyRules.Element, at position: Int) -> Int? {
        let token = sentence.tokens[position]
        if let range = element.range, range.contains(token.value) { return position + 1 }
        guard token.number >= 0 else { return nil }
        for words in element.sequences where words[0] == token.number {
            if let end = end(of: words, at: position) { return end }
        }
        return contains(element.singles, token.number) ? position + 1 : nil
    }

    /// The words of a turn of phrase, with one word of emphasis between two of them at most.
    private func end(of words: [Int32], at position: Int) -> Int? {
        var next = position + 1
        for word in words.dropFirst() {
            if next < sentence.end, sentence.tokens[next].number != word, sentence.has(.filler, at: next) {
                next += 1
            }
            guard next < sentence.end, sentence.tokens[next].number == word else { return nil }
            next += 1
        }
        return next
    }

    private func start(of element: SafetyRules.Element, endingAt position: Int) -> Int? {
        let token = sentence.tokens[position - 1]
        if let range = element.range, range.contains(token.value) { return position - 1 }
        guard token.number >= 0 else { return nil }
        for words in element.sequences where words[words.count - 1] == token.number {
            if let start = start(of: words, endingAt: position) { return start }
        }
        return contains(element.singles, token.number) ? position - 1 : nil
    }

    private func start(of words: [Int32], endingAt position: Int) -> Int? {
        var next = position - 1
        for word in words.dropLast().reversed() {
            next -= 1
            if next >= sentence.start, sentence.tokens[next].number != word, sentence.has(.filler, at: next) {
                next -= 1
            }
            guard next >= sentence.start, sentence.tokens[next].number == word else { return nil }
        }
        return next
    }

    @inline(__always)
    private func contains(_ sorted: [Int32], _ number: Int32) -> Bool {
        if sorted.count == 1 { return sorted[0] == number }
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low] == number
    }
}
