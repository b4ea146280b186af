// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import YAMLTree

/// A `${...}` as written, before anyone knows whether its filters are the text's or the configuration's.
struct WrittenExpression {
    struct WrittenFilter {
        var name: String
        var argument: String?
        /// Where the name stands.
        var range: SourceRange
        /// The column where the argument begins; nil when there is none or it cannot be told.
        var argumentColumn: Int?
    }
    var path: [String]
    /// The columns where the path's parts begin; empty when they cannot be told.
    var columns: [Int]
    var filters: [WrittenFilter]
    var range: SourceRange
}

enum WrittenSegment {
    case text(String)
    case expression(WrittenExpression)
}

/// Splits text at its `${path | filter: argument | ...}`.
///
/// `$${` stands for `${` itself.
struct TemplateSyntax {
    private let scalars: [Unicode.Scalar]
    private var at = 0
    private let place: (Int) -> SourceRange
    private let line: (Int) -> String
    private let report: (String, SourceRange, String, String?) -> Void
    private var count = 0

    static func parse(_ node: YAMLNode, _ context: DecodeContext) -> [WrittenSegment] {
        let text = node.text ?? ""
        guard text.contains("${") else { return text.isEmpty ? [] : [.text(text)] }
        var parser = TemplateSyntax(
            scalars: Array(text.unicodeScalars), place: { context.place(ofExpression: $0, in: node) },
            line: context.line,
            report: { context.report($0, at: $1, $2, help: $3) })
        return parser.segments()
    }

    private init(
        scalars: [Unicode.Scalar], place: @escaping (Int) -> SourceRange, line: @escaping (Int) -> String,
        report: @escaping (String, SourceRange, String, String?) -> Void
    ) {
        self.scalars = scalars
        self.place = place
        self.line = line
        self.report = report
    }

    private mutating func segments() -> [WrittenSegment] {
        var segments: [WrittenSegment] = []
        var text = String.UnicodeScalarView()
        while at < scalars.count {
            if isAt("$${") {
                text.append(contentsOf: "${".unicodeScalars)
                at += 3
                count += 1
            } else if isAt("${") {
                if !text.isEmpty { segments.append(.text(String(text))) }
                text = String.UnicodeScalarView()
                if let expression = expression() { segments.append(.expression(expression)) }
            } else {
                text.append(scalars[at])
                at += 1
            }
        }
        if !text.isEmpty { segments.append(.text(String(text))) }
        return segments
    }

    private func isAt(_ text: String) -> Bool { scalars[at...].starts(with: text.unicodeScalars) }

    private mutating func expression() -> WrittenExpression? {
        let range = place(count)
        count += 1
        guard let inner = inside() else {
            report(
                "template-syntax", range, "'${' is not closed",
                "write '${slots.name}'; for a '${' in the text itself write '$${'")
            at = scalars.count
            return nil
        }
        let parts = Self.split(inner, at: "|")
        let path = parts[0].trimmedSpaces.split(separator: ".", omittingEmptySubsequences: false).map(
            String.init)
        guard path.allSatisfy(Self.isPathPart) else {
            let written = shortened("${" + String(String.UnicodeScalarView(inner)) + "}")
            report(
                "template-syntax", range, "'\(written)' does not begin with a path",
                "a path is names joined by dots, as in '${slots.when}'")
            return nil
        }
        var search = ExpressionSearch(line: line(range.start.line), range: range)
        let columns = path.map { search.column(of: $0) }
        let filters = parts.dropFirst().map { Self.filter($0, &search) }
        return WrittenExpression(
            path: path, columns: columns.contains(nil) ? [] : columns.compactMap { $0 }, filters: filters,
            range: range)
    }

    // The text up to the closing brace; quotation marks may hold braces and bars.
    private mutating func inside() -> [Unicode.Scalar]? {
        var end = at + 2
        var quote: Unicode.Scalar?
        while end < scalars.count {
            let scalar = scalars[end]
            if let open = quote {
                if scalar == open { quote = nil }
            } else if scalar == "'" || scalar == "\"" {
                quote = scalar
            } else if scalar == "}" {
                defer { at = end + 1 }
                return Array(scalars[(at + 2)..<end])
            }
            end += 1
        }
        return nil
    }

