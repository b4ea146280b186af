// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import WireProtocols
import YAMLTree

/// A declared operation of a backend.
struct ActionConfig: ConfigMap {
    static let title = "an action"
    static let verbs = ["select", "insert", "update", "delete", "atomic"] + HTTPActionConfig.methods

    let backend: Located<String>
    /// The operation on a collection, or what of it an `http` action has as well: `where`, `order`, `limit`.
    let operation: OperationConfig?
    let http: HTTPActionConfig
    let atomic: [OperationConfig]?
    let input: [Named<Located<ValueType>>]
    let output: Located<ValueType>?
    let shape: ActionOutputConfig?
    /// The names of the parts of `output`, or of each item of it.
    let outputNames: [Located<String>]
    let anchor: SourceRange
    /// The key `atomic`, for messages.
    let atomicKey: Located<String>

    init(_ map: MapReader) {
        backend = map.required("backend", .name(), "The backend that carries it out.")
        operation = OperationConfig(in: map)
        http = HTTPActionConfig(in: map, deletePath: operation?.deletePath)
        atomic = map.optional(
            "atomic", .list(.object(OperationConfig.self)), "Several operations, all or none.")
        input = map.optional("input", .names(.type), "What it is given, by name and type.") ?? []
        let declared = map.optional("output", .output, "What it returns.")
        output = declared.map { Located($0.value.shape.type, at: $0.range) }
        shape = declared?.value
        let returned = map.node("output")
        outputNames = ((returned?.items?.first ?? returned)?.entries ?? []).map {
            Located($0.key.text ?? "", at: $0.key.range)
        }
        anchor = map.anchor
        atomicKey = Located("atomic", at: map.range(of: "atomic"))
        map.exactlyOne(of: Self.verbs)
    }
}

/// One operation on a collection.
struct OperationConfig: ConfigMap {
    static let title = "an operation"

    let select: Located<String>?
    let insert: Located<String>?
    let update: Located<String>?
    let delete: Located<String>?
    /// The path when `delete` is the method of an `http` action.
    let deletePath: Template?
    let filters: [Named<FilterTestConfig>]
    let values: [Named<ValueTemplate>]
    let set: [Named<ValueTemplate>]
    let order: [Located<String>]
    let limit: Located<Int>?
    let expect: Located<Int>?
    let save: Located<String>?
    let anchor: SourceRange
    /// The keys the author wrote that only a collection has.
    let recordKeys: [Located<String>]

    init(_ map: MapReader) {
        self.init(in: map)
        map.exactlyOne(of: ["select", "insert", "update", "delete"])
    }

    /// The same keys written directly in an action.
    init(in map: MapReader) {
        select = map.optional("select", .name(), "The collection whose rows are returned.")
        insert = map.optional("insert", .name(), "The collection that gets a row.")
        update = map.optional("update", .name(), "The collection whose rows are changed.")
        let deleted = map.optional(
            "delete", .deleted,
            "The collection whose rows are removed; for an `http` backend the path that is asked with DELETE."
        )
        (delete, deletePath) =
            switch deleted {
            case .collection(let name)?: (name, nil)
            case .path(let path)?: (nil, path)
            case nil: (nil, nil)
            }
        filters =
            map.optional(
                "where", .names(.filterTest, rule: .free),
                "Which rows, by field; a test whose value is nothing is left out.") ?? []
        values = map.optional("values", .names(.values), "The fields of the new row.") ?? []
        set = map.optional("set", .names(.values), "The fields that change.") ?? []
        order =
            map.optional("order", .oneOrMore(.text), "Fields to order by; `-field` for largest first.") ?? []
        limit = map.optional("limit", .integer(1...10_000), "At most so many rows.")
        expect = map.optional(
            "expect", .integer(0...10_000),
            "How many rows must be touched; else the error is `conflict` and nothing is changed.")
        save = map.optional(
            "save", .name(), "The name under which later operations of this action see the row.")
        anchor = map.anchor
        recordKeys = ["select", "insert", "update", "values", "set", "expect", "save"].filter(map.has).map {
            Located($0, at: map.range(of: $0))
        }
    }

    /// The collection it works on.
    var collection: Located<String>? { select ?? insert ?? update ?? delete }
}

/// What `delete` names.
enum DeletedConfig: Sendable {
    case collection(Located<String>)
    case path(Template)
}

