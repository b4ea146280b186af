// SPDX-License-Identifier: Apache-2.0

/// FNV-1a over bytes: cheap, stable between runs and machines, good enough as the identity of a word or feature.
enum FNV {
    static let start: UInt64 = 0xcbf2_9ce4_8422_2325

    @inline(__always)
    static func mix(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }

    static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 { bytes.reduce(start) { mix($0, $1) } }
}

/// From 64-bit hashes to small dense numbers, by open addressing.
///
/// The keys are hashes already, so nothing is hashed twice.
struct HashIndex: Sendable {
    private var keys: [UInt64]
    private var values: [Int32]
    private(set) var count = 0

    init(minimumCapacity: Int = 16) {
        var capacity = 32
        while capacity < minimumCapacity * 2 { capacity *= 2 }
        keys = Array(repeating: 0, count: capacity)
        values = Array(repeating: -1, count: capacity)
    }

    /// The number stored under `key`, or -1.
    @inline(__always)
    func find(_ key: UInt64) -> Int32 {
        let mask = keys.count - 1
        let wanted = key == 0 ? 1 : key
        var slot = Int(truncatingIfNeeded: (wanted &* 0x9E37_79B9_7F4A_7C15) >> 20) & mask
        while keys[slot] != 0 {
            if keys[slot] == wanted { return values[slot] }
            slot = (slot + 1) & mask
        }
        return -1
    }

    /// The number stored under `key`; if none, stores `value` first.
    @discardableResult
    mutating func insert(_ key: UInt64, _ value: Int32) -> Int32 {
        if count * 2 >= keys.count { grow() }
        let mask = keys.count - 1
        let wanted = key == 0 ? 1 : key
        var slot = Int(truncatingIfNeeded: (wanted &* 0x9E37_79B9_7F4A_7C15) >> 20) & mask
        while keys[slot] != 0 {
            if keys[slot] == wanted { return values[slot] }
            slot = (slot + 1) & mask
        }
        keys[slot] = wanted
        values[slot] = value
        count += 1
        return value
    }

    /// All keys with their numbers, in no order.
    func forEach(_ body: (UInt64, Int32) -> Void) {
        for (key, value) in zip(keys, values) where key != 0 { body(key, value) }
    }

    private mutating func grow() {
        var larger = HashIndex(minimumCapacity: keys.count)
        for (key, value) in zip(keys, values) where key != 0 { larger.insert(key, value) }
        self = larger
    }
}
