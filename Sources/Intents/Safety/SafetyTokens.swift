// SPDX-License-Identifier: Apache-2.0

/// One word of an utterance as the safety floor sees it.
struct SafetyToken {
    /// The word's number in the lexicon, spelling repaired; -1 for a word that means nothing here.
    var number: Int32
    /// What it counts, `40` or `forty`; not a number for other words.
    var value: Float
    /// Position in the original, in scalars.
    var from: Int32
    var to: Int32
    /// The hash of the word as typed.
    var hash: UInt64
    /// The hash of the word as it is read, which scopes go by.
    var word: UInt64
    var cut: FoldedText.Cut
    /// The word was not spelt like this.
    var isRepaired = false
    /// Another word it may have been meant as; -1 for none.
    var second: Int32 = -1
}

/// Turns folded words into numbered ones.
///
/// Undoes on the way what hides a word: spaced letters (`c h e s t`), a space left out (`chestpain`) or put in
/// (`che st`), digits drawn as letters (`k1ll`), a unit stuck to its number (`40pills`). Each word is looked at a bounded
/// number of times, so a text costs linear time.
struct SafetyTokenizer {
    private let text: FoldedText
    private let lexicon: SafetyLexicon
    private var tokens: [SafetyToken] = []

    static func tokens(of text: FoldedText, _ lexicon: SafetyLexicon) -> [SafetyToken] {
        var tokenizer = SafetyTokenizer(text: text, lexicon: lexicon)
        tokenizer.run()
        return tokenizer.tokens
    }

    /// The same words with each slip read as the second likeliest word; nil if there is none.
    ///
    /// A slip that was read as a word of a scope stays one.
    static func secondReadings(of tokens: [SafetyToken], _ lexicon: SafetyLexicon) -> [SafetyToken]? {
        guard tokens.contains(where: { $0.second >= 0 }) else { return nil }
        return tokens.map { token in
            var token = token
            if token.second >= 0,
                lexicon.roles[Int(token.number)].isSubset(of: [.filler, .dropped, .everyday])
            {
                token.number = token.second
                token.word = lexicon.hash(of: token.second)
            }
            return token
        }
    }

    private init(text: FoldedText, lexicon: SafetyLexicon) {
        self.text = text
        self.lexicon = lexicon
        tokens.reserveCapacity(text.words.count + 2)
    }

    private mutating func run() {
        var position = 0
        while position < text.words.count {
            let spelled = spelledRun(from: position)
            if spelled > position {
                appendSpelled(position..<spelled)
                position = spelled
                continue
            }
            if !movesSpace(position), !joinsBroken(position) { append(text.words[position]) }
            position += 1
        }
    }

    // MARK: One word

    private mutating func append(_ word: FoldedText.Word) {
        let first = text.bytes[word.start]
        if first >= 0x30 && first <= 0x39 { return appendNumber(word) }
        let (number, second) = lexicon.number(of: word, in: text)
        if number >= 0 {
            push(number, word, value: lexicon.values[Int(number)])
            if lexicon.exact(word.hash) < 0 {
                tokens[tokens.count - 1].isRepaired = true
                tokens[tokens.count - 1].second = second
                tokens[tokens.count - 1].word = lexicon.hash(of: number)
            }
        } else if let digits = trailingNumber(of: word) {
            let hash = FNV.hash(text.bytes[word.start..<digits])
            pushPart(lexicon.repaired(text.bytes[word.start..<digits]), word, hash, isFirst: true)
            var rest = word
            rest.start = digits
            rest.hash = FNV.hash(text.bytes[digits..<word.end])
            rest.cut = .none
            appendNumber(rest)
        } else if lexicon.isOrdinary(word.hash) || !appendRepaired(word) {
            push(-1, word)
        }
    }

