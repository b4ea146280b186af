// SPDX-License-Identifier: Apache-2.0

/// Who talks to us, as their token proves it.
package struct Caller: Sendable, Hashable {
    /// The user's id.
    package var user: String
    /// The role.
    package var role: String
    /// The name as shown; nil when the token has none.
    package var name: String?

    /// A proven person.
    package init(user: String, role: String, name: String? = nil) {
        self.user = user
        self.role = role
        self.name = name
    }
}
