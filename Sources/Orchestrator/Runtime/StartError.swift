// SPDX-License-Identifier: Apache-2.0

/// Why a server could not start; what it says is for the operator.
package struct StartError: Error, Sendable {
    /// Which kind of exit it is.
    package enum Kind: Sendable, Equatable {
        /// The files have problems: exit 1.
        case configuration
        /// A port, the storage or a secret: exit 4.
        case environment
    }

    /// Which kind of exit it is.
    package let kind: Kind
    /// What is wrong, as shown.
    package let text: String

    package init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }
}
