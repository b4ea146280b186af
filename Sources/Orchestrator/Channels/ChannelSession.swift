// SPDX-License-Identifier: Apache-2.0

/// One open socket of any dialect, as the rest of the server knows it.
package protocol ChannelSession: AnyObject, Sendable {
    /// Whose it is.
    var member: SessionMember { get }

    /// Takes a notice that belongs to no conversation the socket watches: an `alert`, a `queue`, a `presence`.
    ///
    /// Must not block.
    func tell(_ delivery: ConversationDelivery)

    /// A new snapshot is being served: a socket whose right is gone closes itself.
    func snapshotChanged()
}

/// Whose a socket is, and where it came in.
package struct SessionMember: Sendable, Hashable {
    /// The channel's name; ``NativeChannel/mainName`` for the main port.
    package var channel: String
    /// The user.
    package var user: String
    /// The role.
    package var role: String
    /// The name as shown.
    package var name: String?
    /// Answers people: by their role, or because the channel vouches for them.
    package var isStaff: Bool
    /// The channel vouches that they may claim from every queue it serves, whatever their role.
    package var isVouched: Bool
    /// Since when.
    package var since: Timestamp

    /// The owner of a socket.
    package init(
        channel: String, user: String, role: String, name: String? = nil, isStaff: Bool,
        isVouched: Bool = false, since: Timestamp
    ) {
        self.channel = channel
        self.user = user
        self.role = role
        self.name = name
        self.isStaff = isStaff
        self.isVouched = isVouched
        self.since = since
    }
}
