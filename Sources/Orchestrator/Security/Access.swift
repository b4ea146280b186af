// SPDX-License-Identifier: Apache-2.0

/// Who may use a route.
///
/// Which route says what stands in `NativeRoutes`; what it means is decided here.
package enum Access: String, Sendable, Hashable, CaseIterable {
    /// Everybody, with or without a token.
    case everyone
    /// Everybody with a token, and people without one where some assistant is for `anonymous`.
    case anyRole
    /// Everybody with a token; whose conversation it is, the conversation service decides.
    case bearer
    /// Everybody with a key, which other systems have: a person's token is not enough.
    case keys
    /// Roles that answer people.
    case staff
    /// Roles that run the server.
    case operators
    /// The same, and in development also anyone on this machine: a scraper beside the server needs no token.
    case operatorsOrLocal
    /// Who opened the demo page: this machine, development, `demo: true`, and no way through a proxy.
    case demo
}

/// What is known of whoever asks.
package struct Asker: Sendable {
    /// Who their token proves them to be; nil without a token.
    package var identity: Identity?
    /// True when they are on this machine.
    package var isLocal: Bool
    /// True when the request meets the conditions of the demo page.
    package var mayDemo: Bool

    /// What is known of whoever asks.
    package init(identity: Identity?, isLocal: Bool, mayDemo: Bool) {
        self.identity = identity
        self.isLocal = isLocal
        self.mayDemo = mayDemo
    }
}

/// Whether someone may go on.
package enum AccessDecision: Sendable, Hashable {
    case granted
    /// A token is needed.
    case unauthenticated
    /// The token's role is not enough.
    case forbidden
    /// The route is not there for them.
    case hidden
}

extension Access {
    /// Decides by the roles of the snapshot that is being served.
    package func decide(_ asker: Asker, _ snapshot: Snapshot) -> AccessDecision {
        let server = snapshot.parts.server
        switch self {
        case .everyone: return .granted
        case .demo: return asker.mayDemo ? .granted : .hidden
        case .anyRole:
            if asker.identity != nil { return .granted }
            return snapshot.isOpen(to: Identity.anonymousRole) ? .granted : .unauthenticated
        case .bearer: return asker.identity == nil ? .unauthenticated : .granted
        case .keys:
            guard let identity = asker.identity else { return .unauthenticated }
            return identity.key == nil ? .forbidden : .granted
        case .operatorsOrLocal where asker.isLocal && server.environment == .development: return .granted
        case .staff:
            guard let identity = asker.identity else { return .unauthenticated }
            return server.roles[identity.role]?.isStaff == true ? .granted : .forbidden
        case .operators, .operatorsOrLocal:
            guard let identity = asker.identity else { return .unauthenticated }
            return server.roles[identity.role]?.isOperator == true ? .granted : .forbidden
        }
    }
}

extension Snapshot {
    /// True when some assistant is for that role.
    package func isOpen(to role: String) -> Bool {
        parts.assistants.values.contains { $0.parts.roles.contains(role) }
    }
}
