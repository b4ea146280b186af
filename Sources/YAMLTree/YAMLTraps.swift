// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// Finds text that YAML reads without complaint, but not as its author meant it.
///
/// Slips that stop the parser are the reader's own findings; these are the silent ones.
public enum YAMLTraps {
    /// What can be told without knowing which values are human text, each with the corrected line as help.
    ///
    /// `source` is the text the tree was read from. Findings come in file order, once each.
    public static func check(_ root: YAMLNode, _ source: String) -> [Diagnostic] {
        var walk = TrapWalk(source: SourceText(file: root.range.file, text: withoutMark(source)))
        walk.visit(root)
        return Set(walk.diagnostics).sorted()
    }

    /// A list of human text in brackets, where a comma inside a sentence silently makes two texts of it.
    ///
    /// Ask this only for lists that hold human text. Nil for a list on lines of its own, for one whose texts are all
    /// in quotes, and for one of single words. An error where a sentence was clearly cut, else a warning.
    public static func flowTextTrap(sequence: YAMLNode, source: @autoclosure () -> String) -> Diagnostic? {
        guard case .sequence(let items, isFlow: true) = sequence.content else { return nil }
        let texts = items.compactMap { item -> String? in
            guard case .scalar(let text, .plain) = item.content else { return nil }
            return text
        }
        guard texts.contains(where: { $0.contains(" ") }) else { return nil }
        let isCut = zip(texts, texts.dropFirst()).contains { first, next in
            first.contains(" ") && first.first?.isUppercase == true && next.first?.isLowercase == true
        }
        let written = SourceText(file: sequence.range.file, text: withoutMark(source())).slice(sequence.range)
        return Diagnostic(
            isCut ? .error : .warning, code: "yaml-flow-text", at: sequence.range,
            items.count == 1
                ? "a text in a list in brackets would be cut at a comma"
                : "a comma between brackets ends a text: this list holds \(items.count) texts",
            help: help(items: items, written: written))
    }

    private static func help(items: [YAMLNode], written: String) -> String {
        let lines = written.split(separator: "\n").map { String($0).trimmingBlanks }
        let inner = String(lines.joined(separator: " ").dropFirst().dropLast())
        let texts = BracketItem.split(Array(inner.unicodeScalars)).map { "- " + LineShape.quotedIfNeeded($0) }
        let each = "write each text on a line of its own:\n" + texts.joined(separator: "\n")
        guard items.count > 1, items.count < 4, !inner.contains("\"") else { return each }
        return each + "\nor, if it is one text:\n- " + LineShape.quotedIfNeeded(inner.trimmingBlanks)
    }

    private static func withoutMark(_ source: String) -> String {
        source.unicodeScalars.first == "\u{FEFF}" ? LineShape.text(source.unicodeScalars.dropFirst()) : source
    }
}

extension String {
    /// The text without blanks around it.
    var trimmingBlanks: String {
        let rest = unicodeScalars.drop(while: LineShape.isBlank)
        return LineShape.text(rest.reversed().drop(while: LineShape.isBlank).reversed())
    }
}

extension SourceText {
    /// What is written in a range; lines are joined by line feeds.
    func slice(_ range: SourceRange) -> String {
        var parts: [String] = []
        for number in range.start.line...max(range.start.line, range.end.line) {
            guard let line = line(number) else { break }
            let from = number == range.start.line ? range.start.column - 1 : 0
            let to = number == range.end.line ? range.end.column - 1 : Int.max
            parts.append(LineShape.text(line.unicodeScalars.prefix(to).dropFirst(from)))
        }
        return parts.joined(separator: "\n")
    }
}
