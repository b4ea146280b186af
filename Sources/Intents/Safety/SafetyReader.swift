// SPDX-License-Identifier: Apache-2.0

/// Reads phrases in the notation of ``SafetyNotation`` into numbered words.
///
/// Byte by byte, each word list and each alternative once: splitting texts into characters took half of the time in which
/// a thousand phrases were compiled.
struct SafetyReader {
    private(set) var lexicon = SafetyLexicon.scopes
    private let lists: [String: [String]]
    /// The words of each list that was asked for; nil for one that cannot be used.
    private var members: [String: [[Int32]]?] = [:]
    /// Alternatives by the hash of how they are written.
    private var places = HashIndex(minimumCapacity: 4096)
    private var turns: [[Int32]] = []

    init(lists: [String: [String]]) { self.lists = lists }

    /// The parts of a phrase, each to be found somewhere in the sentence; most phrases have one.
    mutating func parts(of text: String) throws(SafetyNotation.Problem) -> [[SafetyNotation.Element]] {
        let bytes = Self.bytes(of: text)
        var parts: [[SafetyNotation.Element]] = []
        var part: [SafetyNotation.Element] = []
        var gap = 0
        var start = 0
        while let word = Self.piece(of: bytes, from: &start, to: bytes.count, by: 0x20) {
            if word.count == 1, bytes[word.lowerBound] == UInt8(ascii: "+") {
                parts.append(try checked(part))
                (part, gap) = ([], 0)
            } else if word.count == 3,
                bytes[word].elementsEqual("...".utf8) || bytes[word].elementsEqual("…".utf8)
            {
                gap = part.isEmpty ? 0 : SafetyNotation.gapWords
            } else {
                var element = try element(bytes, word)
                if element.alternatives.isEmpty && element.range == nil && !element.isEnd { continue }
                element.gap = gap
                gap = 0
                part.append(element)
            }
        }
        parts.append(try checked(part))
        return parts
    }

