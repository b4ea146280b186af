// SPDX-License-Identifier: Apache-2.0

/// The words of the families and scopes, numbered, with the spelling repair that leads onto them.
struct SafetyLexicon: Sendable {
    private(set) var roles: [ScopeRole] = []
    /// What number words count; not a number for the others.
    private(set) var values: [Float] = []
    /// The number that stands for every number in digits.
    private(set) var numeral: Int32 = 0
    private var index = HashIndex(minimumCapacity: 4096)
    private var spellings: [[UInt8]] = []
    private var deletions = SpellingIndex([])

    /// The words of scopes and numbers, the same in every lexicon.
    static let scopes: SafetyLexicon = {
        var lexicon = SafetyLexicon()
        lexicon.numeral = lexicon.add(Array("0".utf8)[...])
        for (word, role) in ScopeRole.table { lexicon.roles[Int(lexicon.add(word))] = role }
        for (slip, word) in shortForms { lexicon.index.insert(FNV.hash(slip.utf8), lexicon.add(word)) }
        for (word, value) in NumberWords.table { lexicon.values[Int(lexicon.add(word))] = value }
        return lexicon
    }()

    private init() {}

    /// What is typed for words too short to repair.
    private static let shortForms = [
        ("nt", "not"), ("dnt", "dont"), ("cnt", "cant"), ("canot", "cannot"), ("caant", "cant"),
        ("wnt", "want"),
        ("wana", "wanna"), ("dot", "dont"), ("don", "dont"), ("didn", "didnt"), ("isn", "isnt"),
        ("havnt", "havent"), ("ur", "your"), ("plz", "please"), ("pls", "please"), ("hlp", "help"),
    ]

    private mutating func add(_ word: String) -> Int32 { add(Array(word.utf8)[...]) }

    /// The number of a folded word, new if it was not known.
    mutating func add(_ word: ArraySlice<UInt8>) -> Int32 {
        let number = index.insert(FNV.hash(word), Int32(roles.count))
        guard Int(number) == roles.count else { return number }
        roles.append([])
        values.append(Self.value(of: word))
        spellings.append(Array(word))
        return number
    }

    /// What a word in digits counts: `911`.
    private static func value(of word: ArraySlice<UInt8>) -> Float {
        guard word.count > 1, word.count < 9, word.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
            return .nan
        }
        return word.reduce(0) { $0 * 10 + Float($1 - 0x30) }
    }

    /// To be called when all words are in.
    mutating func finish() { deletions = SpellingIndex(spellings) }

    /// The words that count something, in digits or letters.
    var counting: [Int32] { values.indices.filter { !values[$0].isNaN }.map(Int32.init) }

    /// The word with this number.
    func spelling(_ number: Int32) -> String { String(decoding: spellings[Int(number)], as: UTF8.self) }

    /// The number of a word as typed, its spelling repaired if it is no ordinary word; else -1; and the second best.
    func number(of word: FoldedText.Word, in text: FoldedText) -> (best: Int32, second: Int32) {
        let found = index.find(word.hash)
        if found >= 0 { return (found, -1) }
        let length = word.end - word.start
        if let person = person(of: word, in: text) { return (person, -1) }
        if length < 3 || length > 24 || isOrdinary(word.hash) { return (-1, -1) }
        return readings(text.bytes(of: word))
    }

    /// "someone's", "mum's": the apostrophe is gone, the person is there.
    private func person(of word: FoldedText.Word, in text: FoldedText) -> Int32? {
        guard word.end - word.start >= 4, text.bytes[word.end - 1] == 0x73 else { return nil }
        let number = index.find(FNV.hash(text.bytes[word.start..<word.end - 1]))
        guard number >= 0, !roles[Int(number)].isDisjoint(with: [.person, .anyone]) else { return nil }
        return number
    }

    /// The hash of the word with this number.
    func hash(of number: Int32) -> UInt64 { FNV.hash(spellings[Int(number)]) }

    /// The number of the word with this hash exactly as it is; else -1.
    func exact(_ hash: UInt64) -> Int32 { index.find(hash) }

    /// Whether the word with this hash is an everyday word, which is never taken for a slip.
    func isOrdinary(_ hash: UInt64) -> Bool { CommonWords.contains(hash) }

    /// The known word that `bytes` is one slip away from; a plural counts as none.
    func repaired(_ bytes: ArraySlice<UInt8>) -> Int32 { readings(bytes).best }

    /// The two likeliest known words for `bytes`, -1 for none.
    func readings(_ bytes: ArraySlice<UInt8>) -> (best: Int32, second: Int32) {
        let exact = index.find(FNV.hash(bytes))
        if exact >= 0 { return (exact, -1) }
        if bytes.count >= 4, bytes.last == 0x73 {
            let singular = index.find(FNV.hash(bytes.dropLast()))
            if singular >= 0, spellings[Int(singular)].count > 2 { return (singular, -1) }
        }
        let word = Array(bytes)
        if let plain = undisguised(bytes) { return (plain, -1) }
        return deletions.nearest(to: word, spellings)
    }

    /// `k1ll`, `suic1de`: digits drawn as letters.
    func undisguised(_ bytes: ArraySlice<UInt8>) -> Int32? {
        guard bytes.contains(where: { $0 <= 0x39 }), bytes.contains(where: { $0 > 0x39 }) else { return nil }
        let plain = bytes.map { byte -> UInt8 in
            switch byte {
            case 0x30: 0x6F  // o
            case 0x31: 0x69  // i
            case 0x33: 0x65  // e
            case 0x34: 0x61  // a
            case 0x35: 0x73  // s
            case 0x37: 0x74  // t
            default: byte
            }
        }
        let number = index.find(FNV.hash(plain))
        return number >= 0 ? number : nil
    }
}

