// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// Carries out actions of the `records` backend: all operations of one action in one transaction.
package struct RecordsActionRunner: ActionRunner {
    private let store: any RecordStore

    /// Works on the rows of that store.
    package init(store: any RecordStore) { self.store = store }

    /// Carries out the operations, all or none.
    /// - Throws: ``ActionError``: `bad_input`, `forbidden`, `conflict`, `not_found`, `unavailable`.
    package func run(
        _ action: Action, input: JSONObject, context: ActionContext
    ) async throws(ActionError) -> JSON {
        let input = try action.checked(input)
        guard case .records(let operations) = action.backend else {
            throw ActionError(
                ActionError.unavailable, "the action '\(action.name)' belongs to another backend")
        }
        let execution = RecordExecution(
            operations: operations, context: context, scope: context.scope(input: input))
        do {
            guard action.isWrite else {
                return try await store.readRecords { action.output(try execution.read($0)) }
            }
            guard let key = context.idempotencyKey else {
                return try await store.transact { action.output(try execution.write($0)) }
            }
            return try await store.transactOnce(key: key, now: context.time.now) {
                action.output(try execution.write($0))
            }
        } catch {
            throw ActionError(error, in: action)
        }
    }
}

extension ActionError {
    fileprivate init(_ error: any Error, in action: Action) {
        switch error {
        case let error as ActionError: self = error
        case let error as StorageError where error.kind == .conflict || error.kind == .duplicate:
            self.init(Self.conflict, error.message)
        case let error as StorageError where error.kind == .notFound: self.init(Self.notFound, error.message)
        case let error as StorageError: self.init(Self.unavailable, error.message)
        default: self.init(Self.unavailable, "the action '\(action.name)' was not carried out")
        }
    }
}