    private static func split(_ scalars: [Unicode.Scalar], at separator: Unicode.Scalar) -> [String] {
        var parts: [String] = [""]
        var quote: Unicode.Scalar?
        for scalar in scalars {
            if quote == nil, scalar == separator {
                parts.append("")
                continue
            }
            if scalar == quote {
                quote = nil
            } else if quote == nil, scalar == "'" || scalar == "\"" {
                quote = scalar
            }
            parts[parts.count - 1].unicodeScalars.append(scalar)
        }
        return parts
    }

    private static func filter(_ text: String, _ search: inout ExpressionSearch)
        -> WrittenExpression.WrittenFilter
    {
        let name = (text.firstIndex(of: ":").map { text[..<$0] } ?? text[...]).trimmedSpaces
        let range = search.range(of: name)
        guard let colon = text.firstIndex(of: ":") else { return .init(name: name, range: range) }
        var argument = text[text.index(after: colon)...].trimmedSpaces
        if let quote = argument.first, quote == "'" || quote == "\"", argument.count > 1,
            argument.last == quote
        {
            argument = String(argument.dropFirst().dropLast())
        }
        return .init(
            name: name, argument: argument, range: range, argumentColumn: search.column(of: argument))
    }

    private static func isPathPart(_ part: String) -> Bool {
        !part.isEmpty
            && part.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_" || $0 == "-"
            }
    }
}

extension DecodeContext {
    /// The place of the n-th `${` (counted from 0) inside a scalar.
    ///
    /// YAML's folding and quoting move columns, but they leave the `${` themselves alone, so the n-th of the
    /// value is the n-th of the source.
    func place(ofExpression index: Int, in node: YAMLNode) -> SourceRange {
        var seen = 0
        for number in node.range.start.line...max(node.range.start.line, node.range.end.line) {
            let scalars = Array(line(number).unicodeScalars)
            var column = number == node.range.start.line ? node.range.start.column : 1
            while column < scalars.count {
                if scalars[column - 1] == "$", scalars[column] == "{" {
                    if seen == index { return expressionRange(line: number, column: column, scalars) }
                    seen += 1
                }
                column += 1
            }
        }
        return firstLine(of: node.range)
    }

    private func expressionRange(line: Int, column: Int, _ scalars: [Unicode.Scalar]) -> SourceRange {
        var open = 0
        // A pattern of the filter 'list' holds braces of its own.
        let close =
            scalars[(column - 1)...].firstIndex { scalar in
                open += scalar == "{" ? 1 : scalar == "}" ? -1 : 0
                return scalar == "}" && open == 0
            } ?? column
        return SourceRange(
            file: file, start: SourcePosition(line: line, column: column),
            end: SourcePosition(line: line, column: close + 2))
    }
}

/// Finds the parts of one `${...}` in its source line, from left to right.
private struct ExpressionSearch {
    private let scalars: [Unicode.Scalar]
    private let range: SourceRange
    private var column: Int

    init(line: String, range: SourceRange) {
        scalars = Array(line.unicodeScalars)
        self.range = range
        column = range.start.column + 2
    }

    /// The column where a text begins; nil when YAML's quoting or folding hides it.
    mutating func column(of text: String) -> Int? {
        let wanted = Array(text.unicodeScalars)
        let last = min(range.end.column - 1, scalars.count) - wanted.count
        guard range.end.line == range.start.line, !wanted.isEmpty, column - 1 <= last else { return nil }
        guard let found = (column - 1...last).first(where: { scalars[$0...].starts(with: wanted) }) else {
            return nil
        }
        column = found + 1 + wanted.count
        return found + 1
    }

    /// The place of a text; that of the whole expression when it cannot be told.
    mutating func range(of text: String) -> SourceRange {
        column(of: text).map { range.part(at: $0, text) } ?? range
    }
}

extension SourceRange {
    /// The place of a text that begins at that column of the first line.
    func part(at column: Int, _ text: some StringProtocol) -> SourceRange {
        SourceRange(
            file: file, start: SourcePosition(line: start.line, column: column),
            end: SourcePosition(line: start.line, column: column + text.unicodeScalars.count))
    }
}
