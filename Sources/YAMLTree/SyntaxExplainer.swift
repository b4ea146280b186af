// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// Says in an author's words why a file stopped being YAML, and how the line should read.
///
/// libyaml names the place where it gave up and the rule of its grammar; people need the line they wrote and the
/// reason. Each rule below recognises one kind of slip from libyaml's words, the last thing it understood, and the
/// line itself; the first rule that fits answers, the last one always does.
struct SyntaxExplainer {
    let source: SourceText

    func explain(_ problem: SyntaxProblem) -> Diagnostic {
        tab(problem) ?? escape(problem) ?? specialStart(problem) ?? byWords(problem) ?? fallback(problem)
    }

    /// The rules that libyaml's words alone select; its wording is fixed since 2018 (0.2.1).
    private func byWords(_ problem: SyntaxProblem) -> Diagnostic? {
        let rules: [(words: String, rule: (SyntaxProblem) -> Diagnostic?)] = [
            ("unexpected end of stream", { unclosedQuote($0.contextPosition) }),
            ("unexpected document indicator", { unclosedQuote($0.contextPosition) }),
            ("',' or ", insideBrackets),
            ("node content", missingContent),
            ("unexpected ':'", colonInBrackets),
            ("mapping values", unexpectedColon),
            ("could not find expected ':'", { missingColon($0.contextPosition) }),
            ("block sequence entries", listOnKeyLine),
            ("did not find expected", afterValue),
            ("did not find expected", indentation),
        ]
        for (words, rule) in rules where problem.problem.contains(words) {
            if let diagnostic = rule(problem) { return diagnostic }
        }
        return nil
    }

    // MARK: - Lines and findings

    func shape(_ line: Int) -> LineShape { LineShape(source.line(line) ?? "") }

    func range(_ start: SourcePosition, length: Int = 1) -> SourceRange {
        let end = SourcePosition(line: start.line, column: start.column + max(length, 1))
        return SourceRange(file: source.file, start: start, end: end)
    }

    /// The value of a line as a range.
    func valueRange(_ line: Int, _ shape: LineShape) -> SourceRange {
        range(
            SourcePosition(line: line, column: shape.valueStart + 1),
            length: shape.valueEnd - shape.valueStart)
    }

    /// A finding whose help is a corrected line.
    func diagnostic(
        _ code: String, _ range: SourceRange, _ message: String, _ help: String, corrected: String? = nil
    ) -> Diagnostic {
        Diagnostic(code: code, at: range, message, help: corrected.map { help + ":\n" + $0 } ?? help)
    }

    private func fallback(_ problem: SyntaxProblem) -> Diagnostic {
        diagnostic(
            "yaml-syntax", range(problem.position), "the file cannot be understood from here on",
            "look at this line and the one above: indentation, quotes, brackets, and a space after each colon"
        )
    }
}
