// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// Looks at every value of a tree beside the line it was written on.
struct TrapWalk {
    let source: SourceText
    var diagnostics: [Diagnostic] = []

    init(source: SourceText) { self.source = source }

    mutating func visit(_ node: YAMLNode) {
        switch node.content {
        case .scalar(_, .doubleQuoted): checkEscapes(node)
        case .scalar: break
        case .sequence(let items, _):
            for item in items { visit(item) }
        case .mapping(let entries, let isFlow):
            if isFlow, checkBrackets(node, entries) { return }
            for entry in entries {
                visit(entry.key)
                visit(entry.value)
            }
        }
    }

    // MARK: - Maps in brackets

    /// Reports at most one slip of a map in brackets; true when there was one.
    private mutating func checkBrackets(_ node: YAMLNode, _ entries: [YAMLEntry]) -> Bool {
        var found = pairInList(node)
        for index in entries.indices where found == nil { found = slip(entries, at: index, of: node) }
        if let found { diagnostics.append(found) }
        return found != nil
    }

    /// `[Note: call us]` is a list of a map.
    private func pairInList(_ node: YAMLNode) -> Diagnostic? {
        let start = node.range.start
        // A map with an anchor begins at its '&'.
        guard let first = scalar(start), first != "{", first != "&" else { return nil }
        if first == "?" { return questionMark(start) }
        guard let colon = node.entries?.first.flatMap({ colon(after: $0.key) }) else { return nil }
        return quoting(
            "yaml-colon", SourceRange(file: source.file, start: colon),
            "a text inside brackets cannot hold ': ' unless it is in quotes", around: start)
    }

    private func slip(_ entries: [YAMLEntry], at index: Int, of node: YAMLNode) -> Diagnostic? {
        let key = entries[index].key
        if let mark = questionMarkBefore(key) { return questionMark(mark) }
        guard case .scalar(let text, .plain) = key.content, entries[index].value.range.isEmpty,
            colon(after: key) == nil
        else { return nil }
        if let colon = text.unicodeScalars.firstIndex(of: ":") { return missingSpace(key, text, colon) }
        guard index > 0, case .scalar(_, .plain) = entries[index - 1].value.content,
            !entries[index - 1].value.range.isEmpty
        else { return withoutValue(key, text, of: node) }
        return comma(entries[index - 1].value, key)
    }

    private func missingSpace(_ key: YAMLNode, _ text: String, _ colon: String.Index) -> Diagnostic {
        let name = text.unicodeScalars[..<colon]
        let column = key.range.start.column + name.count
        let shape = LineShape(source.line(key.range.start.line) ?? "")
        return Diagnostic(
            code: "yaml-missing-space",
            at: SourceRange(
                file: source.file, start: SourcePosition(line: key.range.start.line, column: column)),
            "a space is missing after the colon of '\(LineShape.text(name))'",
            help: "write a space after it:\n" + shape.replacing(column - 1..<column, with: ": "))
    }

    private func comma(_ value: YAMLNode, _ key: YAMLNode) -> Diagnostic {
        let range = SourceRange(file: source.file, start: value.range.start, end: key.range.end)
        let shape = LineShape(source.line(range.start.line) ?? "")
        let isOneLine = range.start.line == range.end.line
        let corrected = shape.replacing(
            (range.start.column - 1)..<(isOneLine ? range.end.column - 1 : shape.scalars.count),
            with: LineShape.quoted(source.slice(range)))
        return Diagnostic(
            code: "yaml-comma", at: range, "a comma between '{ }' ends the text before it",
            help: isOneLine ? "put the text in quotes:\n" + corrected : "put the text in quotes")
    }

