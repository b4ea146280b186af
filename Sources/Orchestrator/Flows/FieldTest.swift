// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// The argument of the filter `where`.
///
/// `status=urgent`, `status!=done`, and for dates `starts on today`, `starts before today`, `starts after today`;
/// `today`, `tomorrow` and `yesterday` are whole days, `now` is the instant, any other word an ISO 8601 date.
package struct FieldTest: Sendable, Hashable {
    /// How the field is compared.
    package enum Relation: String, Sendable, Hashable, CaseIterable {
        case equals = "=", differs = "!=", on, before, after
    }

    /// The field, or a dotted path into it.
    package let field: String
    /// How it is compared.
    package let relation: Relation
    /// What it is compared with.
    package let operand: String

    /// Reads an argument; one of another form asks for a field of that name to be there.
    package init(_ argument: String) {
        let words = argument.split(separator: " ").map(String.init)
        if words.count == 3, let relation = Relation(rawValue: words[1]), relation != .equals,
            relation != .differs
        {
            (field, self.relation, operand) = (words[0], relation, words[2])
        } else if let mark = argument.firstRange(of: "!=") {
            (field, relation) = (argument[..<mark.lowerBound].trimmed, .differs)
            operand = argument[mark.upperBound...].trimmed
        } else if let mark = argument.firstRange(of: "=") {
            (field, relation) = (argument[..<mark.lowerBound].trimmed, .equals)
            operand = argument[mark.upperBound...].trimmed
        } else {
            (field, relation, operand) = (argument[...].trimmed, .differs, "")
        }
    }

    func filter(_ items: [JSON], in scope: Scope) -> [JSON] {
        let path = field.split(separator: ".").map(String.init)
        return items.filter { item in
            let value = path.reduce(item) { $0.part($1) ?? .null }
            switch relation {
            case .equals: return matches(value, scope)
            case .differs: return !matches(value, scope)
            case .on, .before, .after: return compares(value, scope.time)
            }
        }
    }

    private func matches(_ value: JSON, _ scope: Scope) -> Bool {
        value.means(.string(operand)) || scope.text(of: value) == operand
    }

    // Half-open stretches on local clocks: `on` overlaps the day, `before` and `after` leave all of it out.
    private func compares(_ value: JSON, _ time: LocalTime) -> Bool {
        guard let span = TimeSpan(value, in: time), let from = span.from ?? span.to, let bound = bound(time)
        else {
            return false
        }
        return switch relation {
        case .before: from < bound.lowerBound
        case .after: from >= bound.upperBound
        default: from < bound.upperBound && (span.to ?? from) > bound.lowerBound
        }
    }

    private func bound(_ time: LocalTime) -> Range<Int>? {
        if operand == "now" { return time.local(time.now)..<time.local(time.now) }
        let shifts = ["yesterday": -1, "today": 0, "tomorrow": 1]
        if let shift = shifts[operand] {
            let day = time.today + shift
            return day * 86_400_000..<(day + 1) * 86_400_000
        }
        guard let span = TimeSpan(.string(operand), in: time), let from = span.from, let to = span.to else {
            return nil
        }
        return from..<to
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
