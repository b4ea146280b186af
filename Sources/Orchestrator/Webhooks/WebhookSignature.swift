// SPDX-License-Identifier: Apache-2.0

/// Proves to a receiver that a delivery is ours, and from when it is (the scheme of Standard Webhooks, `v1`).
///
/// HMAC-SHA256 over `ID.TIMESTAMP.BODY`. The time is that of the attempt: a receiver refuses what is old, so a
/// delivery that somebody recorded is worth nothing after minutes.
enum WebhookSignature {
    /// Fewer bytes than this can be guessed.
    static let minKeyBytes = 24
    private static let prefix = "whsec_"

    /// The key that a secret stands for: its bytes, or what follows `whsec_` as Base64; nil when that is none.
    static func key(of secret: Secret) -> [UInt8]? {
        let text = secret.revealed
        guard text.hasPrefix(prefix) else { return Array(text.utf8) }
        let url = text.utf8.dropFirst(prefix.utf8.count).filter { $0 != UInt8(ascii: "=") }.map { byte in
            byte == UInt8(ascii: "+")
                ? UInt8(ascii: "-") : byte == UInt8(ascii: "/") ? UInt8(ascii: "_") : byte
        }
        return Base64URL.decode(url)
    }

    /// The value of `webhook-signature`: one for each secret, newest first.
    static func header(_ id: String, _ timestamp: String, _ body: [UInt8], secrets: [Secret]) -> String {
        let signed = Array("\(id).\(timestamp).".utf8) + body
        return secrets.compactMap(key).map { key in
            "v1," + Base64.encode(HMACSHA256.authenticate(signed, key: key))
        }.joined(separator: " ")
    }
}
