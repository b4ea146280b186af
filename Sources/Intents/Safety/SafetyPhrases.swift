// SPDX-License-Identifier: Apache-2.0

/// The phrases of all families, compiled to word numbers and found in one pass.
///
/// Articles, possessives and intensifiers are left out of phrases and skipped in texts, so "crushing feeling in my chest"
/// is found in "a really crushing feeling in the chest". At most three such words are skipped in a row.
struct SafetyPhrases: Sendable {
    /// What it means that a phrase was found.
    struct Target: Sendable {
        let family: Int
        /// The combination this is a member of, or -1 if the phrase is dangerous alone.
        let combination: Int
        let group: Int
    }

    struct Phrase: Sendable {
        let words: [Int32]
        let target: Target
    }

    private var byFirst: [[Int32]] = []
    private(set) var phrases: [Phrase] = []

    mutating func add(_ text: String, _ target: Target, to lexicon: inout SafetyLexicon) {
        let folded = FoldedText(text)
        let all = folded.words.map { Array(folded.bytes(of: $0)) }
        let kept = all.filter { !Self.isDropped($0, lexicon) }
        insert(kept.isEmpty ? all : kept, target, &lexicon)
        // "heartattack": the space is the commonest slip of all.
        let joined = kept.joined()
        if kept.count == 2, joined.count >= 8 { insert([Array(joined)], target, &lexicon) }
    }

    /// The phrases that begin with word `number`.
    func starting(with number: Int32) -> [Int32] {
        Int(number) < byFirst.count ? byFirst[Int(number)] : []
    }

    /// The position after the phrase if it stands at `position`, else nil.
    @inline(__always)
    func end(of phrase: Phrase, at position: Int, in sentence: SafetySentence) -> Int? {
        var next = position + 1
        for word in phrase.words.dropFirst() {
            var skipped = 0
            while next < sentence.end, sentence.numbers[next] != word, skipped < 3,
                sentence.has(.filler, at: next)
            {
                next += 1
                skipped += 1
            }
            guard next < sentence.end, sentence.numbers[next] == word else { return nil }
            next += 1
        }
        return next
    }

    private mutating func insert(_ words: [[UInt8]], _ target: Target, _ lexicon: inout SafetyLexicon) {
        let numbers = words.map { lexicon.add($0) }
        for word in words { lexicon.addTransposed(word) }
        guard let first = numbers.first else { return }
        while byFirst.count <= Int(first) { byFirst.append([]) }
        byFirst[Int(first)].append(Int32(phrases.count))
        phrases.append(Phrase(words: numbers, target: target))
    }

    private static func isDropped(_ word: [UInt8], _ lexicon: SafetyLexicon) -> Bool {
        guard let number = lexicon.exactNumber(of: word) else { return false }
        return lexicon.roles[number] & ScopeRole.dropped.rawValue != 0
    }
}

/// One sentence of an utterance: the words between two full stops, numbered.
struct SafetySentence {
    let start: Int
    let end: Int
    let words: UnsafeBufferPointer<FoldedText.Word>
    let numbers: UnsafeBufferPointer<Int32>
    let roles: UnsafeBufferPointer<UInt32>
    let text: FoldedText

    @inline(__always)
    func has(_ role: ScopeRole, at position: Int) -> Bool {
        let number = numbers[position]
        return number >= 0 && roles[Int(number)] & role.rawValue != 0
    }

    func word(_ position: Int) -> String { text.text(of: words[position]) }

    func isWord(_ position: Int, _ word: String) -> Bool {
        position >= start && position < end && words[position].hash == FNV.hash(word.utf8)
    }

    /// Whether `position` and the one before stand in the same clause.
    @inline(__always)
    func joins(_ position: Int) -> Bool { position > start && words[position].cut == .none }
}
