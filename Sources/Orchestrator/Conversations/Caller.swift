// SPDX-License-Identifier: Apache-2.0

/// Who talks to us, as their token proves it.
package struct Caller: Sendable, Hashable {
    /// The user's id.
    package var user: String
    /// The role.
    package var role: String
    /// The name as shown; nil when the token has none.
    package var name: String?
    /// The channel that has made sure, by its own rules, that this is a member of its staff.
    ///
    /// They see every conversation begun on, or claimed from, that channel. Nil for everybody else.
    package var staffOf: String?
    /// What proved it, while the request or socket lives; nil where nobody is there, and for visitors.
    package var token: CallerToken?

    /// A proven person.
    package init(user: String, role: String, name: String? = nil, staffOf: String? = nil) {
        self.user = user
        self.role = role
        self.name = name
        self.staffOf = staffOf
    }

    /// Someone without an account, whom a channel knows by an external id only.
    package static func guest(of channel: String, _ externalID: String, name: String? = nil) -> Caller {
        Caller(user: "\(channel):\(externalID)", role: Identity.anonymousRole, name: name)
    }
}
