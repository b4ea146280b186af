// SPDX-License-Identifier: Apache-2.0

/// Makes the ids of everything that is stored.
package enum RandomID {
    /// A random UUID (RFC 9562, version 4) in lower case.
    package static func uuid(using generator: inout some RandomNumberGenerator) -> String {
        let high: UInt64 = (generator.next() & ~0xF000) | 0x4000
        let low: UInt64 = (generator.next() & ~(0b11 << 62)) | (0b10 << 62)
        let digits = hex(high) + hex(low)
        var text: [UInt8] = []
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A random UUID from the system's generator.
    package static func uuid() -> String {
        var generator = SystemRandomNumberGenerator()
        return uuid(using: &generator)
    }

    private static func hex(_ value: UInt64) -> [UInt8] {
        stride(from: 60, through: 0, by: -4).map { shift in
            let nibble = UInt8(truncatingIfNeeded: value >> UInt64(shift)) & 15
            return nibble < 10 ? 0x30 + nibble : 0x57 + nibble
        }
    }
}