    /// "type1", "isy1": where the number begins that is stuck to a word.
    private func trailingNumber(of word: FoldedText.Word) -> Int? {
        var digits = word.end
        while digits > word.start, text.bytes[digits - 1] >= 0x30, text.bytes[digits - 1] <= 0x39 {
            digits -= 1
        }
        guard digits < word.end, digits - word.start >= 2 else { return nil }
        return text.bytes[word.start..<digits].allSatisfy({ $0 > 0x39 }) ? digits : nil
    }

    /// A word that is in no list may be two words stuck together.
    private mutating func appendRepaired(_ word: FoldedText.Word) -> Bool {
        let length = word.end - word.start
        guard length >= 5, length <= 30 else { return false }
        for cut in (word.start + 1)..<(word.end - 1) {
            if appendHalves(word, cut, cut) { return true }
        }
        // "smellygas": a letter in place of the space.
        for cut in (word.start + 1)..<(word.end - 2) where appendHalves(word, cut, cut + 1) { return true }
        return false
    }

    private mutating func appendHalves(_ word: FoldedText.Word, _ leftEnd: Int, _ rightStart: Int) -> Bool {
        let left = FNV.hash(text.bytes[word.start..<leftEnd])
        let right = FNV.hash(text.bytes[rightStart..<word.end])
        let (a, b) = (lexicon.exact(left), lexicon.exact(right))
        guard a >= 0 || b >= 0, a >= 0 || lexicon.isOrdinary(left), b >= 0 || lexicon.isOrdinary(right) else {
            return false
        }
        guard isWordAlone(word.start..<leftEnd), isWordAlone(rightStart..<word.end) else { return false }
        // "detective" is no "detect I've".
        if text.bytes[rightStart..<word.end].elementsEqual("ive".utf8) { return false }
        pushPart(a, word, left, isFirst: true)
        pushPart(b, word, right, isFirst: false)
        return true
    }

    /// Of single letters only `a` and `i` are words.
    private func isWordAlone(_ range: Range<Int>) -> Bool {
        range.count > 1 || text.bytes[range.lowerBound] == 0x61 || text.bytes[range.lowerBound] == 0x69
    }

    private func isKnown(_ hash: UInt64) -> Bool { lexicon.exact(hash) >= 0 || lexicon.isOrdinary(hash) }

    /// "bloodc oming", "burnin gup": the space stands one letter off.
    private mutating func movesSpace(_ position: Int) -> Bool {
        guard position > 0, let last = tokens.last else { return false }
        let (before, word) = (text.words[position - 1], text.words[position])
        guard last.hash == before.hash, word.cut == .none, word.from - before.to == 1 else { return false }
        guard !isKnown(before.hash) || !isKnown(word.hash), word.start == before.end else { return false }
        for middle in [before.end - 1, before.end + 1] where middle > before.start && middle < word.end {
            let left = FNV.hash(text.bytes[before.start..<middle])
            let right = FNV.hash(text.bytes[middle..<word.end])
            guard isKnown(left), isKnown(right), word.end - middle > 1 else { continue }
            tokens.removeLast()
            pushPart(lexicon.exact(left), before, left, isFirst: true)
            pushPart(lexicon.exact(right), word, right, isFirst: false)
            return true
        }
        return false
    }

    /// "bre athe": this word and the one before are one known word, and the one before is no word alone.
    private mutating func joinsBroken(_ position: Int) -> Bool {
        let word = text.words[position]
        guard position > 0, word.cut == .none, let last = tokens.last, last.number < 0, last.value.isNaN
        else {
            return false
        }
        let before = text.words[position - 1]
        guard last.hash == before.hash, word.from - before.to <= 1, !lexicon.isOrdinary(last.hash) else {
            return false
        }
        let bytes = text.bytes[before.start..<word.end]
        guard bytes.count >= 4, bytes.count <= 24 else { return false }
        let isPart = lexicon.exact(word.hash) < 0 && !lexicon.isOrdinary(word.hash)
        let joined = isPart ? lexicon.repaired(bytes) : lexicon.exact(FNV.hash(bytes))
        guard joined >= 0 else { return false }
        tokens[tokens.count - 1].number = joined
        tokens[tokens.count - 1].word = lexicon.hash(of: joined)
        tokens[tokens.count - 1].isRepaired = true
        tokens[tokens.count - 1].to = Int32(clamping: word.to)
        return true
    }

