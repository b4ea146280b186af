// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Signs and verifies the tokens of people without an account.
///
/// The keys are derived from the issuers' secrets, so that a visitor's token outlives a restart, is known to every
/// instance, and can never pass for an issuer's own. Without any issuer, a key of this process's own is used.
package struct VisitorKey: Sendable {
    private static let purpose = Array("orchestrator visitor token v1".utf8)
    private let fallback: [UInt8]

    /// Keys whose fallback is new for each process.
    package init() {
        var generator = SystemRandomNumberGenerator()
        fallback = (0..<HMACSHA256.byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// Every key that verifies; the first one signs.
    func keys(_ issuers: [Issuer]) -> [[UInt8]] {
        let derived = issuers.flatMap(\.keys).map { HMACSHA256.authenticate(Self.purpose, key: $0) }
        return derived.isEmpty ? [fallback] : derived
    }

    /// A new visitor and the token that proves it.
    package func newVisitor(_ server: ServerSettings, now: Timestamp) -> (identity: Identity, token: String) {
        let expires = now + (server.issuers.first?.expires ?? .seconds(86_400))
        let identity = Identity(
            user: RandomID.uuid(), role: Identity.anonymousRole, issuer: nil,
            expires: Timestamp(milliseconds: expires.seconds * 1000),
            issued: Timestamp(milliseconds: now.seconds * 1000))
        let claims: JSON = [
            "sub": .string(identity.user), "iat": .integer(now.seconds), "exp": .integer(expires.seconds),
        ]
        let key = keys(server.issuers).first ?? fallback
        return (identity, SignedToken.sign(claims, type: SignedToken.visitorType, key: key))
    }
}
