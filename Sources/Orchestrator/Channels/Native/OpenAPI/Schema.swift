// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Short ways to write JSON Schemas (draft 2020-12, as OpenAPI 3.1 uses it).
enum Schema {
    static let text: JSON = ["type": "string"]
    static let integer: JSON = ["type": "integer", "minimum": 0]
    static let number: JSON = ["type": "number", "minimum": 0]
    static let flag: JSON = ["type": "boolean"]
    static let instant: JSON = ["type": "string", "format": "date-time"]
    static let any: JSON = [:]

    static func reference(_ name: String) -> JSON { ["$ref": .string("#/components/schemas/\(name)")] }
    static func list(_ items: JSON) -> JSON { ["type": "array", "items": items] }
    static func oneOf(_ values: [String]) -> JSON {
        ["type": "string", "enum": .array(values.map { .string($0) })]
    }
    static func text(atMost limit: Int, atLeast least: Int = 0) -> JSON {
        ["type": "string", "minLength": .integer(least), "maxLength": .integer(limit)]
    }

    /// An object; members not in `optional` are required, and a closed one has no others.
    static func object(
        _ members: [(String, JSON)], optional: Set<String> = [], isClosed: Bool = false
    ) -> JSON {
        var object = JSONObject()
        object["type"] = "object"
        object["properties"] = .object(JSONObject(members.map { .init(name: $0.0, value: $0.1) }))
        let required = members.map(\.0).filter { !optional.contains($0) }
        if !required.isEmpty { object["required"] = .array(required.map { .string($0) }) }
        if isClosed { object["additionalProperties"] = false }
        return .object(object)
    }
}