    private mutating func appendNumber(_ word: FoldedText.Word) {
        var digits = word.start
        var value: Float = 0
        while digits < word.end, text.bytes[digits] >= 0x30, text.bytes[digits] <= 0x39 {
            if digits - word.start < 9 { value = value * 10 + Float(text.bytes[digits] - 0x30) }
            digits += 1
        }
        if digits == word.end {
            if appendFraction(word, value) { return }
            let exact = lexicon.exact(word.hash)
            return push(exact >= 0 ? exact : lexicon.numeral, word, value: value)
        }
        let rest = FNV.hash(text.bytes[digits..<word.end])
        let number = lexicon.exact(rest)
        if number < 0, let plain = lexicon.undisguised(text.bytes[word.start..<word.end]) {
            return push(plain, word)
        }
        push(lexicon.numeral, word, value: value)
        if word.end - digits > 1 || number >= 0 { pushPart(number, word, rest, isFirst: false) }
    }

    /// "38.5" comes as two words.
    private mutating func appendFraction(_ word: FoldedText.Word, _ value: Float) -> Bool {
        guard let last = tokens.last, last.number == lexicon.numeral, word.cut == .none,
            Int32(word.from) == last.to + 1, word.end - word.start <= 2, last.value == last.value.rounded()
        else { return false }
        tokens[tokens.count - 1].value += value / (word.end - word.start == 1 ? 10 : 100)
        tokens[tokens.count - 1].to = Int32(word.to)
        return true
    }

    // MARK: Spelled words

    /// The end of a run of at least three single letters; `position` if there is none.
    private func spelledRun(from position: Int) -> Int {
        var end = position
        while end < text.words.count, isLetter(text.words[end]),
            end == position || text.words[end].cut == .none
        {
            end += 1
        }
        return end - position >= 4 ? end : position
    }

    private func isLetter(_ word: FoldedText.Word) -> Bool {
        word.end - word.start == 1 && text.bytes[word.start] >= 0x61 && text.bytes[word.start] <= 0x7A
    }

    /// Cuts spelled letters into the longest known words, left to right.
    private mutating func appendSpelled(_ run: Range<Int>) {
        var position = run.lowerBound
        while position < run.upperBound {
            let start = text.words[position].start
            var length = min(16, run.upperBound - position)
            while length > 1 {
                let hash = FNV.hash(text.bytes[start..<start + length])
                let number = lexicon.exact(hash)
                if number >= 0 || (length > 2 && lexicon.isOrdinary(hash)) {
                    var word = text.words[position]
                    word.to = text.words[position + length - 1].to
                    word.hash = hash
                    push(number, word)
                    break
                }
                length -= 1
            }
            if length <= 1 { push(lexicon.exact(text.words[position].hash), text.words[position]) }
            position += max(1, length)
        }
    }

    // MARK: Appending

    private mutating func push(_ number: Int32, _ word: FoldedText.Word, value: Float = .nan) {
        tokens.append(
            SafetyToken(
                number: number, value: value, from: Int32(clamping: word.from), to: Int32(clamping: word.to),
                hash: word.hash, word: word.hash, cut: word.cut))
    }

    private mutating func pushPart(
        _ number: Int32, _ word: FoldedText.Word, _ hash: UInt64, isFirst: Bool
    ) {
        let value = number >= 0 ? lexicon.values[Int(number)] : Float.nan
        tokens.append(
            SafetyToken(
                number: number, value: value, from: Int32(clamping: word.from), to: Int32(clamping: word.to),
                hash: hash, word: hash, cut: isFirst ? word.cut : .none))
    }
}
