// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// One file of a tree as read from disk.
package struct TreeFile: Sendable {
    /// The path as people know it: `bots/patient.yaml`.
    package var path: String
    /// Its bytes.
    package var bytes: [UInt8]
    /// SHA-256 of the bytes, hexadecimal.
    package var digest: String

    /// A file with those bytes.
    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        digest = sha256(bytes)
    }

    /// True for configuration; other files are texts of knowledge sets.
    package var isYAML: Bool { path.hasSuffix(".yaml") || path.hasSuffix(".yml") }
}

/// SHA-256, hexadecimal in small letters.
func sha256(_ bytes: [UInt8]) -> String {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    _ = SHA256(bytes, bytes.count, &digest)
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
