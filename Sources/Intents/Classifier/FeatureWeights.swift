// SPDX-License-Identifier: Apache-2.0

/// How rare each feature is and what it adds to the margin of one class, side by side: a message touches one line of memory
/// for each feature instead of four, of which most are not in the cache.
struct FeatureWeights: Sendable {
    private struct Slot: Sendable {
        /// Half of the feature's hash; 0 for an empty slot.
        var key: UInt32 = 0
        var rarity: Float = 0
        var weight: Float = 0
    }

    private var slots: [Slot]
    private let unknown: Float

    /// The features of `space` with their weights, by number.
    init(_ space: FeatureSpace, weight: (Int32) -> Float) {
        var size = 64
        while size < space.count * 2 { size *= 2 }
        slots = Array(repeating: Slot(), count: size)
        unknown = space.unknownWeight
        space.forEach { hash, number, rarity in
            let slot = slot(of: hash)
            slots[slot] = Slot(key: Self.key(hash), rarity: rarity, weight: weight(number))
        }
    }

    /// What a text of these features adds to the margin, as a vector of length 1.
    func sum(_ hashes: [UInt64]) -> Float {
        var (sum, square): (Float, Float) = (0, 0)
        FeatureSpace.forEachCount(hashes) { hash, times in
            let slot = slots[slot(of: hash)]
            let value = times * (slot.key == 0 ? unknown : slot.rarity)
            square += value * value
            sum += value * slot.weight
        }
        return square > 0 ? sum / square.squareRoot() : 0
    }

    private static func key(_ hash: UInt64) -> UInt32 { max(1, UInt32(truncatingIfNeeded: hash >> 32)) }

    private func slot(of hash: UInt64) -> Int {
        let (key, mask) = (Self.key(hash), slots.count - 1)
        var slot = Int(truncatingIfNeeded: (hash &* 0x9E37_79B9_7F4A_7C15) >> 20) & mask
        while slots[slot].key != 0, slots[slot].key != key { slot = (slot + 1) & mask }
        return slot
    }
}
