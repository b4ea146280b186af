// SPDX-License-Identifier: Apache-2.0

import WireProtocols

extension Action {
    /// The input with its declared types.
    ///
    /// A field may be nothing only where a template of the action looks for it with `default`; what is not
    /// declared is left out.
    func checked(_ input: JSONObject) throws(ActionError) -> JSONObject {
        var checked = JSONObject()
        for field in input.members where !self.input.contains(where: { $0.name == field.name }) {
            throw ActionError(ActionError.badInput, "the action '\(name)' has no input '\(field.name)'")
        }
        for field in self.input {
            let value = input[field.name] ?? .null
            guard !value.isNull else {
                if isOptional(field.name) { continue }
                throw ActionError(
                    ActionError.badInput, "the action '\(name)' needs the input '\(field.name)'")
            }
            guard let coerced = field.type.coerce(value) else {
                throw ActionError(
                    ActionError.badInput, "the input '\(field.name)' of '\(name)' has another type")
            }
            checked[field.name] = coerced
        }
        return checked
    }

    private func isOptional(_ field: String) -> Bool {
        let uses = expressions.filter { $0.path.starts(with: ["input", field]) }
        return !uses.isEmpty && uses.allSatisfy { $0.filters.contains { $0.name == .default } }
    }

    private var expressions: [Template.Expression] {
        switch backend {
        case .records(let operations): operations.flatMap(\.expressions)
        case .http(let operation): operation.expressions
        }
    }

    /// What the last operation touched, in the declared type: all rows, the first one, or their number.
    ///
    /// Only declared fields go out; a field that a row lacks, or has in another type, is null.
    func output(_ rows: [JSONObject]) -> JSON {
        switch output {
        case .any: rows.count == 1 ? .object(rows[0]) : .array(rows.map(JSON.object))
        case .number: .integer(rows.count)
        case .boolean: .bool(!rows.isEmpty)
        case .list(let type): .array(rows.map { type.output($0) })
        default: rows.first.map { output.output($0) } ?? .null
        }
    }
}

extension ValueType {
    /// A row in this type; of a row that should be a single value, its id.
    fileprivate func output(_ row: JSONObject) -> JSON {
        guard case .object(let fields) = self else {
            return self == .any ? .object(row) : coerce(row["id"] ?? .null) ?? .null
        }
        return .object(
            JSONObject(
                fields.map { field in
                    let value = row.value(at: field.name) ?? .null
                    if case .object = field.type, let inner = value.members {
                        return .init(name: field.name, value: field.type.output(inner))
                    }
                    return .init(name: field.name, value: field.type.coerce(value) ?? .null)
                }))
    }
}

extension RecordOperation {
    /// All look-ups of the operation.
    fileprivate var expressions: [Template.Expression] {
        let members: [ValueTemplate.Member] =
            switch verb {
            case .insert(let members), .update(let members): members
            case .select, .delete: []
            }
        return members.flatMap(\.value.expressions) + filters.flatMap(\.test.expressions)
    }
}

extension RecordOperation.Filter.Test {
    /// All look-ups of the test.
    var expressions: [Template.Expression] {
        switch self {
        case .equals(let value), .differs(let value), .isOneOf(let value), .isAbove(let value),
            .isBelow(let value),
            .contains(let value):
            value.expressions
        case .range(let from, let to): (from?.expressions ?? []) + (to?.expressions ?? [])
        case .isPresent: []
        }
    }
}
