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
    struct Element: Sendable {
        /// The numbers of folded words; more than one word is a turn of phrase.
        var alternatives: [[Int32]] = []
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

    /// `8+`, `20-` (or less), `3-5.5`; nil for a name.
    static func numbers(_ text: String) -> ClosedRange<Float>? {
        guard let first = text.utf8.first, first >= 0x30, first <= 0x39 else { return nil }
        if text.last == "+" { return Float(text.dropLast()).map { $0...Float.greatestFiniteMagnitude } }
        if text.last == "-" { return Float(text.dropLast()).map { 0...max(0, $0) } }
        let ends = text.split(separator: "-").compactMap { Float($0) }
        return ends.count == 2 && ends[0] <= ends[1] ? ends[0]...ends[1] : nil
    }
}
