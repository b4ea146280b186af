// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

extension Template {
    /// What the template stands for: one whole `${...}` keeps its value's type, anything else is text.
    package func value(in scope: Scope) -> JSON {
        if let expression = onlyExpression { return expression.value(in: scope) }
        return .string(text(in: scope))
    }

    /// The text; a value that is missing is left out.
    package func text(in scope: Scope) -> String {
        segments.map { segment in
            switch segment {
            case .text(let text): text
            case .value(let expression): scope.text(of: expression.value(in: scope))
            }
        }.joined()
    }
}

extension Template.Expression {
    func value(in scope: Scope) -> JSON {
        filters.reduce(scope.value(at: path) ?? .null) { $1.apply(to: $0, in: scope) }
    }
}

extension ValueTemplate {
    /// What the tree stands for, its templates replaced by their values.
    package func value(in scope: Scope) -> JSON {
        switch self {
        case .template(let template): template.value(in: scope)
        case .literal(let value): value
        case .list(let items): .array(items.map { $0.value(in: scope) })
        case .object(let members): .object(members.values(in: scope))
        }
    }

    /// All look-ups in the tree.
    var expressions: [Template.Expression] {
        switch self {
        case .template(let template): template.expressions
        case .literal: []
        case .list(let items): items.flatMap(\.expressions)
        case .object(let members): members.flatMap(\.value.expressions)
        }
    }
}

extension [ValueTemplate.Member] {
    /// The names with their values.
    func values(in scope: Scope) -> JSONObject {
        JSONObject(map { JSONObject.Member(name: $0.name, value: $0.value.value(in: scope)) })
    }
}

extension Condition {
    /// True when every test holds; a missing value equals null.
    package func holds(in scope: Scope) -> Bool { tests.allSatisfy { $0.holds(in: scope) } }
}

extension Condition.Test {
    func holds(in scope: Scope) -> Bool {
        let value = scope.value(at: path) ?? .null
        return switch kind {
        case .equals(let other): value.means(other)
        case .isOneOf(let others): others.contains { value.means($0) }
        case .isPresent(let isPresent): value.isNothing != isPresent
        case .isAbove(let bound): value.amount.map { $0 > bound } ?? false
        case .isBelow(let bound): value.amount.map { $0 < bound } ?? false
        }
    }
}

extension JSON {
    /// Equal; a name found by look-up also equals its value and its label.
    func means(_ other: JSON) -> Bool {
        if isSame(as: other) { return true }
        guard case .object(let object) = self, let value = object["value"] else { return false }
        return value.isSame(as: other) || (object["label"]?.isSame(as: other) ?? false)
    }

    /// A number, also one written as text; the length of a list.
    var amount: Double? {
        switch self {
        case .string(let text): Double(text)
        case .array(let items): Double(items.count)
        default: double
        }
    }
}
