// SPDX-License-Identifier: Apache-2.0
package import Diagnostics

/// A conversation with expectations, as a `tests` file declares it.
package struct ConversationTest: Sendable {
    /// Something said, or time that passes.
    package enum Act: Sendable, Hashable {
        case says(String)
        case waits(Duration)
    }

    /// One act and what must follow it.
    package struct Step: Sendable {
        /// What is done.
        package var act: Act
        /// What must follow; nil expects nothing in particular.
        package var expectation: Expectation?

        /// An act and what must follow it.
        package init(act: Act, expectation: Expectation?) {
            self.act = act
            self.expectation = expectation
        }
    }

    /// What one act must lead to; nil and empty ask for nothing.
    package struct Expectation: Sendable, Hashable {
        /// Fragments of the replies.
        package var says: [String] = []
        /// What no reply may hold.
        package var saysNot: [String] = []
        /// The type of the last reply that has one.
        package var type: String?
        /// The intent that was recognised.
        package var intent: String?
        /// The flow that is open afterwards; `none` for no flow.
        package var flow: String?
        /// Who answers afterwards: `assistant`, `waiting`, `human`, `closed`.
        package var state: String?
        /// The safety family that was recognised; `none` for none.
        package var safety: String?
        /// Slots of the open flow as text.
        package var slots: [String: String] = [:]
        /// Where it is written.
        package var range: SourceRange

        /// An expectation that asks for nothing yet.
        package init(at range: SourceRange) { self.range = range }
    }

    /// The test's name, unique in its file.
    package var name: String
    /// The assistant that is talked to.
    package var assistant: String
    /// The person's role.
    package var role: String
    /// The person's user id.
    package var user: String
    /// The time at which it begins.
    package var clock: Timestamp
    /// Providers that fail, and how.
    package var faults: [String: ProviderCause]
    /// What is done, in order.
    package var steps: [Step]
    /// Where it is declared.
    package var range: SourceRange

    /// A test of these parts.
    package init(
        name: String, assistant: String, role: String, user: String, clock: Timestamp,
        faults: [String: ProviderCause],
        steps: [Step], range: SourceRange
    ) {
        self.name = name
        self.assistant = assistant
        self.role = role
        self.user = user
        self.clock = clock
        self.faults = faults
        self.steps = steps
        self.range = range
    }
}
