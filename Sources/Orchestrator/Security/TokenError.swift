// SPDX-License-Identifier: Apache-2.0

/// Why a token proves nothing.
///
/// Never carries a part of the token.
package struct TokenError: Error, Sendable, Hashable {
    /// What was wrong.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case malformed = "malformed-token"
        case algorithm = "token-algorithm"
        case signature = "token-signature"
        case expired = "expired-token"
        case notYetValid = "token-not-yet-valid"
        /// Made for someone else: issuer, audience or type.
        case otherPurpose = "token-purpose"
        case noUser = "token-without-user"
        case unknownRole = "unknown-role"
        /// The account was disabled, its password changed, or the key taken back.
        case revoked = "revoked-token"
        case unknownKey = "unknown-key"
    }

    /// What was wrong.
    package let kind: Kind

    /// An error of that kind.
    package init(_ kind: Kind) { self.kind = kind }

    /// One sentence for the client's developer.
    package var message: String {
        switch kind {
        case .malformed: "the token is not a signed token"
        case .algorithm: "the token is signed in another way than its issuer's"
        case .signature: "the token's signature does not match"
        case .expired: "the token has expired"
        case .notYetValid: "the token is not valid yet"
        case .otherPurpose: "the token was made for another service"
        case .noUser: "the token names no user"
        case .unknownRole: "the token's role is not known here"
        case .revoked: "the token or key was taken back"
        case .unknownKey: "there is no such key"
        }
    }
}