    /// The bytes of `text` with every white space as one.
    private static func bytes(of text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x80 }) { return bytes }
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { plain.append(scalar.properties.isWhitespace ? " " : scalar) }
        return Array(String(plain).utf8)
    }

    /// The next piece that is not empty, from `start` on, which moves behind it; nil at the end.
    private static func piece(of bytes: [UInt8], from start: inout Int, to end: Int, by separator: UInt8)
        -> Range<Int>?
    {
        while start < end, bytes[start] == separator { start += 1 }
        guard start < end else { return nil }
        let first = start
        while start < end, bytes[start] != separator { start += 1 }
        return first..<start
    }

    private func checked(_ part: [SafetyNotation.Element]) throws(SafetyNotation.Problem)
        -> [SafetyNotation.Element]
    {
        if part.isEmpty { throw .emptyPart }
        if part.allSatisfy({ $0.isOptional || $0.isEnd }) { throw .onlyOptional }
        if part.count(where: { $0.gap > 0 }) > SafetyNotation.maxGaps { throw .tooManyGaps }
        if part.count(where: \.isOptional) > SafetyNotation.maxOptional { throw .tooManyOptional }
        return part
    }

    private mutating func element(_ bytes: [UInt8], _ word: Range<Int>) throws(SafetyNotation.Problem)
        -> SafetyNotation.Element
    {
        var element = SafetyNotation.Element()
        var end = word.upperBound
        if word.count > 1, bytes[end - 1] == UInt8(ascii: "?") {
            element.isOptional = true
            end -= 1
        }
        var start = word.lowerBound
        while let alternative = Self.piece(of: bytes, from: &start, to: end, by: UInt8(ascii: "|")) {
            guard alternative.count > 1, bytes[alternative.lowerBound] == UInt8(ascii: "<"),
                bytes[alternative.upperBound - 1] == UInt8(ascii: ">")
            else {
                let turn = turn(bytes[alternative])
                if !turn.isEmpty { element.alternatives.append(turn) }
                continue
            }
            let name = String(decoding: bytes[alternative].dropFirst().dropLast(), as: UTF8.self)
            if name == "end" {
                element.isEnd = true
            } else if let range = SafetyNotation.numbers(name) {
                guard element.range == nil else { throw .twoRanges }
                element.range = range
            } else {
                guard let words = words(of: name, open: []) else { throw .unknownList(name) }
                if alternative == word.lowerBound..<end {
                    (element.list, element.alternatives) = (name, words)
                } else {
                    element.alternatives += words
                }
            }
        }
        return element
    }

    /// The words of a list with the lists it names put in; nil if it is not declared, names one that is not, or itself.
    private mutating func words(of list: String, open: Set<String>) -> [[Int32]]? {
        if let known = members[list] { return known }
        guard let entries = lists[list], !open.contains(list) else { return nil }
        var found: [[Int32]]? = []
        for entry in entries {
            if entry.hasPrefix("<"), entry.hasSuffix(">") {
                let inner = words(of: String(entry.dropFirst().dropLast()), open: open.union([list]))
                guard let inner else {
                    found = nil
                    break
                }
                found?.append(contentsOf: inner)
            } else {
                let turn = turn(Array(entry.utf8)[...])
                if !turn.isEmpty { found?.append(turn) }
            }
        }
        members[list] = .some(found)
        return found
    }

    /// The folded words of an alternative; `passed_out` has two.
    private mutating func turn(_ text: ArraySlice<UInt8>) -> [Int32] {
        let place = places.insert(FNV.hash(text), Int32(turns.count))
        if Int(place) < turns.count { return turns[Int(place)] }
        let turn: [Int32]
        if Self.isFoldedWord(text) {
            turn = [lexicon.add(text)]
        } else {
            let folded = FoldedText(String(decoding: text, as: UTF8.self), keepsSymbols: true)
            turn = folded.words.map { lexicon.add(folded.bytes(of: $0)) }
        }
        turns.append(turn)
        return turn
    }

    /// Whether folding would change nothing: small letters, none three times in a row.
    private static func isFoldedWord(_ text: ArraySlice<UInt8>) -> Bool {
        var (last, repeats) = (UInt8(0), 0)
        for byte in text {
            guard byte >= 0x61 && byte <= 0x7A else { return false }
            repeats = byte == last ? repeats + 1 : 0
            if repeats > 1 { return false }
            last = byte
        }
        return !text.isEmpty
    }
}

/// Families with their phrases read: what a floor is made of, and what is wrong with them.
public struct SafetyReading: Sendable {
    /// A family's phrases as parts; nil for one that cannot be read.
    struct Family: Sendable {
        let phrases: [[[SafetyNotation.Element]]?]
        let hints: [[[SafetyNotation.Element]]?]
        let exceptions: [[[SafetyNotation.Element]]?]
        /// The members of the groups of each combination.
        let combinations: [[[[[SafetyNotation.Element]]?]]]
    }

    /// The families as they are declared.
    public let families: [SafetyFamily]
    /// Why phrases cannot be used, by phrase.
    public private(set) var problems: [String: SafetyPhraseProblem] = [:]
    let read: [Family]
    let lexicon: SafetyLexicon

    /// Reads `families`, whose phrases may name the word lists `lists`.
    public init(_ families: [SafetyFamily], lists: [String: [String]] = [:]) {
        var reader = SafetyReader(lists: lists)
        var problems: [String: SafetyPhraseProblem] = [:]
        func parts(_ phrase: String) -> [[SafetyNotation.Element]]? {
            do throws(SafetyNotation.Problem) {
                return try reader.parts(of: phrase)
            } catch {
                problems[phrase] = SafetyPhraseProblem(error)
                return nil
            }
        }
        self.families = families
        read = families.map { family in
            Family(
                phrases: family.phrases.map(parts), hints: family.hints.map(parts),
                exceptions: family.exceptions.map(parts),
                combinations: family.combinations.map { $0.map { $0.map(parts) } })
        }
        self.problems = problems
        lexicon = reader.lexicon
    }
}
