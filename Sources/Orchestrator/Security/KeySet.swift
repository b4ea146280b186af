// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// A JSON Web Key Set (RFC 7517 5): the public keys of an issuer, by their `kid`.
enum KeySet {
    /// More keys are a mistake: each may be tried for one token.
    static let maxKeys = 32
    // SubjectPublicKeyInfo up to the key itself: the identifiers of rsaEncryption (RFC 8017 A.1) and of an
    // uncompressed point on P-256 (RFC 5480 2.1.1).
    private static let rsa: [UInt8] = [
        0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
    ]
    private static let p256: [UInt8] = [
        0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE,
        0x3D, 0x03, 0x01, 0x07,
    ]

    /// The keys of a set that are for signatures of that algorithm; nil when the text is no key set.
    ///
    /// Keys for something else are left out, as the RFC says.
    static func keys(in bytes: [UInt8], for algorithm: TokenAlgorithm) -> [VerificationKey]? {
        guard let document = try? JSON.parse(bytes, maxDepth: 16), let list = document["keys"]?.list,
            list.count <= maxKeys
        else { return nil }
        return list.compactMap { key($0, algorithm) }
    }

    private static func key(_ entry: JSON, _ algorithm: TokenAlgorithm) -> VerificationKey? {
        guard entry["use"] == nil || entry["use"]?.text == "sig",
            entry["alg"] == nil || entry["alg"]?.text == algorithm.rawValue,
            let der = algorithm == .rs256 ? rsaKey(entry) : curveKey(entry)
        else { return nil }
        return VerificationKey(der: der, id: entry["kid"]?.text, algorithm: algorithm)
    }

    private static func rsaKey(_ entry: JSON) -> [UInt8]? {
        guard entry["kty"]?.text == "RSA", let modulus = bytes(entry["n"]), let exponent = bytes(entry["e"])
        else { return nil }
        let key = DER.sequence(DER.integer(modulus) + DER.integer(exponent))
        return DER.sequence(rsa + DER.bits(key))
    }

    private static func curveKey(_ entry: JSON) -> [UInt8]? {
        guard entry["kty"]?.text == "EC", entry["crv"]?.text == "P-256", let x = bytes(entry["x"]),
            let y = bytes(entry["y"]), x.count == 32, y.count == 32
        else { return nil }
        return DER.sequence(p256 + DER.bits([0x04] + x + y))
    }

    private static func bytes(_ value: JSON?) -> [UInt8]? {
        value?.text.flatMap { Base64URL.decode($0.utf8) }
    }
}
