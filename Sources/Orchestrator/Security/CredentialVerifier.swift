// SPDX-License-Identifier: Apache-2.0

/// Finds out who a bearer speaks for: a token of an issuer, a visitor's token, or a key; and whether that still holds.
///
/// Every channel has one; it is what requests ask, and what open sockets ask again after each change.
package final class CredentialVerifier: Sendable {
    private let accounts: AccountDirectory
    private let visitors: VisitorKey?
    private let issuer: String?
    private let takesKeys: Bool
    private let cache = TokenCache()

    /// Takes the tokens of every issuer, or of the named one; visitors' tokens only where a key for them is given.
    package init(
        accounts: AccountDirectory, issuer: String? = nil, visitors: VisitorKey? = nil, takesKeys: Bool = true
    ) {
        self.accounts = accounts
        self.issuer = issuer
        self.visitors = visitors
        self.takesKeys = takesKeys
    }

    /// Who the bearer speaks for, by the roles and issuers of that snapshot.
    package func verify(
        _ credential: String, _ snapshot: Snapshot, now: Timestamp
    ) throws(TokenError) -> Identity {
        if APIKey.isOne(credential) { return try key(credential, snapshot, now: now) }
        let identity = try token(credential, snapshot, now: now)
        try accounts.check(identity)
        return identity
    }

    private func token(
        _ token: String, _ snapshot: Snapshot, now: Timestamp
    ) throws(TokenError) -> Identity {
        let key = TokenCache.Key(token)
        if let known = cache.identity(key, snapshot) {
            guard known.expires.map({ now < $0 }) ?? true else { throw TokenError(.expired) }
            return known
        }
        let verifier = TokenVerifier(snapshot.parts.server, issuer: issuer, visitors: visitors)
        let identity = try verifier.verify(token, now: now)
        cache.remember(identity, key, snapshot)
        return identity
    }

    private func key(_ text: String, _ snapshot: Snapshot, now: Timestamp) throws(TokenError) -> Identity {
        guard takesKeys else { throw TokenError(.unknownKey) }
        let key = try accounts.key(text, now: now)
        guard snapshot.parts.server.roles[key.role] != nil else { throw TokenError(.unknownRole) }
        return Identity(
            user: key.id, role: key.role, name: key.name, issuer: nil, expires: key.expiresAt,
            issued: key.createdAt, key: key.id, assistants: key.assistants)
    }
}
