// SPDX-License-Identifier: Apache-2.0

/// Who someone is, as proven by a token.
package struct Identity: Sendable, Hashable {
    /// The role of people without an account.
    package static let anonymousRole = "anonymous"

    /// The user id, as the token says it.
    package var user: String
    /// A role that the server declares.
    package var role: String
    /// The person's name, if the token has one.
    package var name: String?
    /// The issuer that signed the token; nil for a visitor's token, which we make ourselves.
    package var issuer: String?
    /// From then on the token proves nothing.
    package var expires: Timestamp
    /// The token itself, for a backend that takes it; nil for a visitor's.
    package var token: CallerToken?

    /// A proven identity.
    package init(user: String, role: String, name: String? = nil, issuer: String?, expires: Timestamp) {
        self.user = user
        self.role = role
        self.name = name
        self.issuer = issuer
        self.expires = expires
    }
}
