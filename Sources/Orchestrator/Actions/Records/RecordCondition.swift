// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// One question to a row; the answer is yes or no.
package indirect enum RecordCondition: Sendable, Hashable {
    /// A test of the member at a path: a name, or names joined by dots.
    case field(String, RecordTest)
    /// True when one of them is.
    case any([RecordCondition])
    /// True when none of them is false.
    case all([RecordCondition])

    /// True when the row meets the condition.
    ///
    /// What SQL picks beforehand is never less than this.
    func matches(_ row: JSONObject) -> Bool {
        switch self {
        case .field(let path, let test): test.matches(row.value(at: path))
        case .any(let conditions): conditions.contains { $0.matches(row) }
        case .all(let conditions): conditions.allSatisfy { $0.matches(row) }
        }
    }
}

/// What a member of a row is tested for.
///
/// An absent member counts as null.
package enum RecordTest: Sendable, Hashable {
    /// Numbers by value, dates with a time as instants, everything else as it is written.
    case equals(JSON)
    /// The opposite of `equals`; true for an absent member unless null is asked for.
    case notEquals(JSON)
    /// Equal to one of them.
    case oneOf([JSON])
    /// At or after `from` and before `to`; an absent bound does not bind.
    case range(from: JSON?, to: JSON?)
    /// There, and not null.
    case present(Bool)
    /// Greater or later than this.
    case above(JSON)
    /// Less or earlier than this.
    case below(JSON)
    /// Text that contains this text, whatever the case; or a list with an element equal to it.
    case contains(String)

    /// True when the value passes.
    func matches(_ value: JSON?) -> Bool {
        let value = value ?? .null
        switch self {
        case .equals(let other): return value.isSame(as: other)
        case .notEquals(let other): return !value.isSame(as: other)
        case .oneOf(let others): return others.contains { value.isSame(as: $0) }
        case .range(let from, let to):
            let isAfter = from.map { [.same, .after].contains(value.order(against: $0)) } ?? true
            let isBefore = to.map { value.order(against: $0) == .before } ?? true
            return isAfter && isBefore
        case .present(let isPresent): return value.isNull != isPresent
        case .above(let bound): return value.order(against: bound) == .after
        case .below(let bound): return value.order(against: bound) == .before
        case .contains(let part): return value.contains(part)
        }
    }
}

/// By which member rows are ordered; rows without it come last either way.
package struct RecordOrder: Sendable, Hashable {
    /// The member's name or dotted path.
    package var path: String
    /// From the greatest to the least.
    package var isDescending: Bool

    /// An order by that member.
    package init(_ path: String, isDescending: Bool = false) {
        self.path = path
        self.isDescending = isDescending
    }
}

extension [RecordOrder] {
    /// The rows in this order; rows it holds equal stay as they stood.
    func sorted(_ rows: [JSONObject]) -> [JSONObject] {
        guard !isEmpty else { return rows }
        return rows.enumerated().sorted { left, right in
            for order in self {
                let (first, second) = (
                    left.element.value(at: order.path), right.element.value(at: order.path)
                )
                switch order.rank(first ?? .null, second ?? .null) {
                case .before: return true
                case .after: return false
                case .same: continue
                }
            }
            return left.offset < right.offset
        }.map(\.element)
    }
}

extension RecordOrder {
    fileprivate func rank(_ first: JSON, _ second: JSON) -> JSON.Order {
        if first.isNull || second.isNull {
            return first.isNull == second.isNull ? .same : first.isNull ? .after : .before
        }
        let order = first.order(against: second) ?? (first.kindRank < second.kindRank ? .before : .after)
        guard isDescending, order != .same else { return order }
        return order == .before ? .after : .before
    }
}
