// SPDX-License-Identifier: Apache-2.0

extension DiagnosticRenderer {
    /// The findings as one JSON object: `diagnostics` with the fields of the text, and `summary` with counts.
    public func json(_ diagnostics: [Diagnostic]) -> String {
        let counts: [(String, Diagnostic.Severity)] = [
            ("errors", .error), ("warnings", .warning), ("notes", .note),
        ]
        var summary = counts.map { name, severity in
            (name, JSONText.number(diagnostics.count { $0.severity == severity }))
        }
        summary.append(("files", .number(Set(diagnostics.map(\.range.file)).count)))
        let all = JSONText.array(diagnostics.map { .object(members(of: $0)) })
        return JSONText.object([("diagnostics", all), ("summary", .object(summary))]).written() + "\n"
    }

    private func members(of diagnostic: Diagnostic) -> [(String, JSONText)] {
        var members: [(String, JSONText)] = [
            ("severity", .string(diagnostic.severity.rawValue)), ("code", .string(diagnostic.code)),
        ]
        members += place(diagnostic.range)
        members.append(("message", .string(diagnostic.message)))
        if let help = diagnostic.help { members.append(("help", .string(help))) }
        let related = diagnostic.related.map {
            JSONText.object(place($0.range) + [("message", .string($0.message))])
        }
        members.append(("related", .array(related)))
        return members
    }

    private func place(_ range: SourceRange) -> [(String, JSONText)] {
        [
            ("file", .string(range.file)),
            ("line", .number(range.start.line)), ("column", .number(range.start.column)),
            ("end_line", .number(range.end.line)), ("end_column", .number(range.end.column)),
        ]
    }
}
