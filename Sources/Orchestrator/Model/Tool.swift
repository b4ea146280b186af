// SPDX-License-Identifier: Apache-2.0

/// A declared action that a model may ask for by name.
package struct Tool: Sendable {
    /// The action.
    package var action: Action
    /// What it does, in a sentence for the model.
    package var summary: String
    /// For an action that changes anything: the flow that asks the person first.
    package var flow: String?

    /// A tool.
    package init(action: Action, summary: String, flow: String?) {
        self.action = action
        self.summary = summary
        self.flow = flow
    }

    /// The name of the flow that asks before that action.
    static func flowName(_ action: String) -> String { "tool:" + action }
}
