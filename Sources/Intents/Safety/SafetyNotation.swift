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
        /// Set if the element is this word list and nothing else, whose words are then compiled once.
        var list: String?
        /// So many other words may stand before it.
        var gap = 0
    }

    /// A word list or phrase that cannot be used, in the author's words.
    enum Problem: Error, Hashable {
        case unknownList(String)
        case emptyPart
        case tooManyGaps
        case twoRanges
        case tooManyOptional
        case onlyOptional
    }

    static let gapWords = 6
    static let maxGaps = 3
    static let maxOptional = 4

    /// The parts of a phrase, each to be found somewhere in the sentence; most phrases have one.
    static func parts(
        of text: String, lists: SafetyLists
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
                var element = try element(word, lists)
                if element.alternatives.isEmpty && element.range == nil && !element.isEnd { continue }
                element.gap = gap
                gap = 0
                elements.append(element)
            }
            if elements.isEmpty { throw .emptyPart }
            if elements.allSatisfy({ $0.isOptional || $0.isEnd }) { throw .onlyOptional }
            if elements.count(where: { $0.gap > 0 }) > maxGaps { throw .tooManyGaps }
            if elements.count(where: \.isOptional) > maxOptional { throw .tooManyOptional }
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
        _ text: Substring, _ lists: SafetyLists
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
                guard element.range == nil else { throw .twoRanges }
                element.range = range
            } else {
                guard let members = lists.members[String(name)] else { throw .unknownList(String(name)) }
                if element.alternatives.isEmpty, alternative.count == text.count {
                    element.list = String(name)
                }
                element.alternatives += members
            }
        }
        return element
    }

    /// `8+`, `20-` (or less), `3-5.5`; nil for a name.
    private static func numbers(_ text: Substring) -> ClosedRange<Float>? {
        guard let first = text.first, first.isNumber else { return nil }
        if text.last == "+" { return Float(text.dropLast()).map { $0...Float.greatestFiniteMagnitude } }
        if text.last == "-" { return Float(text.dropLast()).map { 0...max(0, $0) } }
        let ends = text.split(separator: "-").compactMap { Float($0) }
        return ends.count == 2 && ends[0] <= ends[1] ? ends[0]...ends[1] : nil
    }

    static func folded(_ text: String) -> [String]? {
        let folded = FoldedText(text, keepsSymbols: true)
        let words = folded.words.map { folded.text(of: $0) }
        return words.isEmpty ? nil : words
    }
}

/// Word lists with the lists they name put in, each word folded once.
struct SafetyLists {
    private(set) var members: [String: [[String]]] = [:]

    init(_ lists: [String: [String]]) {
        for name in lists.keys { _ = resolve(name, lists, open: []) }
    }

    /// Nil for a list that is not declared, names one that is not, or names itself.
    private mutating func resolve(_ name: String, _ lists: [String: [String]], open: Set<String>)
        -> [[String]]?
    {
        if let known = members[name] { return known }
        guard let list = lists[name], !open.contains(name) else { return nil }
        var found: [[String]] = []
        for member in list {
            if member.hasPrefix("<"), member.hasSuffix(">") {
                let inner = String(member.dropFirst().dropLast())
                guard let words = resolve(inner, lists, open: open.union([name])) else { return nil }
                found += words
            } else if let words = SafetyNotation.folded(member) {
                found.append(words)
            }
        }
        members[name] = found
        return found
    }
}