    private func withoutValue(_ key: YAMLNode, _ text: String, of node: YAMLNode) -> Diagnostic {
        let isOneLine = node.range.start.line == node.range.end.line
        let shape = LineShape(source.line(node.range.start.line) ?? "")
        let written = source.slice(node.range)
        let corrected = shape.replacing(
            (node.range.start.column - 1)..<(isOneLine ? node.range.end.column - 1 : shape.scalars.count),
            with: LineShape.quoted(written))
        return Diagnostic(
            code: "yaml-key-without-value", at: key.range, "'\(text)' between '{ }' is a key without a value",
            help: "write '\(text): value'" + (isOneLine ? ", or put all of it in quotes:\n" + corrected : ""))
    }

    private func questionMark(_ position: SourcePosition) -> Diagnostic {
        quoting(
            "yaml-question-mark", SourceRange(file: source.file, start: position),
            "a text inside brackets cannot begin with '?' unless it is in quotes", around: position)
    }

    private func quoting(
        _ code: String, _ range: SourceRange, _ message: String, around position: SourcePosition
    ) -> Diagnostic {
        let shape = LineShape(source.line(position.line) ?? "")
        let item = BracketItem(shape.scalars, around: position.column - 1)
        let quoted = LineShape.quoted(LineShape.text(shape.scalars[item.range]))
        return Diagnostic(
            code: code, at: range, message,
            help: "put the text in quotes:\n" + shape.replacing(item.range, with: quoted))
    }

    // MARK: - Escapes

    private mutating func checkEscapes(_ node: YAMLNode) {
        for number in node.range.start.line...max(node.range.start.line, node.range.end.line) {
            guard let line = source.line(number), line.utf8.contains(UInt8(ascii: "\\")) else { continue }
            checkEscapes(node, LineShape(line), number)
        }
    }

    private mutating func checkEscapes(_ node: YAMLNode, _ shape: LineShape, _ number: Int) {
        let start = node.range.start.line == number ? node.range.start.column : 0
        let end = node.range.end.line == number ? node.range.end.column - 1 : shape.scalars.count
        var index = start
        while index + 1 < min(end, shape.scalars.count) {
            guard shape.scalars[index] == "\\" else {
                index += 1
                continue
            }
            if let length = EscapeTrap.invisible(shape.scalars[index...]) {
                let written = LineShape.text(shape.scalars[index..<(index + length)])
                let place = SourcePosition(line: number, column: index + 1)
                let corrected = EscapeTrap.singleQuoted(shape, openingAt: node.range.start, line: number)
                diagnostics.append(
                    Diagnostic(
                        code: "yaml-escape",
                        at: SourceRange(
                            file: source.file, start: place,
                            end: SourcePosition(line: number, column: index + 1 + length)),
                        "'\(written)' between double quotes is an invisible control character",
                        help: "between single quotes a backslash is just a backslash"
                            + (corrected.map { ":\n" + $0 } ?? "")))
                return
            }
            index += 2
        }
    }

    // MARK: - Looking at the source

    private func scalar(_ position: SourcePosition) -> Unicode.Scalar? {
        source.line(position.line)?.unicodeScalars.dropFirst(position.column - 1).first
    }

    /// The colon behind a key, on the same line.
    private func colon(after key: YAMLNode) -> SourcePosition? {
        guard let line = source.line(key.range.end.line) else { return nil }
        let rest = line.unicodeScalars.dropFirst(key.range.end.column - 1)
        let blanks = rest.prefix(while: LineShape.isBlank).count
        guard rest.dropFirst(blanks).first == ":" else { return nil }
        return SourcePosition(line: key.range.end.line, column: key.range.end.column + blanks)
    }

    private func questionMarkBefore(_ key: YAMLNode) -> SourcePosition? {
        guard let line = source.line(key.range.start.line) else { return nil }
        let before = line.unicodeScalars.prefix(key.range.start.column - 1).reversed()
        let blanks = before.prefix(while: LineShape.isBlank).count
        guard before.dropFirst(blanks).first == "?" else { return nil }
        return SourcePosition(line: key.range.start.line, column: key.range.start.column - blanks - 1)
    }
}

extension SourceRange {
    /// Nothing is written there.
    fileprivate var isEmpty: Bool { start == end }
}
