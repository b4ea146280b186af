// SPDX-License-Identifier: Apache-2.0

/// Why the store could not do what was asked.
///
/// Never carries a stored value.
package struct StorageError: Error, Sendable, Hashable {
    /// What the caller can decide on.
    package enum Kind: Sendable, Hashable {
        /// The store cannot be reached or is closed.
        case unavailable
        /// No space left: nothing was stored, and it may work again later.
        case full
        /// The conversation went on in the meantime; read it again.
        case conflict
        /// That client message id is stored already; answer what was answered then.
        case duplicate
        /// Too much is queued, or another process holds the lock: try again.
        case busy
        /// The database is damaged or is no database.
        case corrupt
        /// The database was written by a newer version of this program.
        case newerSchema
        /// There is no such row.
        case notFound
    }

    /// What the caller can decide on.
    package let kind: Kind
    /// One sentence for the operator, with names of files and tables at most.
    package let message: String

    /// An error of that kind.
    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

extension StorageError: CustomStringConvertible {
    /// The sentence for the operator.
    package var description: String { message }
}
