// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// Keyed hashes (RFC 2104 with SHA-256).
enum HMACSHA256 {
    static let byteCount = 32

    /// The hash of a message under a key.
    static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { out, count in
            var length: UInt32 = 0
            let result = HMAC(
                EVP_sha256(), key, Int32(key.count), message, message.count, out.baseAddress, &length)
            // Only running out of memory gets here; a hash of zeros would verify forged tokens.
            guard result != nil, length == byteCount else { preconditionFailure("HMAC-SHA256 gave no hash") }
            count = byteCount
        }
    }

    /// Compares without telling by its duration where two hashes differ.
    static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }
}
