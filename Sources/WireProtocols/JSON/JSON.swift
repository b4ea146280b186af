// SPDX-License-Identifier: Apache-2.0

/// One JSON value: what clients send, what slots hold, and what records and answers are made of.
///
/// Our own rather than Foundation's because the decoder stands at the front door: it bounds depth, refuses
/// lone surrogates and duplicate names with a position, keeps the order of names, and costs about a
/// microsecond for a chat message where `JSONSerialization` costs ten.
public enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSON])
    case object(JSONObject)
}

extension JSON {
    /// The text of a string value; nil for every other kind.
    public var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The whole number of an integer value, or of a number without a fraction; nil for every other kind.
    public var int: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The value of an integer or number; nil for every other kind.
    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The value of a Boolean; nil for every other kind.
    public var flag: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The elements of an array; nil for every other kind.
    public var list: [JSON]? {
        if case .array(let values) = self { values } else { nil }
    }

    /// The members of an object; nil for every other kind.
    public var members: JSONObject? {
        if case .object(let members) = self { members } else { nil }
    }

    /// True for `null` only: an absent member is no value at all.
    public var isNull: Bool { self == .null }

    /// The member of an object by its name; nil when this is no object or has no such member.
    public subscript(name: String) -> JSON? { members?[name] }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A string value.
    public init(stringLiteral value: String) { self = .string(value) }
    /// An integer value.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// A Boolean value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A number value.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// An array value.
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    /// An object whose members keep the order they are written in.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(JSONObject(elements.map { JSONObject.Member(name: $0.0, value: $0.1) }))
    }
}
