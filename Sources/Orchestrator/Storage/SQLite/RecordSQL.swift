// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Conditions on rows as SQL that picks all rows that can match, and perhaps some more.
///
/// The text consists of fixed pieces and question marks; names and values are bound. Whatever SQL would judge
/// otherwise than `RecordTest` (instants, text beyond ASCII, lists) is not expressed at all.
enum RecordSQL {
    struct Choice {
        var sql: String
        var values: [SQLiteValue]
    }

    /// Nil when SQL cannot narrow the choice.
    static func choice(of condition: RecordCondition) -> Choice? {
        switch condition {
        case .field(let path, let test): return choice(path, test)
        case .all(let conditions):
            let choices = conditions.compactMap(choice)
            return choices.isEmpty ? nil : join(choices, " AND ")
        case .any(let conditions):
            let choices = conditions.compactMap(choice)
            return choices.isEmpty || choices.count < conditions.count ? nil : join(choices, " OR ")
        }
    }

    private static func join(_ choices: [Choice], _ word: String) -> Choice {
        Choice(sql: "(" + choices.map(\.sql).joined(separator: word) + ")", values: choices.flatMap(\.values))
    }

    private static func choice(_ path: String, _ test: RecordTest) -> Choice? {
        switch test {
        case .equals(let value): return equality(path, [value])
        case .oneOf(let values): return values.isEmpty ? nil : equality(path, values)
        case .range(let from, let to):
            let bounds = [(">=", from), ("<", to)].compactMap { sign, bound in comparison(path, sign, bound) }
            return bounds.isEmpty ? nil : join(bounds, " AND ")
        case .above(let bound): return comparison(path, ">", bound)
        case .below(let bound): return comparison(path, "<", bound)
        case .present(true):
            return field(path).map { Choice(sql: "\($0.sql) IS NOT NULL", values: $0.values) }
        case .present(false), .notEquals, .contains: return nil
        }
    }

    private static func equality(_ path: String, _ values: [JSON]) -> Choice? {
        let bound = values.compactMap(exact)
        guard bound.count == values.count, let field = field(path) else { return nil }
        let marks = bound.map { _ in "?" }.joined(separator: ", ")
        return Choice(sql: "\(field.sql) IN (\(marks))", values: field.values + bound)
    }

    private static func comparison(_ path: String, _ sign: String, _ bound: JSON?) -> Choice? {
        guard let number = bound?.double, let field = field(path) else { return nil }
        return Choice(sql: "\(field.sql) \(sign) ?", values: field.values + [.real(number)])
    }

    // The value as SQLite would extract it; nil where its equality is not ours.
    private static func exact(_ value: JSON) -> SQLiteValue? {
        switch value {
        case .bool(let flag): return .integer(flag ? 1 : 0)
        case .integer(let number): return .integer(number)
        case .string(let text):
            let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
            return isPlain && ISODateTime(text) == nil ? .text(text) : nil
        case .number, .null, .array, .object: return nil
        }
    }

    // Only names that need no quoting on either side. The id has a column and an index of its own.
    private static func field(_ path: String) -> Choice? {
        if path == "id" { return Choice(sql: "id", values: []) }
        let isPlain = path.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == 0x5F
        }
        guard isPlain, !path.isEmpty else { return nil }
        return Choice(sql: "json_extract(body, ?)", values: [.text("$.\"\(path)\"")])
    }
}
