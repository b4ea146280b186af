// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// What templates and conditions can see: values by name, and the time.
///
/// Its names are `slots`, `settings`, `user`, `conversation`, `assistant`, `now`, what steps saved, and where it
/// applies `item` and `input`.
package struct Scope: Sendable {
    /// Everything by its first name.
    package var values: JSONObject
    /// Now, and the clocks dates are written by.
    package var time: LocalTime

    /// A scope of these values, and of `now`.
    package init(_ values: JSONObject, time: LocalTime) {
        self.values = values
        self.time = time
        if self.values["now"] == nil { self.values["now"] = .string(time.iso8601) }
    }

    /// The same with one more name.
    package func adding(_ name: String, _ value: JSON) -> Scope {
        var scope = self
        scope.values[name] = value
        return scope
    }

    /// The value at a path; nil when there is none or it is null.
    package func value(at path: [String]) -> JSON? {
        var value = JSON.object(values)
        for name in path {
            guard let next = value.part(name) else { return nil }
            value = next
        }
        return value.isNull ? nil : value
    }
}

extension JSON {
    /// A member by its name, an item by its place counted from 0, or an end of a written date.
    ///
    /// A date as plain text answers `from`, and a day also `to`, as the object of a spoken one does.
    func part(_ name: String) -> JSON? {
        switch self {
        case .object(let object): return object[name]
        case .array(let items): return Int(name).flatMap { items.indices.contains($0) ? items[$0] : nil }
        case .string(let text):
            guard name == "from" || name == "to", let date = ISODateTime(text) else { return nil }
            if name == "from" { return self }
            guard !date.hasTime else { return nil }
            return .string(ISODateTime.dateText(days: date.localMilliseconds / 86_400_000 + 1))
        default: return nil
        }
    }

    /// Null, empty text and an empty list are no answer to anything.
    var isNothing: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let items): items.isEmpty
        default: false
        }
    }
}
