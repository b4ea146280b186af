// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Makes tokens in the name of an issuer.
package struct TokenSigner: Sendable {
    private let issuer: Issuer
    private let key: [UInt8]

    /// Signs with the issuer's newest secret; nil when it has none.
    package init?(_ issuer: Issuer) {
        guard let key = issuer.keys.first else { return nil }
        self.issuer = issuer
        self.key = key
    }

    /// The signer of the first issuer that can carry the role; of the named one when a name is given.
    package static func first(
        of server: ServerSettings, for role: String, named name: String? = nil
    ) -> TokenSigner? {
        server.issuers.lazy.filter { name == nil || $0.name == name }.compactMap(TokenSigner.init)
            .first { $0.canCarry(role) }
    }

    /// How long its tokens are valid.
    package var validity: Duration { issuer.expires }

    /// True when a token of this issuer is read back as one of that role.
    ///
    /// The role claim is written whenever it differs from the default, so every declared role can be carried.
    package func canCarry(_ role: String) -> Bool { !issuer.roleClaim.isEmpty || issuer.defaultRole == role }

    /// A token for that user in that role, valid for the issuer's time.
    ///
    /// `notBefore` is the start of what counts for an account whose password was just changed: the token must not be
    /// older, and its times are whole seconds.
    package func sign(
        user: String, role: String, name: String? = nil, now: Timestamp, notBefore: Timestamp? = nil
    ) -> String {
        var claims = JSONObject()
        claims[issuer.userClaim] = .string(user)
        if role == TokenVerifier.adminRole, let adminClaim = issuer.adminClaim {
            claims[adminClaim] = .string(user)
        }
        // Written only when it is not the default: clients of the first system know no role claim.
        if role != issuer.defaultRole { claims[issuer.roleClaim] = .string(role) }
        if let name { claims[issuer.nameClaim] = .string(name) }
        claims["iat"] = .integer(max(now.seconds, notBefore?.seconds ?? 0))
        claims["exp"] = .integer((now + issuer.expires).seconds)
        return SignedToken.sign(.object(claims), type: "JWT", key: key)
    }
}
