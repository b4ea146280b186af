// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// A token in the compact form `header.claims.signature` (RFC 7515 3.1), its signature not yet checked.
struct SignedToken {
    /// Longer tokens are refused before they are looked at.
    static let maxBytes = 4096
    /// The `typ` of the tokens we give to people without an account.
    static let visitorType = "visitor+jwt"

    var header: JSONObject
    let algorithm: TokenAlgorithm
    var claims: [UInt8]
    var signed: [UInt8]
    var signature: [UInt8]

    /// Takes a token apart.
    ///
    /// Only the header is read: what is claimed counts for nothing before the signature.
    init(_ token: String) throws(TokenError) {
        let bytes = Array(token.utf8)
        guard bytes.count <= Self.maxBytes else { throw TokenError(.malformed) }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let head = Base64URL.decode(parts[0]),
            let claims = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2])
        else { throw TokenError(.malformed) }
        header = try Self.object(head)
        algorithm = try Self.algorithm(header)
        self.claims = claims
        self.signature = signature
        signed = Array(bytes[..<parts[1].endIndex])
        try checkHeader()
    }

    /// Signs claims; `type` becomes the header's `typ`.
    static func sign(_ claims: JSON, type: String, key: [UInt8]) -> String {
        let header: JSON = ["alg": "HS256", "typ": .string(type)]
        let signed = Base64URL.encode(header.encoded()) + "." + Base64URL.encode(claims.encoded())
        return signed + "." + Base64URL.encode(HMACSHA256.authenticate(Array(signed.utf8), key: key))
    }

    /// True when one of the keys made the signature.
    func isSigned(by keys: [[UInt8]]) -> Bool {
        keys.contains { HMACSHA256.areEqual(HMACSHA256.authenticate(signed, key: $0), signature) }
    }

    /// True when the issuer made the signature, in its one way.
    func isSigned(by issuer: Issuer) -> Bool {
        guard algorithm == issuer.algorithm else { return false }
        if algorithm == .hs256 { return isSigned(by: issuer.keys) }
        let kid = header["kid"]?.text
        return issuer.publicKeys.contains { key in
            (kid == nil || key.id == nil || key.id == kid) && key.verifies(signed, signature: signature)
        }
    }

    var isVisitorToken: Bool { header["typ"]?.text == Self.visitorType }

    static func object(_ bytes: [UInt8]) throws(TokenError) -> JSONObject {
        guard let value = try? JSON.parse(bytes, maxDepth: 8), let object = value.members else {
            throw TokenError(.malformed)
        }
        return object
    }

    // RFC 8725 3.1: the algorithm is the issuer's to say, and is spelt one way. A token of ours that an access server
    // made says so in its type (RFC 9068 2.1), which a shared secret must not. `crit` names extensions that must be
    // understood (RFC 7515 4.1.11), and none is.
    private static func algorithm(_ header: JSONObject) throws(TokenError) -> TokenAlgorithm {
        guard let algorithm = header["alg"]?.text.flatMap(TokenAlgorithm.init(rawValue:)) else {
            throw TokenError(.algorithm)
        }
        return algorithm
    }

    private func checkHeader() throws(TokenError) {
        guard header["crit"] == nil else { throw TokenError(.malformed) }
        guard let type = header["typ"] else { return }
        var known = ["jwt", Self.visitorType]
        if algorithm != .hs256 { known = ["jwt", "at+jwt"] }
        guard let name = type.text, known.contains(name.lowercased()) else { throw TokenError(.otherPurpose) }
    }
}
