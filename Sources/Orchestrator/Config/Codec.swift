// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import WireProtocols
import YAMLTree

/// How one kind of value is read from a file and shown in the schema.
struct Codec<Value> {
    /// The value's JSON Schema.
    let schema: (SchemaBuilder) -> JSON
    /// Stands in for a value that could not be read, so that the rest is still checked; never used to run on.
    let placeholder: () -> Value
    /// Reads the value; nil after reporting what is wrong with it.
    let read: (YAMLNode, DecodeContext) -> Value?
}

extension Codec {
    /// The same value in another form.
    func map<Other>(_ transform: @escaping (Value) -> Other) -> Codec<Other> {
        Codec<Other>(
            schema: schema, placeholder: { transform(placeholder()) },
            read: { node, context in read(node, context).map(transform) })
    }

    /// A part with known keys.
    static func object(_ part: Value.Type) -> Codec where Value: ConfigMap {
        Codec(
            schema: { $0.reference(to: part) },
            placeholder: { part.init(MapReader(describing: SchemaBuilder(), title: part.title)) },
            read: { node, context in
                guard node.entries != nil else {
                    context.reportType(
                        node, wants: "\(part.title) with keys of its own", help: spaceHelp(node))
                    return nil
                }
                let map = MapReader(node, title: part.title, in: context)
                let value = part.init(map)
                map.finish()
                return value
            })
    }

    /// A list of values; one value alone is an error with its corrected form.
    static func list<Item>(_ item: Codec<Item>) -> Codec where Value == [Item] {
        Codec(
            schema: { ["type": "array", "items": item.schema($0)] }, placeholder: { [] },
            read: { node, context in
                if node.text == "[]" { return [] }
                guard let items = context.expandedItems(node) else {
                    let text = context.line(node.range.start.line).trimmedSpaces
                    context.reportType(
                        node, wants: "a list",
                        help: node.text == nil
                            ? context.listHelp(node) : listHelp(context.key, node.text ?? "", line: text))
                    return nil
                }
                return items.compactMap { context.readItem($0, item) }
            })
    }

    /// A list, or one value that stands for a list of one.
    static func oneOrMore<Item>(_ item: Codec<Item>) -> Codec where Value == [Item] {
        let many = Codec<[Item]>.list(item)
        return Codec(
            schema: { ["anyOf": [item.schema($0), ["type": "array", "items": item.schema($0)]]] },
            placeholder: { [] },
            read: { node, context in
                node.items == nil && context.expandedItems(node) == nil
                    ? item.read(node, context).map { [$0] } : many.read(node, context)
            })
    }

    /// Names of the author's choosing, each with a value; names follow `rule`.
    static func names<Item>(_ item: Codec<Item>, rule: NameRule = .id) -> Codec where Value == [Named<Item>] {
        Codec(
            schema: {
                [
                    "type": "object", "propertyNames": ["pattern": .string(rule.pattern)],
                    "additionalProperties": item.schema($0),
                ]
            },
            placeholder: { [] },
            read: { node, context in
                guard let entries = node.entries else {
                    context.reportType(
                        node, wants: "names with a value each, one to a line", help: spaceHelp(node))
                    return nil
                }
                return entries.map { entry in
                    let name = entry.key.text ?? ""
                    if !rule.allows(name) { context.reportName(name, at: entry.key.range, rule: rule) }
                    context.key = name
                    let value = item.read(entry.value, context)
                    // The name is declared all the same, so that nothing else is reported for want of it.
                    if value == nil { context.unreadNames.insert(entry.key.range) }
                    return Named(name: Located(name, at: entry.key.range), value: value ?? item.placeholder())
                }
            })
    }
}

private func listHelp(_ key: String, _ text: String, line: String) -> String {
    line.hasPrefix("- ") ? "write it as a list:\n- [\(text)]" : "write it as a list:\n\(key):\n  - \(text)"
}

/// `timezone:UTC` is one word to YAML: the corrected line.
private func spaceHelp(_ node: YAMLNode) -> String? {
    guard let text = node.text, let colon = text.firstIndex(of: ":"), !text[..<colon].contains(" ") else {
        return nil
    }
    let value = text[text.index(after: colon)...].trimmedSpaces
    return "write a space after the colon:\n\(text[..<colon]): \(value)"
}

