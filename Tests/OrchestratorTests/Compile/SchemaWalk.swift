// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Orchestrator
import WireProtocols
import YAMLTree

/// A word of a file that means something elsewhere: a key of the language or the name of something declared.
struct MeaningfulWord: Hashable {
    enum Kind: Hashable { case key, name, word }
    let kind: Kind
    /// Where the language has it: `Step.call`; one test for each place and word is enough.
    let place: String
    let text: String
    let file: String
    let position: SourcePosition
}

/// Walks a file beside its JSON Schema, which knows the language independently of the code that reads it.
struct SchemaWalk {
    private let definitions: JSON
    private let file: String
    private(set) var words: [MeaningfulWord] = []
    /// Every name that is declared, in whatever way.
    private(set) var declared: Set<String> = []

    /// Scalars and keys that look like references, kept if the name is declared somewhere in the tree.
    private(set) var candidates: [MeaningfulWord] = []

    private static let schemas: [String: JSON] = Dictionary(
        uniqueKeysWithValues: SchemaWriter.all().map {
            (String($0.name.prefix { $0 != "." }), (try? JSON.parse($0.text)) ?? .null)
        })

    init?(_ root: YAMLNode, file: String) {
        guard let kind = root["kind"]?.text, let schema = Self.schemas[kind] else { return nil }
        definitions = schema["$defs"] ?? .null
        self.file = file
        visit(root, schema, place: kind, key: "")
    }

    // MARK: - Schema

    private func resolved(_ schema: JSON) -> (schema: JSON, name: String?) {
        guard let reference = schema["$ref"]?.text else { return (schema, nil) }
        let name = String(reference.dropFirst("#/$defs/".count))
        return (definitions[name] ?? .null, name)
    }

    /// The alternative that fits the shape of a node.
    private func fitting(_ schema: JSON, _ node: YAMLNode) -> (schema: JSON, name: String?) {
        let (schema, name) = resolved(schema)
        guard let alternatives = schema["anyOf"]?.list else { return (schema, name) }
        let wanted = node.entries != nil ? "object" : node.items != nil ? "array" : "string"
        let all = alternatives.map { fitting($0, node) }
        return all.first { $0.schema["type"]?.text == wanted } ?? all.first { $0.schema["enum"] != nil } ?? (
            .null, nil
        )
    }

    // MARK: - Walk

    private mutating func visit(_ node: YAMLNode, _ schema: JSON, place: String, key: String) {
        let (schema, name) = fitting(schema, node)
        let place = name ?? place
        switch node.content {
        case .scalar: scalar(node, schema, place: place, key: key)
        case .sequence(let items, _):
            for item in items { visit(item, schema["items"] ?? .null, place: place, key: key) }
        case .mapping(let entries, _):
            for entry in entries { visit(entry, schema, place: place, key: key) }
        }
    }

    private mutating func visit(_ entry: YAMLEntry, _ schema: JSON, place: String, key: String) {
        let name = entry.key.text ?? ""
        if let property = schema["properties"]?[name] {
            words.append(word(.key, place, entry.key))
            if ["output", "input"].contains(name), place != "assistant" {
                declareTypes(entry.value, place: "\(place).\(name)", isDeclaration: name == "input")
            }
            visit(entry.value, property, place: "\(place).\(name)", key: name)
        } else if let value = schema["additionalProperties"], value.flag != false {
            nameKey(entry, place: place, key: key)
            visit(entry.value, value, place: place, key: name)
        } else if key == "rows" || place.hasSuffix(".rows") {
            candidates.append(word(.name, place, entry.key))
        }
    }

    /// Keys whose values are words of the author's own.
    private static let freeText: Set<String> = [
        "type", "audit", "user", "text", "label", "title", "phrases", "hints", "all_of", "unless", "examples",
        "safety_examples", "says", "says_not", "expect", "model",
    ]

    private static let referringMaps: Set<String> = [
        "access", "with", "where", "values", "if_error", "providers", "channels", "replace", "set", "default",
    ]

    // A key of the author's choosing: a declaration, a reference, or the path of a condition.
    private mutating func nameKey(_ entry: YAMLEntry, place: String, key: String) {
        let name = entry.key.text ?? ""
        let last = place.split(separator: ".").last.map(String.init) ?? ""
        if ["if", "when", "repeat_while"].contains(last) {
            path(name, at: entry.key, place)
            if entry.value.text != nil, name.hasPrefix("slots.") {
                candidates.append(word(.word, "condition", entry.value))
            }
            for value in entry.value["in"]?.items ?? [] where name.hasPrefix("slots.") {
                candidates.append(word(.word, "condition", value))
            }
        } else if Self.referringMaps.contains(last), !(place.hasPrefix("routing") && last == "providers"),
            !(place.hasPrefix("server") && last == "channels")
        {
            if ["set", "default"].contains(last) { declared.insert(name) }
            if last == "if_error" { declared.insert(name) }
            candidates.append(word(.name, place, entry.key))
            if last == "replace" { candidates.append(word(.name, place, entry.value)) }
        } else if place == "Expectation.slots" {
            candidates.append(word(.name, place, entry.key))
        } else {
            declared.insert(name)
        }
    }

