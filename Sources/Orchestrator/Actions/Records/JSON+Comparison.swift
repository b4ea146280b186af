// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// How values of rows compare: the same in every store, since SQL only picks beforehand.
extension JSON {
    enum Order { case before, same, after }

    /// Numbers by value; dates and times as instants; other text by its Unicode scalars.
    ///
    /// Nil where there is no order: between kinds, and among lists, objects and nulls.
    func order(against other: JSON) -> Order? {
        switch (self, other) {
        case (.string(let left), .string(let right)):
            if let order = Self.orderAsTimes(left, right) { return order }
            return Self.order(left.unicodeScalars.map(\.value), right.unicodeScalars.map(\.value))
        case (.bool(let left), .bool(let right)):
            return left == right ? .same : right ? .before : .after
        case (.integer(let left), .integer(let right)):
            return left == right ? .same : left < right ? .before : .after
        default:
            guard let left = double, let right = other.double else { return nil }
            return left == right ? .same : left < right ? .before : .after
        }
    }

    /// Equal as a reader of the row would say: `1` is `1.0`, and noon in London is noon in UTC in winter.
    func isSame(as other: JSON) -> Bool {
        if let order = order(against: other) { return order == .same }
        return self == other
    }

    /// Text that contains the part, whatever the case; or a list with an element equal to it.
    func contains(_ part: String) -> Bool {
        switch self {
        case .string(let text): text.lowercased().firstRange(of: part.lowercased()) != nil || part.isEmpty
        case .array(let values): values.contains { $0.isSame(as: .string(part)) }
        default: false
        }
    }

    /// Which kind sorts before which, where values of one member differ in kind.
    var kindRank: Int {
        switch self {
        case .bool: 0
        case .integer, .number: 1
        case .string: 2
        case .array: 3
        case .object: 4
        case .null: 5
        }
    }

    // A date alone begins at midnight where the other one's clock stands.
    private static func orderAsTimes(_ left: String, _ right: String) -> Order? {
        guard let first = ISODateTime(left), let second = ISODateTime(right) else { return nil }
        let one = first.instant(assuming: second.offset ?? 0)
        let two = second.instant(assuming: first.offset ?? 0)
        return one == two ? .same : one < two ? .before : .after
    }

    private static func order(_ left: [UInt32], _ right: [UInt32]) -> Order {
        left == right ? .same : left.lexicographicallyPrecedes(right) ? .before : .after
    }
}

extension JSONObject {
    /// The member at a name, or at names joined by dots; a name that contains dots itself is found too.
    func value(at path: String) -> JSON? {
        if let value = self[path] { return value }
        guard let dot = path.firstIndex(of: ".") else { return nil }
        return self[String(path[..<dot])]?.members?.value(at: String(path[path.index(after: dot)...]))
    }

    /// Sets the member at a name or dotted path, making the objects on the way.
    mutating func set(_ value: JSON, at path: String) {
        guard self[path] == nil, let dot = path.firstIndex(of: ".") else {
            self[path] = value
            return
        }
        let name = String(path[..<dot])
        var inner = self[name]?.members ?? JSONObject()
        inner.set(value, at: String(path[path.index(after: dot)...]))
        self[name] = .object(inner)
    }

    /// This row with the members set.
    ///
    /// An id is never changed.
    func updated(with values: JSONObject) throws(StorageError) -> JSONObject {
        var row = self
        for member in values.members {
            guard member.name != "id" || member.value.isSame(as: self["id"] ?? .null) else {
                throw StorageError(.conflict, "the id of a row cannot be changed")
            }
            row.set(member.value, at: member.name)
        }
        return row
    }

    /// This row with an id that is text, and the id.
    ///
    /// A missing one is made.
    func identified(_ makeID: () -> String) -> (row: JSONObject, id: String) {
        let id =
            switch self["id"] {
            case .string(let text)?: text
            case .integer(let number)?: String(number)
            case .number(let number)?: String(number)
            default: makeID()
            }
        var row = self
        if row["id"] == nil {
            row = JSONObject([Member(name: "id", value: .string(id))] + members)
        } else {
            row["id"] = .string(id)
        }
        return (row, id)
    }
}
