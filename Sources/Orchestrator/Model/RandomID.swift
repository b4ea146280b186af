// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Synchronization

/// Makes the ids of everything that is stored.
package enum RandomID {
    /// A random UUID (RFC 9562, version 4) in lower case.
    package static func uuid(using generator: inout some RandomNumberGenerator) -> String {
        text(high: generator.next(), low: generator.next())
    }

    /// A random UUID that cannot be guessed.
    package static func uuid() -> String {
        let (high, low) = pool.withLock { ($0.next(), $0.next()) }
        return text(high: high, low: low)
    }

    // 256 ids at a time: asked for each id, the kernel's generator took a third of a stored turn's time.
    private static let pool = Mutex(RandomPool())

    private static func text(high: UInt64, low: UInt64) -> String {
        let high = (high & ~0xF000) | 0x4000
        let low = (low & ~(0b11 << 62)) | (0b10 << 62)
        return String(unsafeUninitializedCapacity: 36) { bytes in
            var shift: UInt64 = 64
            for index in 0..<36 {
                if index == 8 || index == 13 || index == 18 || index == 23 {
                    bytes[index] = UInt8(ascii: "-")
                    continue
                }
                shift = shift == 0 ? 60 : shift - 4
                let nibble = UInt8(truncatingIfNeeded: (index < 18 ? high : low) >> shift) & 15
                bytes[index] = nibble < 10 ? 0x30 + nibble : 0x57 + nibble
            }
            return 36
        }
    }
}

/// Unpredictable words, fetched many at a time; each is handed out once.
private struct RandomPool {
    private static let count = 512
    private var words = [UInt64](repeating: 0, count: count)
    private var used = count

    mutating func next() -> UInt64 {
        if used == Self.count { refill() }
        used += 1
        return words[used - 1]
    }

    private mutating func refill() {
        used = 0
        let isFilled = words.withUnsafeMutableBytes { bytes in
            RAND_bytes(bytes.bindMemory(to: UInt8.self).baseAddress, Int32(bytes.count)) == 1
        }
        if isFilled { return }
        // Without entropy of its own OpenSSL refuses; the kernel waits for it instead.
        var generator = SystemRandomNumberGenerator()
        for index in words.indices { words[index] = generator.next() }
    }
}
