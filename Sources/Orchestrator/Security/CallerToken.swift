// SPDX-License-Identifier: Apache-2.0

/// A caller's own token, held in memory alone: for a backend that names its issuer, and for nothing else.
///
/// Whatever it is compared with, it is the same: who somebody is does not change with a newer token.
package struct CallerToken: Sendable, Hashable {
    /// The issuer that signed it.
    package var issuer: String
    /// The token as it came.
    package var text: Secret

    /// A token of that issuer.
    package init(issuer: String, text: Secret) {
        self.issuer = issuer
        self.text = text
    }

    /// True for all of them.
    package static func == (_: CallerToken, _: CallerToken) -> Bool { true }

    /// Nothing: all are the same.
    package func hash(into _: inout Hasher) {}
}
