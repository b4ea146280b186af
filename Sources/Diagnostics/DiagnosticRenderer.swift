// SPDX-License-Identifier: Apache-2.0

/// Turns findings into text for people, JSON for programs, and SARIF for code hosts.
public struct DiagnosticRenderer: Sendable {
    private let sources: [String: SourceText]

    /// A renderer that can show the lines of these files; findings in other files are shown without a line.
    public init(sources: some Sequence<SourceText>) {
        self.sources = Dictionary(sources.map { ($0.file, $0) }, uniquingKeysWith: { $1 })
    }

    /// All findings in the given order, each with its source line, and a summary as the last line.
    ///
    /// Empty when there is nothing to show; else every line ends with a line feed.
    public func text(_ diagnostics: [Diagnostic]) -> String {
        guard !diagnostics.isEmpty else { return "" }
        return diagnostics.map { text($0) }.joined() + DiagnosticRenderer.summary(of: diagnostics) + "\n"
    }

    /// One finding with its source line, marks, help and related places; every line ends with a line feed.
    public func text(_ diagnostic: Diagnostic) -> String {
        let head =
            "\(diagnostic.severity.rawValue)[\(diagnostic.code)]: \(Glyph.printable(diagnostic.message))"
        var lines = ["\(place(diagnostic.range)): \(head)"]
        lines += snippet(diagnostic.range)
        lines += help(diagnostic.help)
        lines += diagnostic.related.map { "  see: \(place($0.range)): \(Glyph.printable($0.message))" }
        return lines.map { $0 + "\n" }.joined()
    }

    /// How many errors, warnings and notes in how many files: `2 errors, 1 warning in 2 files`.
    public static func summary(of diagnostics: [Diagnostic]) -> String {
        let counts: [(Diagnostic.Severity, String)] = [
            (.error, "error"), (.warning, "warning"), (.note, "note"),
        ]
        let parts = counts.compactMap { severity, word -> String? in
            let count = diagnostics.count { $0.severity == severity }
            return count == 0 ? nil : counted(count, word)
        }
        guard !parts.isEmpty else { return "no problems" }
        return parts.joined(separator: ", ") + " in "
            + counted(Set(diagnostics.map(\.range.file)).count, "file")
    }

    private static func counted(_ count: Int, _ word: String) -> String {
        count == 1 ? "1 \(word)" : "\(count) \(word)s"
    }

    private func place(_ range: SourceRange) -> String {
        "\(Glyph.printable(range.file)):\(range.start.line):\(range.start.column)"
    }

    private func snippet(_ range: SourceRange) -> [String] {
        guard let source = sources[range.file]?.line(range.start.line) else { return [] }
        let snippet = Snippet(source, marking: range)
        let number = String(range.start.line)
        let gutter = String(repeating: " ", count: max(5 - number.count, 1)) + number
        let blank = String(repeating: " ", count: gutter.count)
        return ["\(gutter) | \(snippet.line)", "\(blank) | \(snippet.marks)"]
    }

    private func help(_ help: String?) -> [String] {
        guard let help else { return [] }
        let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().map { ($0 == 0 ? "  help: " : "        ") + Glyph.printable($1) }
    }
}
