// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// A public key that verifies the tokens of an issuer.
///
/// Unchecked because it holds a C pointer: the key is complete before anybody sees it and never changes, OpenSSL
/// verifies with it from any thread, and it is freed in `deinit` alone.
package final class VerificationKey: @unchecked Sendable {
    /// A shorter RSA key is refused (RFC 7518 3.3).
    static let minRSABits = 2048

    /// What a token's `kid` calls it; nil verifies tokens with any `kid`.
    package let id: String?
    /// The one algorithm it is for.
    package let algorithm: TokenAlgorithm
    private let key: OpaquePointer

    /// A key from its SubjectPublicKeyInfo (RFC 5280 4.1.2.7); nil when it is no key for that algorithm.
    init?(der: [UInt8], id: String?, algorithm: TokenAlgorithm) {
        let key = der.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var start = bytes.baseAddress
            return d2i_PUBKEY(nil, &start, bytes.count)
        }
        guard let key else { return nil }
        guard Self.suits(key, algorithm) else {
            EVP_PKEY_free(key)
            return nil
        }
        self.key = key
        self.id = id
        self.algorithm = algorithm
    }

    /// A key from a PEM text with `BEGIN PUBLIC KEY`; nil when it is no key for that algorithm.
    package convenience init?(pem text: String, algorithm: TokenAlgorithm) {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.filter { $0 != " " && $0 != "\t" } }
        guard let start = lines.firstIndex(of: "-----BEGINPUBLICKEY-----"),
            let end = lines.firstIndex(of: "-----ENDPUBLICKEY-----"), start < end
        else { return nil }
        let body = lines[(start + 1)..<end].joined()
        let plain = body.replacing("+", with: "-").replacing("/", with: "_").prefix { $0 != "=" }
        guard let der = Base64URL.decode(plain.utf8) else { return nil }
        self.init(der: der, id: nil, algorithm: algorithm)
    }

    deinit { EVP_PKEY_free(key) }

    /// True when the holder of the private key made the signature.
    func verifies(_ signed: [UInt8], signature: [UInt8]) -> Bool {
        guard let signature = algorithm == .es256 ? Self.encoded(signature) : signature else { return false }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1 else { return false }
        return EVP_DigestVerify(context, signature, signature.count, signed, signed.count) == 1
    }

    private static func suits(_ key: OpaquePointer, _ algorithm: TokenAlgorithm) -> Bool {
        switch algorithm {
        case .hs256: false
        case .rs256: EVP_PKEY_is_a(key, "RSA") == 1 && EVP_PKEY_get_bits(key) >= minRSABits
        case .es256: EVP_PKEY_is_a(key, "EC") == 1 && curve(of: key) == "prime256v1"
        }
    }

    private static func curve(of key: OpaquePointer) -> String? {
        var name = [CChar](repeating: 0, count: 64)
        var length = 0
        guard EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1 else { return nil }
        return String(decoding: name.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    // A token has r and s side by side (RFC 7518 3.4), OpenSSL wants them as a DER sequence of two integers.
    private static func encoded(_ signature: [UInt8]) -> [UInt8]? {
        guard signature.count == 64 else { return nil }
        return DER.sequence(DER.integer(signature[..<32]) + DER.integer(signature[32...]))
    }
}

/// As much of DER as public keys and signatures need (X.690).
enum DER {
    static func sequence(_ body: [UInt8]) -> [UInt8] { tagged(0x30, body) }

    static func bits(_ body: [UInt8]) -> [UInt8] { tagged(0x03, [0] + body) }

    /// A number that is not negative: no leading zeros, but for the one that keeps it so.
    static func integer(_ magnitude: some Collection<UInt8>) -> [UInt8] {
        let digits = Array(magnitude.drop { $0 == 0 })
        guard let first = digits.first else { return tagged(0x02, [0]) }
        return tagged(0x02, first >= 0x80 ? [0] + digits : digits)
    }

    private static func tagged(_ tag: UInt8, _ body: [UInt8]) -> [UInt8] {
        if body.count < 0x80 { return [tag, UInt8(body.count)] + body }
        let length = withUnsafeBytes(of: UInt32(body.count).bigEndian) { Array($0.drop { $0 == 0 }) }
        return [tag, 0x80 | UInt8(length.count)] + length + body
    }
}
