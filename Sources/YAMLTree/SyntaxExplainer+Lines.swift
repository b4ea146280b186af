// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// Slips of colons, quotes and indentation.
extension SyntaxExplainer {
    /// libyaml met a colon where no key can be.
    func unexpectedColon(_ problem: SyntaxProblem) -> Diagnostic {
        let line = problem.position.line
        let start = startOfText(problem)
        if start.line < line { return keyInsideText(from: start, to: problem.position) }
        let shape = shape(line)
        if shape.value.hasPrefix("${"), shape.value.hasSuffix("}") {
            return diagnostic(
                "yaml-unquoted-interpolation", valueRange(line, shape),
                "a '${...}' that holds ': ' needs quotes",
                "put it in quotes", corrected: shape.withQuotedValue)
        }
        return diagnostic(
            "yaml-colon", range(problem.position), "a text cannot hold ': ' unless it is in quotes",
            "put the text in quotes", corrected: shape.withQuotedValue)
    }

    /// Where a text began that ran on over line ends until a key's colon stopped it.
    private func startOfText(_ problem: SyntaxProblem) -> SourcePosition {
        guard let last = problem.last, case .scalar(_, .plain) = last.kind,
            last.end.line == problem.position.line
        else { return problem.position }
        return last.start
    }

    private func keyInsideText(from start: SourcePosition, to colon: SourcePosition) -> Diagnostic {
        let above = shape(start.line)
        if above.key == nil || start.column - 1 < above.valueStart { return missingColon(start) }
        let below = shape(colon.line)
        let key = below.key ?? below.value
        return under(
            above.key ?? "", above.value, key, at: SourcePosition(line: colon.line, column: below.indent + 1))
    }

    private func under(_ owner: String, _ value: String, _ key: String, at place: SourcePosition)
        -> Diagnostic
    {
        diagnostic(
            "yaml-indentation", range(place, length: key.unicodeScalars.count),
            "'\(key)' is indented under '\(owner)', which already has the value '\(value)'",
            "begin '\(key)' in the column of the key it belongs beside")
    }

    /// A line that was to be `key: value`.
    func missingColon(_ position: SourcePosition) -> Diagnostic {
        let shape = shape(position.line)
        let start = max(position.column - 1, shape.indent)
        let rest = start < shape.scalars.count ? shape.scalars[start...] : []
        if rest.first == "-", rest.count > 1 {
            return diagnostic(
                "yaml-missing-space", range(SourcePosition(line: position.line, column: start + 1)),
                "a space is missing after the '-' of this list item", "write a space after it",
                corrected: shape.replacing(start..<start + 1, with: "- "))
        }
        let word = rest.prefix { $0 != ":" && !LineShape.isBlank($0) }
        if word.endIndex < shape.scalars.count, shape.scalars[word.endIndex] == ":" {
            let place = SourcePosition(line: position.line, column: word.endIndex + 1)
            return diagnostic(
                "yaml-missing-space", range(place),
                "a space is missing after the colon of '\(LineShape.text(word))'",
                "write a space after it",
                corrected: shape.replacing(word.endIndex..<word.endIndex + 1, with: ": "))
        }
        let end = max(shape.valueEnd, start + 1)
        return diagnostic(
            "yaml-missing-colon",
            range(SourcePosition(line: position.line, column: start + 1), length: end - start),
            "this line has no 'key: value' and belongs to nothing above it",
            "write a colon and a space after the key; a text over several lines is indented under its key")
    }

    func unclosedQuote(_ opening: SourcePosition) -> Diagnostic {
        let shape = shape(opening.line)
        let mark = shape.scalar(atColumn: opening.column) ?? "\""
        let isLast = opening.column == shape.valueStart + 1
        let closed = shape.replacingValue(with: shape.value + String(mark))
        return diagnostic(
            "yaml-quote", range(opening), "the quote (\(mark)) opened here is not closed",
            "close it at the end of the text", corrected: isLast ? closed : nil)
    }

    func listOnKeyLine(_ problem: SyntaxProblem) -> Diagnostic {
        let shape = shape(problem.position.line)
        guard problem.position.column == shape.valueStart + 1 else { return indentation(problem) }
        return diagnostic(
            "yaml-list-on-key-line", range(problem.position), "a list cannot begin on the line of its key",
            "begin it on the next line, or put the text in quotes if the '-' is part of it",
            corrected: shape.withQuotedValue)
    }

    /// Something follows a value that was already complete.
    func afterValue(_ problem: SyntaxProblem) -> Diagnostic? {
        guard problem.problem.contains("did not find expected"), let last = problem.last else { return nil }
        let shape = shape(problem.position.line)
        switch last.kind {
        case .scalar: return afterQuote(problem)
        case .alias where last.end.line == problem.position.line: return reservedCharacter(last.start)
        case .sequenceEnd, .mappingEnd:
            let isFlow =
                last.end.line == problem.position.line && problem.position.column > shape.valueStart + 1
                && (shape.scalar(atColumn: last.end.column - 1).map { $0 == "]" || $0 == "}" } ?? false)
            return isFlow ? afterBracket(problem, shape) : nil
        default: return nil
        }
    }

