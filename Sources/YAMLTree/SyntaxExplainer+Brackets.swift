// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// Slips between `[ ]` and `{ }`.
extension SyntaxExplainer {
    /// libyaml wanted a comma or the closing bracket.
    func insideBrackets(_ problem: SyntaxProblem) -> Diagnostic? {
        let position = problem.position
        let shape = shape(position.line)
        let index = position.column - 1
        let before = index > 0 && index <= shape.scalars.count ? shape.scalars[index - 1] : nil
        switch shape.scalar(atColumn: position.column) {
        case "{" where before == "$": return interpolation(position, shape)
        case ":" where position.line > problem.contextPosition.line && shape.keyEnd == index:
            return unclosedBracket(problem.contextPosition)
        case ":": return colonInBrackets(problem)
        case "]", "}": return mismatched(problem.contextPosition, position)
        case "[" where isEntityMarkup(shape, index): return entityMarkupInList(problem, shape)
        case "(" where before == "]": return entityMarkupInList(problem, shape)
        case "[", "{":
            return diagnostic(
                "yaml-special-character", range(position),
                "a text inside brackets cannot hold '\(shape.scalars[index])' unless it is in quotes",
                "put the text in quotes", corrected: quotingInsideBrackets(shape, index))
        default: return afterQuote(problem) ?? unclosedBracket(problem.contextPosition)
        }
    }

    /// libyaml wanted a value.
    func missingContent(_ problem: SyntaxProblem) -> Diagnostic? {
        let shape = shape(problem.position.line)
        switch shape.scalar(atColumn: problem.position.column) {
        case "?":
            return diagnostic(
                "yaml-question-mark", range(problem.position),
                "a text inside brackets cannot begin with '?' unless it is in quotes",
                "put the text in quotes",
                corrected: quotingInsideBrackets(shape, problem.position.column - 1))
        case "," where problem.openBracket != nil:
            return diagnostic(
                "yaml-comma", range(problem.position), "there is nothing before this comma",
                "delete the comma; a text that begins with ',' needs quotes")
        case ",", "]", "}", "-":
            return problem.openBracket.flatMap { mismatched($0, problem.position) }
                ?? reservedCharacter(problem.position)
        default: return problem.openBracket.map { unclosedBracket($0) }
        }
    }

    func interpolation(_ position: SourcePosition, _ shape: LineShape) -> Diagnostic {
        let item = BracketItem(shape.scalars, around: position.column - 1)
        let start = SourcePosition(line: position.line, column: item.range.lowerBound + 1)
        return diagnostic(
            "yaml-unquoted-interpolation", range(start, length: item.range.count),
            "a value with '${...}' inside brackets needs quotes", "put it in quotes",
            corrected: quotingInsideBrackets(shape, position.column - 1))
    }

    func colonInBrackets(_ problem: SyntaxProblem) -> Diagnostic {
        let shape = shape(problem.position.line)
        // Where libyaml names the start of the text, the colon is further on.
        let from = min(problem.position.column - 1, shape.scalars.count)
        let colon = shape.scalars[from...].firstIndex(of: ":") ?? from
        let place = SourcePosition(line: problem.position.line, column: colon + 1)
        return diagnostic(
            "yaml-colon", range(place), "a text inside brackets cannot hold ': ' unless it is in quotes",
            "put the text in quotes", corrected: quotingInsideBrackets(shape, max(colon - 1, 0)))
    }

    func unclosedBracket(_ opening: SourcePosition) -> Diagnostic {
        let shape = shape(opening.line)
        let open: Unicode.Scalar = shape.scalar(atColumn: opening.column) == "{" ? "{" : "["
        let close = open == "{" ? "}" : "]"
        return diagnostic(
            "yaml-bracket", range(opening), "this '\(open)' is not closed before something else begins",
            "close it with '\(close)', or put the text in quotes if the bracket is part of it")
    }

    private func mismatched(_ opening: SourcePosition, _ closing: SourcePosition) -> Diagnostic? {
        guard let open = shape(opening.line).scalar(atColumn: opening.column),
            let close = shape(closing.line).scalar(atColumn: closing.column), close == "]" || close == "}"
        else { return nil }
        let wanted = open == "{" ? "}" : "]"
        return Diagnostic(
            code: "yaml-bracket", at: range(closing),
            "'\(close)' closes a bracket that was opened with '\(open)'",
            help: "write '\(wanted)', or put the text in quotes if the bracket is part of it",
            related: [.init(range(opening), "the bracket is opened here")])
    }

    /// `[word](entity)` with the opening bracket at the index.
    func isEntityMarkup(_ shape: LineShape, _ index: Int) -> Bool {
        guard let close = shape.scalars[index...].firstIndex(of: "]") else { return false }
        return close + 1 < shape.scalars.count && shape.scalars[close + 1] == "("
    }

    private func entityMarkupInList(_ problem: SyntaxProblem, _ shape: LineShape) -> Diagnostic {
        let end = shape.scalars.lastIndex(of: "]") ?? shape.scalars.count
        let opening =
            problem.contextPosition.line == problem.position.line ? problem.contextPosition.column - 1 : 0
        // A mark-up that opens the item is itself the innermost bracket: the list is the one before it.
        let isItem = opening > shape.valueStart && isEntityMarkup(shape, opening)
        let from = isItem ? shape.valueStart + 1 : opening + 1
        let inner = shape.scalars[min(from, end)..<end]
        let items = BracketItem.split(Array(inner)).map { "- " + LineShape.quotedIfNeeded($0) }
        return diagnostic(
            "yaml-entity-markup", range(problem.position),
            "a list in brackets cannot hold '[word](entity)'", "write the list on lines of its own",
            corrected: items.joined(separator: "\n"))
    }
}
