// SPDX-License-Identifier: Apache-2.0

/// What authors write in `phrases` and `all_of`, read into elements.
///
///     chest pain                     these words, in this order
///     chest|ribs hurt|hurts          one of several words; `passed_out` writes several words as one
///     <chest> hurts                  any entry of the word list `chest`
///     took ... <8+> pills            up to six other words between; a number from 8 up (`<0-3.5>`, `<20->`)
///     <chest> + tight|heavy          both within one sentence, in any order
///     been? stabbed                  a word that may be missing
///     cannot see <end>               and nothing more in this clause
enum SafetyNotation {
    /// One word of a phrase, or what may stand in its place.
    struct Element: Hashable {
        /// Folded words; more than one word is a turn of phrase.
        var alternatives: [[String]] = []
        var range: ClosedRange<Float>?
        var isOptional = false
        var isEnd = false
        /// So many other words may stand before it.
        var gap = 0
    }

    /// A word list or phrase that cannot be used, in the author's words.
    enum Problem: Error, Hashable {
        case unknownList(String)
        case emptyPart
        case tooManyGaps
        case onlyOptional
    }

    static let gapWords = 6
    static let maxGaps = 2
    private static let maxDepth = 8

    /// The parts of a phrase, each to be found somewhere in the sentence; most phrases have one.
    static func parts(
        of text: String, lists: [String: [String]]
    ) throws(Problem) -> [[Element]] {
        var parts: [[Element]] = []
        for part in split(text) {
            var elements: [Element] = []
            var gap = 0
            for word in part {
                if word == "..." || word == "…" {
                    gap = elements.isEmpty ? 0 : gapWords
                    continue
                }
                var element = try element(word, lists, depth: 0)
                if element.alternatives.isEmpty && element.range == nil && !element.isEnd { continue }
                element.gap = gap
                gap = 0
                elements.append(element)
            }
            if elements.isEmpty { throw .emptyPart }
            if elements.allSatisfy({ $0.isOptional || $0.isEnd }) { throw .onlyOptional }
            if elements.count(where: { $0.gap > 0 }) > maxGaps { throw .tooManyGaps }
            parts.append(elements)
        }
        if parts.isEmpty { throw .emptyPart }
        return parts
    }

    private static func split(_ text: String) -> [[Substring]] {
        let words = text.split(whereSeparator: \.isWhitespace)
        return words.split(separator: "+", omittingEmptySubsequences: false).map(Array.init)
    }

    private static func element(
        _ text: Substring, _ lists: [String: [String]], depth: Int
    ) throws(Problem) -> Element {
        var element = Element()
        var text = text
        if text.last == "?", text.count > 1 {
            element.isOptional = true
            text = text.dropLast()
        }
        for alternative in text.split(separator: "|") {
            guard alternative.first == "<", alternative.last == ">" else {
                if let words = folded(String(alternative)) { element.alternatives.append(words) }
                continue
            }
            let name = alternative.dropFirst().dropLast()
            if name == "end" {
                element.isEnd = true
            } else if let range = numbers(name) {
                element.range = range
            } else {
                element.alternatives += try members(of: String(name), lists, depth: depth)
            }
        }
        return element
    }

    private static func members(
        of name: String, _ lists: [String: [String]], depth: Int
    ) throws(Problem) -> [[String]] {
        guard depth < maxDepth, let list = lists[name] else { throw .unknownList(name) }
        var members: [[String]] = []
        for member in list {
            if member.hasPrefix("<") {
                members += try element(Substring(member), lists, depth: depth + 1).alternatives
            } else if let words = folded(member) {
                members.append(words)
            }
        }
        return members
    }

    /// `8+`, `20-` (or less), `3-5.5`; nil for a name.
    private static func numbers(_ text: Substring) -> ClosedRange<Float>? {
        guard let first = text.first, first.isNumber else { return nil }
        if text.last == "+" { return Float(text.dropLast()).map { $0...Float.greatestFiniteMagnitude } }
        if text.last == "-" { return Float(text.dropLast()).map { 0...max(0, $0) } }
        let ends = text.split(separator: "-").compactMap { Float($0) }
        return ends.count == 2 && ends[0] <= ends[1] ? ends[0]...ends[1] : nil
    }

    private static func folded(_ text: String) -> [String]? {
        let folded = FoldedText(text, keepsSymbols: true)
        let words = folded.words.map { folded.text(of: $0) }
        return words.isEmpty ? nil : words
    }
}
