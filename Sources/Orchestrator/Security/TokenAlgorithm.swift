// SPDX-License-Identifier: Apache-2.0

/// How an issuer signs; each has one way, and its tokens no choice (RFC 8725 3.1).
package enum TokenAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// A secret that both sides know.
    case hs256 = "HS256"
    /// RSA with PKCS #1 1.5 and SHA-256; at least 2,048 bits.
    case rs256 = "RS256"
    /// The curve P-256 with SHA-256.
    case es256 = "ES256"
}
