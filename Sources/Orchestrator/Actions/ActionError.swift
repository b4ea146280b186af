// SPDX-License-Identifier: Apache-2.0

/// Why an action was not carried out; a flow's `if_error` matches `name`.
package struct ActionError: Error, Sendable, Hashable {
    /// `conflict`, `not_found`, `forbidden`, `bad_input`, `unavailable`, `timeout`, or a backend's own.
    package var name: String
    /// For the operator: names of actions, fields and collections, never a value.
    package var detail: String

    /// An error of that name.
    package init(_ name: String, _ detail: String) {
        self.name = name
        self.detail = detail
    }

    /// The rows were not as the action needs them.
    package static let conflict = "conflict"
    /// What the action is about does not exist.
    package static let notFound = "not_found"
    /// The caller's role may not do this.
    package static let forbidden = "forbidden"
    /// The input does not have its declared types.
    package static let badInput = "bad_input"
    /// The backend does not answer.
    package static let unavailable = "unavailable"
    /// The backend did not answer in time.
    package static let timeout = "timeout"

    /// The names a flow may handle besides `any`.
    package static let names = [conflict, notFound, forbidden, badInput, unavailable, timeout]

    /// True when the backend gave no proper answer, rather than refusing for a reason that belongs to the task.
    package var isFailure: Bool { [Self.badInput, Self.unavailable, Self.timeout].contains(name) }
}
