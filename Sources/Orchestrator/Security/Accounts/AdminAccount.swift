// SPDX-License-Identifier: Apache-2.0

/// The one account that the configuration holds: `auth.admin`.
package struct AdminAccount: Sendable, Hashable {
    /// What they log in with.
    package var email: String
    /// Their password.
    package var password: Secret

    /// An account of those; ``isOn`` when neither is empty.
    package init(email: String, password: Secret) {
        self.email = email
        self.password = password
    }

    /// True when both are set.
    package var isOn: Bool { !email.isEmpty && !password.revealed.isEmpty }

    /// Compares both, whichever is wrong, in a time that tells nothing about them.
    func matches(_ name: String, _ attempt: String) -> Bool {
        let isName = Self.areEqual(name.lowercased(), email.lowercased())
        let isPassword = Self.areEqual(attempt, password.revealed)
        return isOn && isName && isPassword
    }

    /// The account as others see theirs.
    func record(now: Timestamp) -> UserRecord {
        UserRecord(
            id: Accounts.adminID, name: email, email: email, passwordHash: "",
            role: TokenVerifier.adminRole, createdAt: now)
    }

    // Hashes have one length, so not even that is told.
    private static func areEqual(_ left: String, _ right: String) -> Bool {
        HMACSHA256.areEqual(Array(sha256(Array(left.utf8)).utf8), Array(sha256(Array(right.utf8)).utf8))
    }
}