    private mutating func scalar(_ node: YAMLNode, _ schema: JSON, place: String, key: String) {
        guard let text = node.text, !text.isEmpty else { return }
        let last = place.split(separator: ".").last.map(String.init) ?? key
        if let words = schema["enum"]?.list {
            if words.count > 1 || text != "true" { self.words.append(word(.word, place, node)) }
        } else if ["id", "save"].contains(last) {
            declared.insert(text)
            if place == "Row.id" || place.hasSuffix("rows.id") { return }
        } else if last == "files" {
            if !text.contains("*") {
                declared.insert(text)
                candidates.append(word(.name, place, node))
            }
        } else if last == "order" {
            candidates.append(word(.name, place, node, text.hasPrefix("-") ? 1 : 0))
        } else if schema["type"]?.text == "string", !Self.freeText.contains(last), !place.contains(".choice"),
            !place.contains("safety_words")
        {
            candidates.append(word(.name, place, node))
        }
    }

    // Types are nested as the author likes; their leaves are words of the language.
    private mutating func declareTypes(_ node: YAMLNode, place: String, isDeclaration: Bool) {
        switch node.content {
        case .scalar: words.append(word(.word, place, node))
        case .sequence(let items, _):
            items.forEach { declareTypes($0, place: place, isDeclaration: isDeclaration) }
        case .mapping(let entries, _):
            for entry in entries {
                if isDeclaration {
                    declared.insert(entry.key.text ?? "")
                } else {
                    candidates.append(word(.name, place, entry.key))
                }
                declareTypes(entry.value, place: place, isDeclaration: isDeclaration)
            }
        }
    }

    private mutating func path(_ path: String, at node: YAMLNode, _ place: String) {
        var offset = 0
        for part in path.split(separator: ".") {
            declared.insert(String(part))
            words.append(word(.name, place, node, offset, String(part)))
            offset += part.unicodeScalars.count + 1
        }
    }

    private func word(
        _ kind: MeaningfulWord.Kind, _ place: String, _ node: YAMLNode, _ offset: Int = 0,
        _ part: String? = nil
    ) -> MeaningfulWord {
        let text = node.text ?? ""
        let width = node.range.end.column - node.range.start.column
        let quote = node.range.start.line == node.range.end.line && width > text.unicodeScalars.count ? 1 : 0
        let start = SourcePosition(
            line: node.range.start.line, column: node.range.start.column + quote + offset)
        return MeaningfulWord(
            kind: kind, place: place, text: part ?? String(text.unicodeScalars.dropFirst(offset)), file: file,
            position: start)
    }
}

extension SchemaWalk {
    /// The words inside `${...}` and `[...](...)`, found in the text itself.
    static func wordsInText(_ source: SourceText) -> [MeaningfulWord] {
        source.lines.enumerated().flatMap { number, line -> [MeaningfulWord] in
            guard line.first(where: { $0 != " " }) != "#" else { return [] }
            let scalars = Array(line.unicodeScalars)
            let word: (String, String, Int) -> MeaningfulWord = { place, text, index in
                MeaningfulWord(
                    kind: .name, place: place, text: text, file: source.file,
                    position: SourcePosition(line: number + 1, column: index + 1))
            }
            return expressions(scalars, word) + marks(scalars, word)
        }
    }

    private static func marks(_ scalars: [Unicode.Scalar], _ word: (String, String, Int) -> MeaningfulWord)
        -> [MeaningfulWord]
    {
        scalars.indices.dropLast(2).compactMap { index in
            guard scalars[index] == "]", scalars[index + 1] == "(" else { return nil }
            let name = scalars[(index + 2)...].prefix { isNamePart($0) }
            return name.isEmpty ? nil : word("example", text(name), index + 2)
        }
    }

    private static func expressions(
        _ scalars: [Unicode.Scalar], _ word: (String, String, Int) -> MeaningfulWord
    ) -> [MeaningfulWord] {
        var words: [MeaningfulWord] = []
        var index = 0
        while index + 1 < scalars.count {
            guard scalars[index] == "$", scalars[index + 1] == "{" else {
                index += 1
                continue
            }
            var depth = 0
            let end =
                scalars[index...].firstIndex { scalar in
                    depth += scalar == "{" ? 1 : scalar == "}" ? -1 : 0
                    return depth == 0 && scalar == "}"
                } ?? scalars.count
            words += parts(scalars, (index + 2)..<end, word)
            index = end
        }
        return words
    }

    // A path, filters, and the fields that the patterns of `list` and `where` name.
    private static func parts(
        _ scalars: [Unicode.Scalar], _ range: Range<Int>, _ word: (String, String, Int) -> MeaningfulWord
    ) -> [MeaningfulWord] {
        var words: [MeaningfulWord] = []
        let whole = text(scalars[range])
        let hasDefault = whole.hasPrefix("env.") && whole.contains("default")
        var index = range.lowerBound
        var isPath = true
        while index < range.upperBound {
            let isStart =
                scalars[index].properties.isAlphabetic
                && (index == range.lowerBound || !isNamePart(scalars[index - 1]))
            let name: ArraySlice<Unicode.Scalar> =
                isStart ? scalars[index..<range.upperBound].prefix { isNamePart($0) } : []
            let before = text(scalars[range.lowerBound..<index]).filter { $0 != " " }
            if !name.isEmpty {
                let isFilter = before.hasSuffix("|") && !before.contains("{")
                let isField = before.hasSuffix("{") || (before.hasSuffix("where:") && !before.contains("'"))
                let isEnvironment = isPath && before.hasPrefix("env.") && hasDefault
                if isPath && !isEnvironment || isFilter || isField && text(name) != "n" {
                    words.append(word(isFilter ? "filter" : isField ? "field" : "path", text(name), index))
                }
                index = name.endIndex
            } else {
                if scalars[index] == "|" { isPath = false }
                index += 1
            }
        }
        return words
    }

    static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }
}