extension Codec where Value == DeletedConfig {
    /// A path begins with a slash, a collection with a letter.
    static var deleted: Codec {
        let (name, path) = (Codec<Located<String>>.name(), Codec<Template>.template)
        return Codec(
            schema: { _ in ["type": "string"] }, placeholder: { .path(Template([])) },
            read: { node, context in
                node.text?.hasPrefix("/") == true
                    ? path.read(node, context).map { .path($0) }
                    : name.read(node, context).map { .collection($0) }
            })
    }
}

/// A test of a field: a value it equals, or one of several tests.
indirect enum FilterTestConfig: Sendable {
    case equals(ValueTemplate)
    case tests(FieldTestsConfig)
}

struct FieldTestsConfig: ConfigMap {
    static let title = "a test of a field"
    let from: ValueTemplate?
    let to: ValueTemplate?
    let isOneOf: ValueTemplate?
    let not: ValueTemplate?
    let present: Located<Bool>?
    let above: ValueTemplate?
    let below: ValueTemplate?
    let contains: ValueTemplate?

    init(_ map: MapReader) {
        from = map.optional("from", .values, "At or after this.")
        to = map.optional("to", .values, "Before this.")
        isOneOf = map.optional("in", .values, "Equal to one of a list.")
        not = map.optional("not", .values, "Different from this.")
        present = map.optional("present", .boolean, "Has a value, or has none.")
        above = map.optional("above", .values, "Greater than this.")
        below = map.optional("below", .values, "Less than this.")
        contains = map.optional("contains", .values, "Holds this text, in any case.")
    }
}

extension Codec where Value == FilterTestConfig {
    static var filterTest: Codec {
        let tests = Codec<FieldTestsConfig>.object(FieldTestsConfig.self)
        let value = Codec<ValueTemplate>.values
        return Codec(
            schema: { ["anyOf": [["type": ["string", "number", "boolean", "null"]], tests.schema($0)]] },
            placeholder: { .equals(.literal(.null)) },
            read: { node, context in
                node.entries != nil
                    ? tests.read(node, context).map { .tests($0) }
                    : value.read(node, context).map { .equals($0) }
            })
    }
}

extension Codec where Value == Located<ValueType> {
    /// A declared type: a word, a mapping of names to types, or a list of one type.
    static var type: Codec {
        let words = ["text", "number", "boolean", "datetime", "duration", "any"]
        return Codec(
            schema: { _ in
                [
                    "anyOf": [
                        ["enum": .array(words.map { .string($0) })], ["type": "object"],
                        ["type": "array", "minItems": 1, "maxItems": 1],
                    ]
                ]
            },
            placeholder: { Located(.any, at: .top(of: "")) },
            read: { node, context in
                context.valueType(node).map { Located($0, at: context.firstLine(of: node.range)) }
            })
    }
}

extension DecodeContext {
    func valueType(_ node: YAMLNode) -> ValueType? {
        switch node.content {
        case .scalar(let word, _): return plainType(word, node)
        case .sequence(let items, _):
            guard items.count == 1 else {
                reportType(node, wants: "a list with the one type of its items, as in [text]")
                return nil
            }
            return valueType(items[0]).map { .list($0) }
        case .mapping(let entries, _):
            return .object(
                entries.map { entry in
                    let name = entry.key.text ?? ""
                    if !NameRule.id.allows(name) { reportName(name, at: entry.key.range, rule: .id) }
                    key = name
                    return ValueType.Field(name: name, type: valueType(entry.value) ?? .any)
                })
        }
    }

    /// What other languages call the types.
    private static let otherWords = [
        "string": "text", "str": "text", "int": "number", "integer": "number", "float": "number",
        "decimal": "number",
        "bool": "boolean", "date": "datetime", "time": "datetime", "timestamp": "datetime", "object": "any",
    ]

    private func plainType(_ word: String, _ node: YAMLNode) -> ValueType? {
        let types: [String: ValueType] = [
            "text": .text, "number": .number, "boolean": .boolean, "datetime": .datetime,
            "duration": .duration, "any": .any,
        ]
        if let type = types[word] { return type }
        let names = types.keys.sorted()
        reportType(
            node, wants: "a type: \(quotedList(names))",
            help: (Self.otherWords[word] ?? nearestName(to: word, in: names)).map { "did you mean '\($0)'?" })
        return nil
    }
}
