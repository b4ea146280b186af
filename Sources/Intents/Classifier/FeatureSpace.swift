// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A text as numbered features with weights, of length 1 together with what was unknown.
struct FeatureVector: Sendable {
    var indices: [Int32] = []
    var values: [Float] = []
}

/// Words, word pairs and character 3- and 4-grams inside words, weighted by TF-IDF.
///
/// Features nobody trained on count towards the length of the vector with the weight of the rarest one: a message of
/// mostly unknown words comes out short, which is what tells it from a message that is understood.
struct FeatureSpace: Sendable {
    private(set) var index = HashIndex(minimumCapacity: 4096)
    private var frequencies: [Int32] = []
    private var weights: [Float] = []
    private(set) var unknownWeight: Float = 0
    /// Dimensions of word meanings that follow the learnt features; 0 without a table of words.
    private var dimensions = 0

    /// A longer message adds nothing an intent could turn on.
    static let maxWords = 200

    var count: Int { frequencies.count + dimensions }

    /// Meanings weigh as much as the words themselves: of 0.7, 1, 1.5 and 2 the best with ten examples for each intent.
    private static let meaningWeight: Float = 1

    /// Learns the features of `texts` and returns their vectors.
    ///
    /// With `leavingOutSingles`, what occurs once is left out, and weighs as unknown. `texts` may make each on demand: it
    /// is gone through twice then.
    mutating func fit(
        _ texts: some Collection<[UInt64]>, meanings: [[Float]?] = [], leavingOutSingles: Bool = false
    ) -> [FeatureVector] {
        let common = leavingOutSingles ? OccurrenceCounts(texts.lazy.joined()) : nil
        var raw: [(known: [(Int32, Float)], unknown: Float)] = []
        raw.reserveCapacity(texts.count)
        for hashes in texts { raw.append(learn(hashes, common)) }
        let total = Float(texts.count + 1)
        weights = frequencies.map { logf(total / Float(1 + $0)) + 1 }
        unknownWeight = logf(total) + 1
        dimensions = meanings.lazy.compactMap { $0?.count }.first ?? 0
        return raw.indices.map { number in
            var vector = finish(
                raw[number].known, unknown: raw[number].unknown * unknownWeight * unknownWeight)
            if dimensions > 0 { append(meanings[number], to: &vector) }
            return vector
        }
    }

    /// The vector of a text that was not learnt.
    func vector(_ hashes: [UInt64], meaning: [Float]? = nil) -> FeatureVector {
        var known: [(Int32, Float)] = []
        known.reserveCapacity(hashes.count)
        var unknown: Float = 0
        Self.forEachCount(hashes) { hash, times in
            let number = index.find(hash)
            if number >= 0 { known.append((number, times)) } else { unknown += times * times }
        }
        var vector = finish(known, unknown: unknown * unknownWeight * unknownWeight * Self.unknownShare)
        if dimensions > 0 { append(meaning, to: &vector) }
        return vector
    }

    /// How rare each feature is, by its hash and its number.
    func forEach(_ body: (_ hash: UInt64, _ number: Int32, _ rarity: Float) -> Void) {
        index.forEach { body($0, $1, weights[Int($1)]) }
    }

    private func append(_ meaning: [Float]?, to vector: inout FeatureVector) {
        guard let meaning else { return }
        for dimension in 0..<dimensions {
            vector.indices.append(Int32(frequencies.count + dimension))
            vector.values.append(Self.meaningWeight * meaning[dimension])
        }
    }

    /// Measured on CLINC150 and HWU64: with 1 a text looks as one that was learnt would without its example.
    static let unknownShare: Float = 1

    private mutating func learn(_ hashes: [UInt64], _ common: OccurrenceCounts?) -> ([(Int32, Float)], Float)
    {
        var row: [(Int32, Float)] = []
        var unknown: Float = 0
        row.reserveCapacity(hashes.count)
        Self.forEachCount(hashes) { hash, times in
            if let common, common.isSingle(hash) {
                unknown += times * times
                return
            }
            let number = index.insert(hash, Int32(frequencies.count))
            if Int(number) == frequencies.count { frequencies.append(0) }
            frequencies[Int(number)] += 1
            row.append((number, times))
        }
        return (row, unknown)
    }

    private func finish(_ row: [(Int32, Float)], unknown: Float) -> FeatureVector {
        var vector = FeatureVector()
        vector.indices.reserveCapacity(row.count)
        vector.values.reserveCapacity(row.count)
        var square = unknown
        for (number, times) in row {
            let value = times * weights[Int(number)]
            square += value * value
            vector.indices.append(number)
            vector.values.append(value)
        }
        let scale: Float = square > 0 ? 1 / square.squareRoot() : 0
        for position in vector.values.indices { vector.values[position] *= scale }
        return vector
    }