/// Finds the known word one slip away: two words one slip apart share the word itself or a word with one letter left out.
///
/// The hashes of these stand in buckets by their last bits, about one in each; sorting them took a third of a compilation.
struct SpellingIndex: Sendable {
    private struct Entry: Sendable {
        let key: UInt64
        let number: Int32
    }

    /// Shorter words are too many slips away from each other.
    private static let shortest = 3
    private let entries: [Entry]
    /// Where each bucket begins, and where the last ends.
    private let starts: [Int32]
    private let mask: UInt64

    /// The index of `words`, whose numbers are their places.
    init(_ words: [[UInt8]]) {
        var found: [Entry] = []
        found.reserveCapacity(words.count * 8)
        for (number, word) in words.enumerated() where Self.isIndexed(word) {
            Self.forEachKey(word) { found.append(Entry(key: $0, number: Int32(number))) }
        }
        var buckets = 1
        while buckets < found.count { buckets *= 2 }
        mask = UInt64(buckets - 1)
        var ends = [Int32](repeating: 0, count: buckets + 1)
        for entry in found { ends[Int(entry.key & mask)] += 1 }
        var sum: Int32 = 0
        for bucket in ends.indices {
            sum += ends[bucket]
            ends[bucket] = sum
        }
        // Filled from behind, so that the words of a bucket stay in their order and each end becomes a start.
        var sorted = found
        for entry in found.reversed() {
            let bucket = Int(entry.key & mask)
            ends[bucket] -= 1
            sorted[Int(ends[bucket])] = entry
        }
        (entries, starts) = (sorted, ends)
    }

    private static func isIndexed(_ word: [UInt8]) -> Bool {
        word.count >= shortest && word.allSatisfy { $0 >= 0x61 && $0 <= 0x7A }
    }

    /// Of several, exchanged neighbours come first, then words with the same first letter; and the second best.
    func nearest(to word: [UInt8], _ spellings: [[UInt8]]) -> (best: Int32, second: Int32) {
        guard word.count >= 3, word.count <= 24 else { return (-1, -1) }
        var best: (rank: Int, number: Int32) = (0, -1)
        var second: (rank: Int, number: Int32) = (0, -1)
        Self.forEachKey(word) { key in
            let bucket = Int(key & mask)
            for position in Int(starts[bucket])..<Int(starts[bucket + 1]) where entries[position].key == key {
                let candidate = entries[position].number
                let known = spellings[Int(candidate)]
                guard candidate != best.number, candidate != second.number else { continue }
                let rank = Self.rank(word, known)
                if rank > best.rank {
                    second = best
                    best = (rank, candidate)
                } else if rank > second.rank {
                    second = (rank, candidate)
                }
            }
        }
        return (best.number, second.number)
    }

    /// How likely `word` is a slip of `known`: 0 is not.
    private static func rank(_ word: [UInt8], _ known: [UInt8]) -> Int {
        guard EditDistance.isAtMostOne(word, known) else { return 0 }
        if known.count == 3 && word.count < 4 { return 0 }
        if word.count == known.count {
            if word.sorted() == known.sorted() { return 4 }
            if word.first == known.first { return 3 }
            return known.count >= 5 ? 1 : 0
        }
        return word.first == known.first ? 3 : 2
    }

    @inline(__always)
    private static func forEachKey(_ word: [UInt8], _ body: (UInt64) -> Void) {
        body(FNV.hash(word))
        for skipped in word.indices {
            var hash = FNV.start
            for position in word.indices where position != skipped { hash = FNV.mix(hash, word[position]) }
            body(hash)
        }
    }
}

/// Numbers in words, up to what one takes of anything.
enum NumberWords {
    static let table: [(String, Float)] = {
        let units = [
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
            "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
        ]
        let tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
        var table = units.enumerated().map { ($1, Float($0)) }
        table += tens.enumerated().map { ($1, Float(20 + 10 * $0)) }
        return table + [("fourty", 40), ("hundred", 100), ("hundreds", 100), ("dozen", 12), ("dozens", 24)]
    }()
}
