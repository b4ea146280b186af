// SPDX-License-Identifier: Apache-2.0

import WireProtocols

extension ValueType {
    /// The value as this type, converted where nothing is lost; nil when it is something else.
    ///
    /// Null stays null.
    ///
    /// A name found by look-up, `{ value, label }`, becomes its value where text or a number is wanted.
    func coerce(_ value: JSON) -> JSON? {
        if value.isNull { return .null }
        switch self {
        case .any: return value
        case .text: return text(value)
        case .number: return number(value)
        case .boolean: return flag(value)
        case .datetime: return isDatetime(value) ? value : nil
        case .duration: return value["seconds"]?.int != nil ? value : nil
        case .list(let type): return list(value, type)
        case .object(let fields): return object(value, fields)
        }
    }

    private func text(_ value: JSON) -> JSON? {
        switch value {
        case .string: return value
        case .integer(let number): return .string(String(number))
        case .number(let number): return .string(plainText(number))
        case .bool(let flag): return .string(flag ? "true" : "false")
        case .object(let object):
            if let inner = object["value"] { return text(inner) }
            return (DurationText(object)?.text ?? DosageText(object)?.text).map(JSON.string)
                ?? (isDatetime(value) ? object["from"] : nil)
        default: return nil
        }
    }

    private func number(_ value: JSON) -> JSON? {
        switch value {
        case .integer, .number: value
        case .string(let text):
            Int(text).map(JSON.integer) ?? Double(text).flatMap { $0.isFinite ? .number($0) : nil }
        case .object(let object): object["value"].flatMap(number)
        default: nil
        }
    }

    private func flag(_ value: JSON) -> JSON? {
        switch value {
        case .bool: value
        case .string(let text):
            ["true": JSON.bool(true), "yes": true, "false": false, "no": false][text.lowercased()]
        default: nil
        }
    }

    private func isDatetime(_ value: JSON) -> Bool {
        switch value {
        case .string(let text): ISODateTime(text) != nil
        case .object(let object): object["from"]?.text != nil || object["to"]?.text != nil
        default: false
        }
    }

    private func list(_ value: JSON, _ type: ValueType) -> JSON? {
        let items = (value.list ?? [value]).map { type.coerce($0) }
        return items.contains(nil) ? nil : .array(items.compactMap { $0 })
    }

    private func object(_ value: JSON, _ fields: [Field]) -> JSON? {
        guard let object = value.members else { return nil }
        var members: [JSONObject.Member] = []
        for field in fields {
            guard let member = field.type.coerce(object[field.name] ?? .null) else { return nil }
            members.append(.init(name: field.name, value: member))
        }
        return .object(JSONObject(members))
    }
}
