// SPDX-License-Identifier: Apache-2.0

/// A long-lived key: `ork_1a2b3c4d_` and 256 random bits.
///
/// The store has the SHA-256 of it. That is enough, and takes a microsecond: what has 256 random bits cannot be found
/// by trying, unlike a password.
package struct APIKey: Sendable {
    /// What every key begins with, so that scanners of repositories find one that was left there.
    package static let prefix = "ork_"
    private static let secretBytes = 32
    /// Characters of a key's public part.
    static let idLength = prefix.count + 8

    /// The whole key; shown once, when it is made.
    package let text: String
    /// Its public part: `ork_1a2b3c4d`.
    package let id: String

    /// A new key.
    package init() {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<Self.secretBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        id = Self.prefix + RandomID.uuid().prefix(8)
        text = id + "_" + Base64URL.encode(bytes)
    }

    /// True for a bearer that is a key and no token: tokens have two dots, keys none.
    static func isOne(_ credential: String) -> Bool { credential.hasPrefix(prefix) }

    /// What the store has of a key.
    package static func hash(_ text: String) -> String { sha256(Array(text.utf8)) }

    /// What is stored.
    package func record(
        name: String, role: String, assistants: [String]?, now: Timestamp, expires: Timestamp?
    ) -> KeyRecord {
        KeyRecord(
            id: id, hash: Self.hash(text), name: name, role: role, assistants: assistants, createdAt: now,
            expiresAt: expires)
    }
}
