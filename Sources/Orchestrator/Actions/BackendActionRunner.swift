// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// Hands each action to the runner of its backend's type.
package struct BackendActionRunner: ActionRunner {
    private let records: RecordsActionRunner
    private let http: HTTPActionRunner

    /// A runner over these two.
    package init(records: RecordsActionRunner, http: HTTPActionRunner) {
        self.records = records
        self.http = http
    }

    /// Carries out the action where its backend is.
    /// - Throws: ``ActionError``.
    package func run(
        _ action: Action, input: JSONObject, context: ActionContext
    ) async throws(ActionError) -> JSON {
        switch action.backend {
        case .records: try await records.run(action, input: input, context: context)
        case .http: try await http.run(action, input: input, context: context)
        }
    }
}
