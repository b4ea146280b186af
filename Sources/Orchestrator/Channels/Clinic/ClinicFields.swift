// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Reads the members of a body, and says everything that is wrong with them in the manner its clients know.
struct ClinicFields {
    private let object: JSONObject
    private let place: [JSON]
    private(set) var details: [JSON] = []

    /// - Throws: ``ClinicError/invalid(_:)`` for what is no JSON object.
    init(_ body: [UInt8], maxDepth: Int) throws(ClinicError) {
        let value: JSON
        do throws(JSONError) { value = try JSON.parse(body, maxDepth: maxDepth) } catch {
            let detail = Self.detail(
                "json_invalid", ["body", .integer(error.offset)], "JSON decode error", [:])
            throw .invalid([detail])
        }
        guard let object = value.members else {
            throw .invalid([
                Self.detail("model_attributes_type", ["body"], "Input should be a valid dictionary", .null)
            ])
        }
        self.init(object, at: ["body"])
    }

    init(_ object: JSONObject, at place: [JSON]) {
        self.object = object
        self.place = place
    }

    /// A text within bounds; nil when it is optional and absent, or wrong.
    mutating func text(
        _ name: String, isRequired: Bool = true, atLeast least: Int = 1, atMost most: Int = 256
    ) -> String? {
        guard let value = value(name, isRequired) else { return nil }
        guard let text = value.text else {
            return refuse(name, "string_type", "Input should be a valid string", value)
        }
        let count = text.unicodeScalars.count
        if count < least {
            let unit = least == 1 ? "character" : "characters"
            return refuse(name, "string_too_short", "String should have at least \(least) \(unit)", value)
        }
        guard count <= most else {
            return refuse(name, "string_too_long", "String should have at most \(most) characters", value)
        }
        return text
    }

    /// A whole number that is not negative.
    mutating func number(_ name: String) -> Int? {
        guard let value = value(name, true) else { return nil }
        guard let number = value.int, number >= 0 else {
            return refuse(name, "int_type", "Input should be a valid integer", value)
        }
        return number
    }

    /// An object.
    mutating func object(_ name: String, isRequired: Bool = true) -> JSONObject? {
        guard let value = value(name, isRequired) else { return nil }
        guard let object = value.members else {
            return refuse(name, "dict_type", "Input should be a valid dictionary", value)
        }
        return object
    }

    /// Takes over what is wrong with a part.
    mutating func add(_ other: ClinicFields) { details += other.details }

    /// Throws when anything was wrong.
    func check() throws(ClinicError) {
        guard details.isEmpty else { throw .invalid(details) }
    }

    /// A number of the query, within bounds.
    static func number(
        _ text: String?, _ name: String, default standard: Int, in range: ClosedRange<Int>
    ) throws(ClinicError) -> Int {
        guard let text else { return standard }
        let (place, input): ([JSON], JSON) = (["query", .string(name)], .string(text))
        guard let number = Int(text) else {
            let message = "Input should be a valid integer, unable to parse string as an integer"
            throw .invalid([detail("int_parsing", place, message, input)])
        }
        guard number >= range.lowerBound else {
            let message = "Input should be greater than or equal to \(range.lowerBound)"
            throw .invalid([detail("greater_than_equal", place, message, input)])
        }
        guard number <= range.upperBound else {
            let message = "Input should be less than or equal to \(range.upperBound)"
            throw .invalid([detail("less_than_equal", place, message, input)])
        }
        return number
    }

    private mutating func value(_ name: String, _ isRequired: Bool) -> JSON? {
        if let value = object[name], isRequired || !value.isNull { return value }
        return isRequired ? refuse(name, "missing", "Field required", .object(object)) : nil
    }

    private mutating func refuse<Value>(_ name: String, _ type: String, _ message: String, _ input: JSON)
        -> Value?
    {
        details.append(Self.detail(type, place + [.string(name)], message, input))
        return nil
    }

    private static func detail(_ type: String, _ place: [JSON], _ message: String, _ input: JSON) -> JSON {
        ["type": .string(type), "loc": .array(place), "msg": .string(message), "input": input]
    }
}
