// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import YAMLTree

/// The keys of an action that an `http` backend carries out.
struct HTTPActionConfig {
    static let methods = ["get", "post", "put", "patch"]
    /// All keys but the method.
    static let names = ["query", "body", "headers", "errors", "from"]

    /// `GET` and the like, at the key that says so.
    let method: Located<String>?
    let path: Template?
    let query: [Named<ValueTemplate>]
    let body: ValueTemplate?
    let headers: [Named<Template>]
    let errors: [Named<Located<String>>]
    let from: Located<String>?
    /// The keys besides the method that the author wrote.
    let keys: [Located<String>]

    init(in map: MapReader, deletePath: Template?) {
        var paths = Self.methods.map { key in
            (
                key,
                map.optional(
                    key, .template, "The path that is asked with \(key.uppercased()), as /visits/${input.id}."
                )
            )
        }
        // `delete` is read with the operations on collections, whose value has no slash in front.
        paths.append(("delete", deletePath))
        let written = paths.first { $0.1 != nil }
        method = written.map { Located($0.0.uppercased(), at: map.range(of: $0.0)) }
        path = written?.1
        query =
            map.optional(
                "query", .names(.values, rule: .free), "After the path; what has no value is left out.")
            ?? []
        body = map.optional("body", .values, "Sent as JSON.")
        headers = map.optional("headers", .names(.template, rule: .free), "Sent besides the backend's.") ?? []
        errors =
            map.optional(
                "errors", .names(.name(), rule: .free), "The error a status stands for, as `409: conflict`.")
            ?? []
        from = map.optional("from", .text, "Where in the answer the output begins, as `data.items`.")
        keys = Self.names.filter(map.has).map { Located($0, at: map.range(of: $0)) }
    }
}

/// The declared output of an action.
struct ActionOutputConfig: Sendable {
    let shape: OutputShape
    /// The first `from` in it.
    let firstSource: SourceRange?
    /// The templates in it, for checking.
    let templates: [Template]
}

extension Codec where Value == Located<ActionOutputConfig> {
    /// A type, in which a field may also say where it is found: `{ from: path, type: text }`.
    static var output: Codec {
        Codec(
            schema: { Codec<Located<ValueType>>.type.schema($0) },
            placeholder: {
                Located(
                    ActionOutputConfig(shape: .value(.any), firstSource: nil, templates: []), at: .top(of: "")
                )
            },
            read: { node, context in
                var reader = OutputReader(context: context)
                guard let shape = reader.shape(node) else { return nil }
                return Located(
                    ActionOutputConfig(
                        shape: shape, firstSource: reader.firstSource, templates: reader.templates),
                    at: context.firstLine(of: node.range))
            })
    }
}

private struct OutputReader {
    let context: DecodeContext
    var firstSource: SourceRange?
    var templates: [Template] = []

    mutating func shape(_ node: YAMLNode) -> OutputShape? {
        if let items = node.items, items.count == 1 { return shape(items[0]).map { .list($0) } }
        guard let entries = node.entries else { return context.valueType(node).map { .value($0) } }
        var fields: [OutputShape.Field] = []
        for entry in entries {
            let name = entry.key.text ?? ""
            if !NameRule.id.allows(name) { context.reportName(name, at: entry.key.range, rule: .id) }
            context.key = name
            fields.append(field(name, entry.value))
        }
        return .object(fields)
    }

    private mutating func field(_ name: String, _ node: YAMLNode) -> OutputShape.Field {
        guard let entries = node.entries, Set(entries.map(\.key.text)) == ["from", "type"],
            let from = entries.first(where: { $0.key.text == "from" })?.value, from.text != nil,
            let type = entries.first(where: { $0.key.text == "type" })?.value
        else {
            return .init(name: name, source: .path([name]), shape: shape(node) ?? .value(.any))
        }
        if firstSource == nil { firstSource = from.range }
        return .init(name: name, source: source(from), shape: shape(type) ?? .value(.any))
    }

    private mutating func source(_ node: YAMLNode) -> OutputShape.Source {
        let text = node.text ?? ""
        guard text.contains("${") else {
            return .path(text.split(separator: ".", omittingEmptySubsequences: false).map(String.init))
        }
        let template = context.template(node)
        templates.append(template)
        return .template(template)
    }
}
