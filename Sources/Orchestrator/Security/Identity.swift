// SPDX-License-Identifier: Apache-2.0

/// Who someone is, as proven by a token or a key.
package struct Identity: Sendable, Hashable {
    /// The role of people without an account.
    package static let anonymousRole = "anonymous"

    /// The user id, as the token says it; of a key, the key's id.
    package var user: String
    /// A role that the server declares.
    package var role: String
    /// The person's name, if the token has one.
    package var name: String?
    /// The issuer that signed the token; nil for a visitor's token and for a key, which we make ourselves.
    package var issuer: String?
    /// From then on it proves nothing; nil for a key without an end.
    package var expires: Timestamp?
    /// When the token was made, if it says so.
    package var issued: Timestamp?
    /// The id of the key that proved it; nil for a token.
    package var key: String?
    /// The only assistants it is good for; nil for all of the role.
    package var assistants: [String]?
    /// The token itself, for a backend that takes it; nil for a visitor's and for a key.
    package var token: CallerToken?

    /// A proven identity.
    package init(
        user: String, role: String, name: String? = nil, issuer: String?, expires: Timestamp?,
        issued: Timestamp? = nil, key: String? = nil, assistants: [String]? = nil
    ) {
        self.user = user
        self.role = role
        self.name = name
        self.issuer = issuer
        self.expires = expires
        self.issued = issued
        self.key = key
        self.assistants = assistants
    }

    /// True when it is good for that assistant.
    package func reaches(_ assistant: String) -> Bool { assistants?.contains(assistant) ?? true }
}
