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
    private var deletions = SpellingIndex()

    private static let common: HashIndex = {
        var index = HashIndex(minimumCapacity: 8192)
        for word in CommonWords.list { index.insert(FNV.hash(word.utf8), 1) }
        return index
    }()

    init() {
        numeral = add(Array("0".utf8))
        for (word, role) in ScopeRole.table { roles[Int(add(Array(word.utf8)))] = role }
        for (word, value) in NumberWords.table { values[Int(add(Array(word.utf8)))] = value }
    }

    /// The number of a folded word, new if it was not known.
    mutating func add(_ word: [UInt8]) -> Int32 {
        let number = index.insert(FNV.hash(word), Int32(roles.count))
        guard Int(number) == roles.count else { return number }
        roles.append([])
        values.append(.nan)
        spellings.append(word)
        deletions.add(word, number)
        return number
    }

    /// To be called when all words are in.
    mutating func finish() { deletions.finish() }

    /// The number of a word as typed, its spelling repaired if it is no ordinary word; else -1.
    func number(of word: FoldedText.Word, in text: FoldedText) -> Int32 {
        let found = index.find(word.hash)
        if found >= 0 { return found }
        let length = word.end - word.start
        if length < 3 || length > 24 || Self.common.find(word.hash) >= 0 { return -1 }
        return repaired(text.bytes(of: word))
    }

    /// The number of the word with this hash exactly as it is; else -1.
    func exact(_ hash: UInt64) -> Int32 { index.find(hash) }

    /// Whether the word with this hash is an everyday word, which is never taken for a slip.
    func isOrdinary(_ hash: UInt64) -> Bool { Self.common.find(hash) >= 0 }

    /// The known word that `bytes` is one slip away from; a plural counts as none.
    func repaired(_ bytes: ArraySlice<UInt8>) -> Int32 {
        let exact = index.find(FNV.hash(bytes))
        if exact >= 0 { return exact }
        if bytes.count >= 4, bytes.last == 0x73 {
            let singular = index.find(FNV.hash(bytes.dropLast()))
            if singular >= 0, spellings[Int(singular)].count > 2 { return singular }
        }
        let word = Array(bytes)
        if let plain = undisguised(bytes) { return plain }
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
struct SpellingIndex: Sendable {
    private struct Entry: Sendable {
        let key: UInt64
        let number: Int32
    }

    /// Shorter words are too many slips away from each other.
    private static let shortest = 4
    private var entries: [Entry] = []

    mutating func add(_ word: [UInt8], _ number: Int32) {
        guard word.count >= Self.shortest, word.allSatisfy({ $0 >= 0x61 && $0 <= 0x7A }) else { return }
        Self.forEachKey(word) { entries.append(Entry(key: $0, number: number)) }
    }

    /// To be called when all words are in.
    mutating func finish() { entries.sort { ($0.key, $0.number) < ($1.key, $1.number) } }

    /// Of several, the one whose first letter agrees; short words must agree in it.
    func nearest(to word: [UInt8], _ spellings: [[UInt8]]) -> Int32 {
        guard word.count >= 3, word.count <= 24 else { return -1 }
        var found: Int32 = -1
        Self.forEachKey(word) { key in
            var position = first(key)
            while position < entries.count, entries[position].key == key {
                let candidate = entries[position].number
                let known = spellings[Int(candidate)]
                position += 1
                guard EditDistance.isAtMostOne(word, known) else { continue }
                if known.first == word.first {
                    if found < 0 || spellings[Int(found)].first != word.first { found = candidate }
                } else if found < 0, known.count >= 7 || word.dropFirst().elementsEqual(known)
                    || known.dropFirst().elementsEqual(word) || word.prefix(2).elementsEqual(known.prefix(2).reversed())
                {
                    found = candidate
                }
            }
        }
        return found
    }

    private func first(_ key: UInt64) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
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