    func afterQuote(_ problem: SyntaxProblem) -> Diagnostic? {
        guard let last = problem.last, case .scalar(_, let style) = last.kind,
            last.end.line == problem.position.line,
            style == .singleQuoted || style == .doubleQuoted
        else { return nil }
        guard last.start.line == last.end.line else { return unclosedQuote(last.start) }
        let shape = shape(last.start.line)
        let isWhole = last.start.column == shape.valueStart + 1
        let inner = isWhole ? apostropheText(shape) : nil
        return diagnostic(
            "yaml-quote", range(problem.position), "text follows the closing quote",
            "put the whole text in quotes of the other kind",
            corrected: isWhole ? shape.replacingValue(with: inner ?? LineShape.quoted(shape.value)) : nil)
    }

    /// `'it's late'` was meant as one text between its outer quotes.
    private func apostropheText(_ shape: LineShape) -> String? {
        let value = shape.value
        guard value.count > 2, value.first == "'", value.last == "'" else { return nil }
        return LineShape.quoted(String(value.dropFirst().dropLast()))
    }

    private func afterBracket(_ problem: SyntaxProblem, _ shape: LineShape) -> Diagnostic {
        let next = shape.scalar(atColumn: problem.position.column)
        if next == "(", isEntityMarkup(shape, shape.valueStart) {
            return diagnostic(
                "yaml-entity-markup", valueRange(problem.position.line, shape),
                "a text that begins with '[word](entity)' needs quotes", "put the text in quotes",
                corrected: shape.withQuotedValue)
        }
        if next == "]" || next == "}" {
            return diagnostic(
                "yaml-bracket", range(problem.position), "this closing bracket was never opened", "delete it")
        }
        return diagnostic(
            "yaml-text-after-bracket", range(problem.position), "text follows the closing bracket",
            "put the whole text in quotes if the brackets are part of it", corrected: shape.withQuotedValue)
    }

    /// A line that begins in a column where nothing open begins.
    func indentation(_ problem: SyntaxProblem) -> Diagnostic {
        let line = problem.position.line
        let shape = shape(line)
        let column = shape.indent + 1
        guard let above = lineAbove(line) else {
            return diagnostic(
                "yaml-indentation", range(problem.position), "this does not belong to anything above it",
                "begin it in the column of the lines it belongs with")
        }
        let place = range(SourcePosition(line: line, column: column), length: shape.valueEnd - shape.indent)
        let isItem = shape.scalars[shape.indent...].first == "-"
        if above.shape.indent == shape.indent, above.shape.value != "..." {
            return diagnostic(
                "yaml-indentation", place,
                isItem
                    ? "this list item stands beside a key"
                    : "this line stands beside a list item, but has no '- '",
                isItem
                    ? "indent the item under the key of its list"
                    : "begin it with '- ', or in the column of the key it belongs beside")
        }
        if problem.problem.contains("<document start>"), above.shape.value == "..." {
            return diagnostic(
                "yaml-documents", place, "text follows the '...' line, which ends the file",
                "delete the '...' line")
        }
        if above.shape.indent < shape.indent, !isItem, let owner = above.shape.key,
            !above.shape.value.isEmpty,
            let key = shape.key
        {
            return under(owner, above.shape.value, key, at: place.start)
        }
        let columns = columnsAbove(line, isItem: isItem).filter { $0 != column }.map(String.init)
        return diagnostic(
            "yaml-indentation", place,
            "this line begins in column \(column), but the lines it could belong with begin in column "
                + columns.joined(separator: " or "),
            "indent it with spaces to one of these columns")
    }

    private func lineAbove(_ line: Int) -> (number: Int, shape: LineShape)? {
        for number in stride(from: line - 1, to: 0, by: -1) {
            let shape = shape(number)
            if shape.indent < shape.scalars.count, shape.scalars[shape.indent] != "#" {
                return (number, shape)
            }
        }
        return nil
    }

    /// The columns in which the lines above begin, outwards from the nearest, as far as each still encloses the next.
    private func columnsAbove(_ line: Int, isItem: Bool) -> [Int] {
        var columns: [Int] = []
        var number = line
        while let above = lineAbove(number), number > line - 200 {
            number = above.number
            let column = (isItem ? above.shape.indent : above.shape.contentStart) + 1
            if columns.last.map({ column < $0 }) ?? true { columns.append(column) }
            if column == 1 { break }
        }
        return columns
    }
}
