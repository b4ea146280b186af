// SPDX-License-Identifier: Apache-2.0
import WireProtocols

/// Collects the `$defs` of one JSON Schema (draft 2020-12) while parts describe themselves.
final class SchemaBuilder {
    private(set) var definitions = JSONObject()

    /// A reference to the part's definition, described on first use; parts may contain themselves.
    func reference(to part: (some ConfigMap).Type) -> JSON {
        let name = String(describing: part).replacing("Config", with: "")
        if definitions[name] == nil {
            definitions[name] = .null
            definitions[name] = describe(part)
        }
        return ["$ref": .string("#/$defs/\(name)")]
    }

    /// The schema of a mapping with the keys that the part declares.
    func describe<Part: ConfigMap>(_ part: Part.Type) -> JSON {
        let map = MapReader(describing: self, title: part.title)
        _ = part.init(map)
        var properties = JSONObject()
        for key in map.declarations { properties[key.name] = property(key) }
        var schema: JSONObject = JSONObject([
            .init(name: "type", value: "object"), .init(name: "description", value: .string(part.title)),
            .init(name: "properties", value: .object(properties)),
            .init(name: "additionalProperties", value: false),
        ])
        let required = map.declarations.filter(\.isRequired).map { JSON.string($0.name) }
        if !required.isEmpty { schema["required"] = .array(required) }
        if !map.exclusiveKeys.isEmpty {
            schema["oneOf"] = .array(map.exclusiveKeys.map { ["required": [.string($0)]] })
        }
        return .object(schema)
    }

    private func property(_ key: MapReader.Declaration) -> JSON {
        var schema = key.schema.members ?? JSONObject()
        var summary = key.summary
        if let text = key.defaultText {
            schema["default"] = SchemaBuilder.plain(text)
            summary += " Default: \(text)."
        }
        schema["description"] = .string(summary)
        return .object(schema)
    }

    /// A default as a YAML editor shows it: typed where YAML would type it.
    static func plain(_ text: String) -> JSON {
        switch text {
        case "true": true
        case "false": false
        case "[]": []
        default: Int(text).map { .integer($0) } ?? Double(text).map { .number($0) } ?? .string(text)
        }
    }
}