/// How names of one kind are spelt (DESIGN 3, rule 8).
enum NameRule: Sendable {
    /// snake_case: assistants, intents, flows, slots, ...
    case id
    /// kebab-case: channels.
    case kebab
    /// As in the token: roles.
    case role
    /// Anything that is not empty: choice values, error names, settings.
    case free

    var pattern: String {
        switch self {
        case .id: "^[a-z][a-z0-9_]*$"
        case .kebab: "^[a-z][a-z0-9-]*$"
        case .role: "^[A-Za-z][A-Za-z0-9_-]*$"
        case .free: "."
        }
    }

    var example: String {
        switch self {
        case .id: "small letters, digits and '_', as in 'book_appointment'"
        case .kebab: "small letters, digits and '-', as in 'front-desk'"
        case .role: "letters, digits, '_' and '-', as in 'PATIENT'"
        case .free: "at least one character"
        }
    }

    func allows(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first else { return false }
        let letters: ClosedRange<Unicode.Scalar> = "a"..."z"
        let capitals: ClosedRange<Unicode.Scalar> = "A"..."Z"
        let digits: ClosedRange<Unicode.Scalar> = "0"..."9"
        let rest = name.unicodeScalars
        switch self {
        case .id:
            return letters.contains(first)
                && rest.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == "_" }
        case .kebab:
            return letters.contains(first)
                && rest.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == "-" }
        case .role:
            return (letters.contains(first) || capitals.contains(first))
                && rest.allSatisfy {
                    letters.contains($0) || capitals.contains($0) || digits.contains($0) || $0 == "_"
                        || $0 == "-"
                }
        case .free: return true
        }
    }

    /// The name as it might be spelt.
    func corrected(_ name: String) -> String? {
        let glue = self == .kebab ? "-" : "_"
        var out = ""
        for scalar in name.unicodeScalars {
            let isUpper = ("A"..."Z").contains(scalar)
            if isUpper, self != .role {
                if !out.isEmpty, out.last != Character(glue) { out += glue }
                out += String(scalar).lowercased()
            } else if allows("a" + String(scalar)) {
                out.unicodeScalars.append(scalar)
            } else if !out.isEmpty, out.last != Character(glue) {
                out += glue
            }
        }
        return allows(out) ? out : nil
    }
}

extension StringProtocol {
    /// Without spaces, tabs and line ends around it.
    var trimmedSpaces: String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}

extension DecodeContext {
    /// Reads one item of a list; one that cannot be read leaves the list's key half read.
    func readItem<Item>(_ node: YAMLNode, _ item: Codec<Item>) -> Item? {
        let owner = key
        defer { key = owner }
        guard let value = item.read(node, self) else {
            missedKeys.insert(owner)
            return nil
        }
        return value
    }

    /// One map where a list of maps belongs: the corrected lines.
    func listHelp(_ node: YAMLNode) -> String? {
        guard node.range.start.line == node.range.end.line else { return "begin each entry of it with '- '" }
        let written = line(node.range.start.line).unicodeScalars.prefix(node.range.end.column - 1).dropFirst(
            node.range.start.column - 1)
        return "write it as a list:\n\(key):\n  - \(String(String.UnicodeScalarView(written)))"
    }

    func reportType(_ node: YAMLNode, wants: String, help: String? = nil) {
        let found =
            switch node.content {
            case .scalar("", .plain): "nothing"
            case .scalar(let text, _): "'\(shortened(text))'"
            case .sequence: "a list"
            case .mapping: "keys with values"
            }
        report(
            "type-wrong", at: firstLine(of: node.range), "'\(key)' wants \(wants), not \(found)", help: help)
    }

    func reportName(_ name: String, at range: SourceRange, rule: NameRule) {
        report(
            "name-spelling", at: range,
            "'\(shortened(name))' cannot be a name here: names are \(rule.example)",
            help: rule.corrected(name).map { "write '\($0)'" })
    }

    /// A range cut to its first line, so that a caret fits under it.
    func firstLine(of range: SourceRange) -> SourceRange {
        guard range.end.line > range.start.line else { return range }
        let width = line(range.start.line).unicodeScalars.count
        let end = SourcePosition(line: range.start.line, column: max(range.start.column + 1, width + 1))
        return SourceRange(file: range.file, start: range.start, end: end)
    }
}

/// At most forty characters on one line, for messages.
func shortened(_ text: String) -> String {
    let line = text.replacing("\n", with: " ")
    return line.count > 40 ? line.prefix(39) + "…" : line
}
