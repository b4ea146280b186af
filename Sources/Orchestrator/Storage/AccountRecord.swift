// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One person's account as it is stored.
package struct UserRecord: Sendable, Hashable {
    /// A random UUID: the user id in tokens.
    package var id: String
    /// What they log in with, as they wrote it.
    package var name: String
    /// Where they can be reached, if they said so.
    package var email: String?
    /// A bcrypt hash.
    package var passwordHash: String
    /// The role of their tokens.
    package var role: String
    /// When the account was made.
    package var createdAt: Timestamp
    /// The last login; nil before the first.
    package var lastLogin: Timestamp?
    /// May not log in, and their tokens prove nothing.
    package var isDisabled: Bool
    /// Tokens made before prove nothing: the password was changed, or the account was disabled.
    package var tokensFrom: Timestamp?

    /// An account.
    package init(
        id: String, name: String, email: String? = nil, passwordHash: String, role: String,
        createdAt: Timestamp, lastLogin: Timestamp? = nil, isDisabled: Bool = false,
        tokensFrom: Timestamp? = nil
    ) {
        self.id = id
        self.name = name
        self.email = email
        self.passwordHash = passwordHash
        self.role = role
        self.createdAt = createdAt
        self.lastLogin = lastLogin
        self.isDisabled = isDisabled
        self.tokensFrom = tokensFrom
    }

    /// What makes a name unique: two that differ in case or in how an accent is written are one.
    static func key(_ name: String) -> String { name.precomposedStringWithCanonicalMapping.lowercased() }
}

/// One long-lived key as it is stored: never the key itself.
package struct KeyRecord: Sendable, Hashable {
    /// Its public part, which the key begins with: `ork_1a2b3c4d`.
    package var id: String
    /// SHA-256 of the whole key, hexadecimal.
    package var hash: String
    /// What it is for, in the operator's words.
    package var name: String
    /// The role it proves.
    package var role: String
    /// The assistants it may use; nil for all of its role.
    package var assistants: [String]?
    /// When it was made.
    package var createdAt: Timestamp
    /// From then on it proves nothing; nil for never.
    package var expiresAt: Timestamp?
    /// When it was taken back.
    package var revokedAt: Timestamp?
    /// The last use, to the minute.
    package var lastUsedAt: Timestamp?

    /// A key.
    package init(
        id: String, hash: String, name: String, role: String, assistants: [String]? = nil,
        createdAt: Timestamp, expiresAt: Timestamp? = nil, revokedAt: Timestamp? = nil,
        lastUsedAt: Timestamp? = nil
    ) {
        self.id = id
        self.hash = hash
        self.name = name
        self.role = role
        self.assistants = assistants
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.lastUsedAt = lastUsedAt
    }
}

/// What was changed about the rights of users and keys since a mark.
package struct AccountChanges: Sendable, Hashable {
    /// The rights of one user.
    package struct User: Sendable, Hashable {
        /// Whose.
        package var id: String
        /// Their tokens prove nothing.
        package var isDisabled: Bool
        /// Tokens made before prove nothing.
        package var tokensFrom: Timestamp?

        /// The rights of one user.
        package init(id: String, isDisabled: Bool, tokensFrom: Timestamp?) {
            self.id = id
            self.isDisabled = isDisabled
            self.tokensFrom = tokensFrom
        }
    }

    /// Ask for what follows with this.
    package var mark: Int
    /// Users, oldest change first.
    package var users: [User]
    /// Keys, oldest change first.
    package var keys: [KeyRecord]

    /// What was changed.
    package init(mark: Int, users: [User], keys: [KeyRecord]) {
        self.mark = mark
        self.users = users
        self.keys = keys
    }
}
