// SPDX-License-Identifier: Apache-2.0

/// The words of the families and scopes, numbered, with the spelling repair that leads onto them.
struct SafetyLexicon: Sendable {
    private(set) var roles: [UInt32] = []
    private var index = HashIndex(minimumCapacity: 1024)
    private var spellings: [[UInt8]] = []
    private var deletions: [UInt64: [Int32]] = [:]
    private var common = HashIndex(minimumCapacity: 2048)

    init() {
        for entry in ScopeRole.table { roles[Int(add(Array(entry.word.utf8)))] = entry.role.rawValue }
        for word in CommonWords.list { common.insert(FNV.hash(word.utf8), 1) }
    }

    /// The number of a folded word, new if it was not known.
    mutating func add(_ word: [UInt8]) -> Int32 {
        let number = index.insert(FNV.hash(word), Int32(roles.count))
        guard Int(number) == roles.count else { return number }  // known already, perhaps as another's slip
        roles.append(0)
        spellings.append(word)
        if word.count >= 5 {
            for key in Self.deletionKeys(word) { deletions[key, default: []].append(number) }
        }
        return number
    }

    /// Four letters are too few for general repair, but exchanged neighbours are still recognised: `pian`.
    mutating func addTransposed(_ word: [UInt8]) {
        guard word.count == 4 else { return }
        let number = index.find(FNV.hash(word))
        for position in 0..<3 {
            var slip = word
            slip.swapAt(position, position + 1)
            if common.find(FNV.hash(slip)) < 0 { index.insert(FNV.hash(slip), number) }
        }
    }

    /// The number of a word as typed, repaired by one slip if it is five letters or more and no ordinary word; else -1.
    func number(of word: FoldedText.Word, in text: FoldedText) -> Int32 {
        let found = index.find(word.hash)
        if found >= 0 { return found }
        let length = word.end - word.start
        if length < 4 || length > 24 { return -1 }
        if common.find(word.hash) >= 0 { return -1 }
        let bytes = Array(text.bytes(of: word))
        if bytes[length - 1] == 0x73 {
            let singular = index.find(FNV.hash(bytes.dropLast()))
            if singular >= 0 { return singular }
        }
        return length >= 5 ? repaired(bytes) : -1
    }

    /// The number of a folded word exactly as it is.
    func exactNumber(of word: [UInt8]) -> Int? {
        let number = index.find(FNV.hash(word))
        return number >= 0 ? Int(number) : nil
    }

    private func repaired(_ bytes: [UInt8]) -> Int32 {
        for key in Self.deletionKeys(bytes) {
            for candidate in deletions[key] ?? []
            where EditDistance.isAtMostOne(bytes, spellings[Int(candidate)]) {
                return candidate
            }
        }
        return -1
    }

    /// The word itself and the word with each one letter left out: two words one slip apart share one of these.
    private static func deletionKeys(_ word: [UInt8]) -> [UInt64] {
        var keys = [FNV.hash(word)]
        for skipped in word.indices {
            var hash = FNV.start
            for (position, byte) in word.enumerated() where position != skipped { hash = FNV.mix(hash, byte) }
            keys.append(hash)
        }
        return keys
    }
}
