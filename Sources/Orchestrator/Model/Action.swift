// SPDX-License-Identifier: Apache-2.0

/// A declared operation of a backend with typed input and output.
package struct Action: Sendable {
    /// What performs it.
    package enum Backend: Sendable {
        /// The embedded collections.
        case records([RecordOperation])
        /// A system of somebody else's.
        case http(HTTPOperation)
    }

    /// The action's name, unique in its assistant.
    package var name: String
    /// What performs it.
    package var backend: Backend
    /// Its input, in file order; all required unless the template looks for a value with `default`.
    package var input: [ValueType.Field]
    /// Its output.
    package var output: ValueType
    /// True when it changes anything: such calls carry an idempotency key.
    package var isWrite: Bool

    /// An action of these parts.
    package init(name: String, backend: Backend, input: [ValueType.Field], output: ValueType, isWrite: Bool) {
        self.name = name
        self.backend = backend
        self.input = input
        self.output = output
        self.isWrite = isWrite
    }
}

/// One operation on a collection.
///
/// Its templates see `input`, `user`, `settings`, `conversation`, `now`, and what earlier operations of the
/// same action saved.
package struct RecordOperation: Sendable {
    /// What is done.
    package enum Verb: Sendable {
        case select(order: [Order], limit: Int?)
        case insert([ValueTemplate.Member])
        case update([ValueTemplate.Member])
        case delete
    }

    /// One key of an ordering.
    package struct Order: Sendable, Hashable {
        /// The field.
        package var field: String
        /// Largest first.
        package var isDescending: Bool

        /// Orders by a field.
        package init(field: String, isDescending: Bool) {
            self.field = field
            self.isDescending = isDescending
        }
    }

    /// A test of one field; a test whose value turns out to be nothing is left out unless `isPresent`.
    package struct Filter: Sendable {
        /// What is asked of the field.
        package enum Test: Sendable {
            case equals(ValueTemplate)
            case differs(ValueTemplate)
            case isOneOf(ValueTemplate)
            /// At or after the first, before the second: `{ from:, to: }`.
            case range(from: ValueTemplate?, to: ValueTemplate?)
            case isPresent(Bool)
            case isAbove(ValueTemplate)
            case isBelow(ValueTemplate)
            /// Contains the text, in any case.
            case contains(ValueTemplate)
        }

        /// The field, or a dotted path into it.
        package var field: String
        /// What is asked.
        package var test: Test

        /// A test of one field.
        package init(field: String, test: Test) {
            self.field = field
            self.test = test
        }
    }

    /// What is done.
    package var verb: Verb
    /// The collection.
    package var collection: String
    /// Which rows; empty means all.
    package var filters: [Filter]
    /// How many rows must be touched, else the action ends with the error `conflict` and nothing is changed.
    package var expect: Int?
    /// The name under which later operations see the first row touched (or all rows, for a select).
    package var save: String?

    /// An operation of these parts.
    package init(
        verb: Verb, collection: String, filters: [Filter] = [], expect: Int? = nil, save: String? = nil
    ) {
        self.verb = verb
        self.collection = collection
        self.filters = filters
        self.expect = expect
        self.save = save
    }
}

/// A collection of the embedded backend and who may see which of its rows.
package struct RecordCollection: Sendable {
    /// What a role may see and change.
    package enum Access: Sendable, Hashable {
        case any
        case none
        /// Rows whose field equals the caller's user id.
        case own(field: String)
    }

    /// The collection's name, unique in the tree.
    package var name: String
    /// By role; a role that is not named has none.
    ///
    /// Nil: open to every role.
    package var access: [String: Access]?

    /// A collection with its rules.
    package init(name: String, access: [String: Access]?) {
        self.name = name
        self.access = access
    }

    /// What that role may do.
    package func access(for role: String) -> Access { access.map { $0[role] ?? .none } ?? .any }
}
