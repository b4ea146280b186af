// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// Slips of single characters: tabs, escapes, and characters that mean something at the start of a value.
extension SyntaxExplainer {
    func tab(_ problem: SyntaxProblem) -> Diagnostic? {
        let shape = shape(problem.position.line)
        let isTab = shape.scalar(atColumn: problem.position.column) == "\t"
        guard isTab || problem.problem.contains("tab character") else { return nil }
        let column = isTab ? problem.position.column : 1
        let length = shape.scalars[(column - 1)...].prefix { $0 == "\t" }.count
        return diagnostic(
            "yaml-tab", range(SourcePosition(line: problem.position.line, column: column), length: length),
            "there is a tab here; indentation is made of spaces only",
            "replace it with spaces, and set the editor to insert spaces for the tab key")
    }

    func escape(_ problem: SyntaxProblem) -> Diagnostic? {
        let isEscape = ["escape", "hexdecimal"].contains { problem.problem.contains($0) }
        guard isEscape, problem.context.contains("quoted scalar") else { return nil }
        let shape = shape(problem.position.line)
        // libyaml may stop behind the backslash, at the digit it did not like.
        let index = min(problem.position.column - 1, shape.scalars.count - 1)
        guard index >= 0, let slash = shape.scalars[...index].lastIndex(of: "\\") else { return nil }
        let written = LineShape.text(shape.scalars[slash...].prefix(2))
        let position = SourcePosition(line: problem.position.line, column: slash + 1)
        return diagnostic(
            "yaml-escape", range(position, length: 2), "'\(written)' means nothing between double quotes",
            "between single quotes a backslash is just a backslash",
            corrected: EscapeTrap.singleQuoted(shape, openingAt: problem.contextPosition, line: position.line)
        )
    }

    func specialStart(_ problem: SyntaxProblem) -> Diagnostic? {
        let isStart =
            ["cannot start any token", "mapping keys are not allowed"].contains {
                problem.problem.contains($0)
            }
            || ["an alias", "an anchor", "a tag", "a block scalar", "a directive"].contains {
                problem.context.contains("while scanning " + $0)
                    || problem.context.contains("while parsing " + $0)
            }
        return isStart ? reservedCharacter(problem.contextPosition) : nil
    }

    /// A value that begins with a character of YAML's own.
    func reservedCharacter(_ position: SourcePosition) -> Diagnostic? {
        let shape = shape(position.line)
        guard let character = shape.scalar(atColumn: position.column) else { return nil }
        let message = "a text cannot begin with '\(character)' unless it is in quotes"
        let isWhole = position.column == shape.valueStart + 1
        let corrected = isWhole ? shape.withQuotedValue : quotingInsideBrackets(shape, position.column - 1)
        return diagnostic(
            "yaml-special-character", range(position), message, "put the text in quotes", corrected: corrected
        )
    }

    /// The line with the item around an index quoted, where the item stands in a list or map in brackets.
    func quotingInsideBrackets(_ shape: LineShape, _ index: Int) -> String {
        let item = BracketItem(shape.scalars, around: index)
        return shape.replacing(item.range, with: LineShape.quoted(LineShape.text(shape.scalars[item.range])))
    }
}
