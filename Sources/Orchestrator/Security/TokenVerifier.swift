// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Finds out who a token speaks for, by the issuers and roles of a snapshot.
package struct TokenVerifier: Sendable {
    /// A longer user id is refused; a longer name is left out.
    static let maxCharacters = 256
    /// The role of a token with the issuer's `admin` claim (DESIGN 12).
    static let adminRole = "ADMIN"

    private let issuers: [Issuer]
    private let roles: [String: Role]
    private let visitors: VisitorKey?

    /// Verifies tokens of every issuer, or of one; visitors' tokens only where a key for them is given.
    package init(_ server: ServerSettings, issuer: String? = nil, visitors: VisitorKey? = nil) {
        issuers = server.issuers.filter { issuer == nil || $0.name == issuer }
        roles = server.roles
        self.visitors = visitors
    }

    /// Who the token speaks for.
    package func verify(_ text: String, now: Timestamp) throws(TokenError) -> Identity {
        let token = try SignedToken(text)
        if token.isVisitorToken { return try verifyVisitor(token, now: now) }
        guard issuers.isEmpty || issuers.contains(where: { $0.algorithm == token.algorithm }) else {
            throw TokenError(.algorithm)
        }
        guard let issuer = issuers.first(where: token.isSigned) else { throw TokenError(.signature) }
        let claims = try SignedToken.object(token.claims)
        let times = try TokenTimes(claims, now: now)
        try checkPurpose(claims, issuer: issuer)
        let (user, role) = try subject(claims, issuer: issuer)
        guard roles[role] != nil else { throw TokenError(.unknownRole) }
        let name = claims[issuer.nameClaim]?.text.flatMap { $0.count <= Self.maxCharacters ? $0 : nil }
        var identity = Identity(
            user: user, role: role, name: name, issuer: issuer.name, expires: times.expires,
            issued: times.issued)
        identity.token = CallerToken(issuer: issuer.name, text: Secret(text))
        return identity
    }

    private func verifyVisitor(_ token: SignedToken, now: Timestamp) throws(TokenError) -> Identity {
        guard let visitors, token.isSigned(by: visitors.keys(issuers)) else { throw TokenError(.signature) }
        let claims = try SignedToken.object(token.claims)
        let times = try TokenTimes(claims, now: now)
        let user = try userID(claims["sub"])
        guard roles[Identity.anonymousRole] != nil else { throw TokenError(.unknownRole) }
        return Identity(
            user: user, role: Identity.anonymousRole, issuer: nil, expires: times.expires,
            issued: times.issued)
    }

    // RFC 7519 4.1.3: a token with an audience that is not us must be refused; we are in one only where the issuer's
    // configuration names us.
    private func checkPurpose(_ claims: JSONObject, issuer: Issuer) throws(TokenError) {
        let by = claims["iss"]
        let isFrom = issuer.expectedIssuer.map { by?.text == $0 } ?? (by == nil || by?.text == issuer.name)
        guard isFrom, Self.isFor(issuer.audiences, claims["aud"]) else { throw TokenError(.otherPurpose) }
    }

    private static func isFor(_ ours: [String], _ claim: JSON?) -> Bool {
        guard !ours.isEmpty else { return claim == nil }
        guard let claim else { return false }
        let named = claim.text.map { [$0] } ?? claim.list?.compactMap(\.text) ?? []
        return named.contains(where: ours.contains)
    }

    private func subject(
        _ claims: JSONObject, issuer: Issuer
    ) throws(TokenError) -> (user: String, role: String) {
        if let adminClaim = issuer.adminClaim, let admin = claims[adminClaim], !admin.isNull {
            return (try userID(admin), Self.adminRole)
        }
        let user = try userID(claims[issuer.userClaim])
        guard let claim = claims[issuer.roleClaim] else {
            guard let role = issuer.defaultRole else { throw TokenError(.unknownRole) }
            return (user, role)
        }
        guard let role = claim.text else { throw TokenError(.unknownRole) }
        return (user, role)
    }

    private func userID(_ claim: JSON?) throws(TokenError) -> String {
        let text: String? =
            switch claim {
            case .string(let text): text
            case .integer(let number): String(number)
            default: nil
            }
        guard let text, !text.isEmpty, text.unicodeScalars.count <= Self.maxCharacters,
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else { throw TokenError(.noUser) }
        return text
    }
}

extension Issuer {
    /// The secrets' bytes, newest first.
    ///
    /// An empty secret signs and verifies nothing.
    var keys: [[UInt8]] { secrets.map { Array($0.revealed.utf8) }.filter { !$0.isEmpty } }
}