    /// Each different hash with 1 + log(how often it occurs), in the order of their first places.
    ///
    /// Counted in a table on the stack: sorting the hashes took a fifth of the time in which a message is understood.
    static func forEachCount(_ hashes: [UInt64], _ body: (UInt64, Float) -> Void) {
        var size = 64
        while size < hashes.count * 2 { size *= 2 }
        withUnsafeTemporaryAllocation(of: (hash: UInt64, times: Int32).self, capacity: size) { slots in
            slots.initialize(repeating: (0, 0))
            func slot(of hash: UInt64) -> Int {
                var slot = Int(truncatingIfNeeded: (hash &* 0x9E37_79B9_7F4A_7C15) >> 20) & (size - 1)
                while slots[slot].times != 0, slots[slot].hash != hash { slot = (slot + 1) & (size - 1) }
                return slot
            }
            for hash in hashes {
                let slot = slot(of: hash)
                slots[slot] = (hash, slots[slot].times + 1)
            }
            for hash in hashes {
                let slot = slot(of: hash)
                let times = slots[slot].times
                // Negative: it was handed out.
                guard times > 0 else { continue }
                slots[slot].times = -times
                body(hash, times == 1 ? 1 : 1 + logf(Float(times)))
            }
        }
    }

    /// Words and how far apart two of a pair may stand.
    static func wordHashes(of words: ArraySlice<FoldedText.Word>, reach: Int) -> [UInt64] {
        let words = words.prefix(maxWords)
        var hashes: [UInt64] = []
        hashes.reserveCapacity(words.count * (reach + 1))
        for position in words.indices {
            hashes.append(words[position].hash)
            for first in max(words.startIndex, position - reach)..<position {
                hashes.append(pair(words[first].hash, words[position].hash))
            }
        }
        return hashes
    }

    /// The parts of words alone.
    static func partHashes(of words: ArraySlice<FoldedText.Word>, in text: FoldedText) -> [UInt64] {
        var hashes: [UInt64] = []
        hashes.reserveCapacity(words.count * 10)
        for word in words.prefix(maxWords) { appendGrams(text.bytes, word, &hashes) }
        return hashes
    }

    private static func pair(_ first: UInt64, _ second: UInt64) -> UInt64 {
        (first &* 0x9E37_79B9_7F4A_7C15) ^ second
    }

    /// The hashes of all features of `text`.
    static func hashes(of text: FoldedText) -> [UInt64] {
        var hashes: [UInt64] = []
        hashes.reserveCapacity(text.bytes.count * 2 + 16)
        var previous: UInt64 = 0
        for word in text.words.prefix(maxWords) {
            hashes.append(word.hash)
            if previous != 0 { hashes.append(pair(previous, word.hash)) }
            previous = word.hash
            appendGrams(text.bytes, word, &hashes)
        }
        if text.asksQuestion { hashes.append(FNV.hash("?".utf8)) }
        return hashes
    }

    /// The 3- and 4-grams of one word with a space at either end.
    @inline(__always)
    private static func appendGrams(_ bytes: [UInt8], _ word: FoldedText.Word, _ hashes: inout [UInt64]) {
        let length = min(word.end - word.start, 40)
        bytes.withUnsafeBufferPointer { bytes in
            func at(_ position: Int) -> UInt8 {
                position < 0 || position >= length ? 0x20 : bytes[word.start + position]
            }
            for size in 3...4 where length + 2 >= size {
                for start in -1...(length + 1 - size) {
                    var hash = 0x8422_2325_cbf2_9ce4 &+ UInt64(size)
                    for offset in 0..<size { hash = FNV.mix(hash, at(start + offset)) }
                    hashes.append(hash)
                }
            }
        }
    }
}

/// How often hashes occur, without remembering them: where two share a place, a single one is taken for a common one.
private struct OccurrenceCounts {
    /// 0, 1, or 2 for more.
    private var counts = [UInt8](repeating: 0, count: 1 << 21)

    init(_ hashes: some Sequence<UInt64>) {
        for hash in hashes { counts[Self.place(of: hash)] = min(2, counts[Self.place(of: hash)] + 1) }
    }

    func isSingle(_ hash: UInt64) -> Bool { counts[Self.place(of: hash)] < 2 }

    private static func place(of hash: UInt64) -> Int {
        Int(truncatingIfNeeded: (hash &* 0x9E37_79B9_7F4A_7C15) >> 43)
    }
}
