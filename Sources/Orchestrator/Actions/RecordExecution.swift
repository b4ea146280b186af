// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// The operations of one action, carried out in order inside a transaction.
///
/// Rights come first: what a role may see of a collection is added to every condition, so that a row of somebody else
/// does not exist for it.
struct RecordExecution: Sendable {
    let operations: [RecordOperation]
    let context: ActionContext
    let scope: Scope

    func read(_ rows: any RecordReading) throws -> [JSONObject] {
        try run { operation, scope throws in
            guard case .select = operation.verb else {
                throw ActionError(ActionError.unavailable, "a write was declared as a read")
            }
            return try select(operation, scope, rows)
        }
    }

    func write(_ rows: any RecordTransaction) throws -> [JSONObject] {
        try run { try carryOut($0, $1, rows) }
    }

    private func run(_ body: (RecordOperation, Scope) throws -> [JSONObject]) throws -> [JSONObject] {
        var scope = scope
        var touched: [JSONObject] = []
        for operation in operations {
            touched = try body(operation, scope)
            if let expected = operation.expect, touched.count != expected {
                throw ActionError(
                    ActionError.conflict,
                    "\(touched.count) rows of '\(operation.collection)' instead of \(expected)")
            }
            if let name = operation.save { scope.values[name] = operation.saved(touched) }
        }
        return touched
    }

    private func carryOut(
        _ operation: RecordOperation, _ scope: Scope, _ rows: any RecordTransaction
    ) throws -> [JSONObject] {
        switch operation.verb {
        case .select: return try select(operation, scope, rows)
        case .insert(let members):
            let values = try owned(members.values(in: scope), operation, isNew: true)
            return [try rows.insert(operation.collection, values: values)]
        case .update(let members):
            let values = try owned(members.values(in: scope), operation, isNew: false)
            let conditions = try conditions(of: operation, scope)
            return try rows.update(operation.collection, where: conditions, set: values)
        case .delete:
            let conditions = try conditions(of: operation, scope)
            let found = try rows.select(operation.collection, where: conditions)
            _ = try rows.delete(operation.collection, where: conditions)
            return found
        }
    }

    private func select(
        _ operation: RecordOperation, _ scope: Scope, _ rows: any RecordReading
    ) throws -> [JSONObject] {
        guard case .select(let order, let limit) = operation.verb else { return [] }
        return try rows.select(
            operation.collection, where: conditions(of: operation, scope),
            order: order.map { RecordOrder($0.field, isDescending: $0.isDescending) }, limit: limit)
    }

    private func conditions(of operation: RecordOperation, _ scope: Scope) throws(ActionError)
        -> [RecordCondition]
    {
        var conditions = operation.filters.compactMap {
            $0.condition(in: scope, isWrite: !operation.isSelect)
        }
        if case .own(let field) = try access(to: operation.collection) {
            conditions.append(.field(field, .equals(.string(context.caller.user))))
        }
        return conditions
    }

    // A row of one's own stays one's own, and carries one's id from the beginning.
    private func owned(
        _ values: JSONObject, _ operation: RecordOperation, isNew: Bool
    ) throws(ActionError) -> JSONObject {
        guard case .own(let field) = try access(to: operation.collection) else { return values }
        let user = JSON.string(context.caller.user)
        var values = values
        if let owner = values.value(at: field), !owner.isNull, !owner.isSame(as: user) {
            throw ActionError(
                ActionError.forbidden, "a row of '\(operation.collection)' would belong to somebody else")
        }
        if isNew || values.value(at: field) != nil { values.set(user, at: field) }
        return values
    }

    private func access(to collection: String) throws(ActionError) -> RecordCollection.Access {
        let role = context.caller.role
        guard let access = context.collections[collection]?.access(for: role), access != .none else {
            throw ActionError(ActionError.forbidden, "the role \(role) has no access to '\(collection)'")
        }
        return access
    }
}

extension RecordOperation {
    fileprivate var isSelect: Bool { if case .select = verb { true } else { false } }

    fileprivate func saved(_ rows: [JSONObject]) -> JSON {
        isSelect ? .array(rows.map(JSON.object)) : rows.first.map(JSON.object) ?? .null
    }
}

extension RecordOperation.Filter {
    /// The condition; nil when its value is nothing and an input that may be missing was asked for.
    ///
    /// Where rows are changed, or the value comes from elsewhere, nothing means null: a test is never dropped because
    /// an earlier operation found no row.
    func condition(in scope: Scope, isWrite: Bool) -> RecordCondition? {
        let isDroppable = !isWrite && test.expressions.allSatisfy { $0.path.first == "input" }
        func tested(_ value: ValueTemplate, _ make: (JSON) -> RecordTest) -> RecordCondition? {
            let value = value.value(in: scope).plain
            if value.isNull || value == "" { return isDroppable ? nil : .field(field, make(.null)) }
            return .field(field, make(value))
        }
        switch test {
        case .equals(let value): return tested(value) { .equals($0) }
        case .differs(let value): return tested(value) { .notEquals($0) }
        case .isOneOf(let value): return tested(value) { .oneOf($0.items) }
        case .isAbove(let value): return tested(value) { .above($0) }
        case .isBelow(let value): return tested(value) { .below($0) }
        case .contains(let value): return tested(value) { .contains($0.text ?? scope.text(of: $0)) }
        case .isPresent(let isPresent): return .field(field, .present(isPresent))
        case .range(let from, let to):
            let ends = [from, to].map { $0?.value(in: scope).plain }.map {
                $0 == .null || $0 == "" ? nil : $0
            }
            if isDroppable, ends[0] == nil, ends[1] == nil { return nil }
            return .field(field, .range(from: ends[0], to: ends[1]))
        }
    }
}

extension JSON {
    /// What stands for a name found by look-up; everything else as it is.
    var plain: JSON { members?["value"] ?? self }
}
