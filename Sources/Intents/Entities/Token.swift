// SPDX-License-Identifier: Apache-2.0

/// A word, a run of digits or a mark.
///
/// `3pm` is two tokens, `o'clock` one.
struct Token {
    enum Kind { case word, number, mark }

    var kind: Kind
    /// Folded.
    var text: String
    /// The UTF-8 of `text`.
    var bytes: [UInt8]
    /// The word of calendars and clocks that is meant, repaired; else the same as `text`.
    var meant: String
    var span: Range<Int>
    /// No space before it.
    var glued: Bool
    var capital: Bool
}

/// An utterance cut into tokens, for the readers of values.
///
/// Only the first 2,000 tokens: nobody writes an appointment behind them, and every reader stays cheap.
struct TokenStream {
    private(set) var tokens: [Token] = []
    let scalars: [Unicode.Scalar]

    static let maxTokens = 2_000

    init(_ text: String) {
        scalars = Array(text.unicodeScalars.prefix(20_000))
        var position = 0
        var glued = false
        while position < scalars.count, tokens.count < Self.maxTokens {
            let scalar = scalars[position]
            if Self.isSpace(scalar) || Self.isNothing(scalar) {
                glued = glued && Self.isNothing(scalar)
                position += 1
                continue
            }
            let end = tokenEnd(from: position)
            tokens.append(token(position..<end, glued: glued))
            position = end
            glued = true
        }
    }

    var count: Int { tokens.count }

    /// The folded text of token `position`, or "" outside.
    func word(_ position: Int) -> String {
        position >= 0 && position < tokens.count ? tokens[position].text : ""
    }

    /// The word of time meant by token `position`, or "" outside.
    func meant(_ position: Int) -> String {
        position >= 0 && position < tokens.count ? tokens[position].meant : ""
    }

    func isOne(_ position: Int, of words: Set<String>) -> Bool {
        position >= 0 && position < tokens.count && words.contains(tokens[position].text)
    }

    /// As with a set, for the few words of a literal, which would be hashed anew each time.
    func isOne(_ position: Int, of words: [String]) -> Bool {
        position >= 0 && position < tokens.count && words.contains(tokens[position].text)
    }

    func isGlued(_ position: Int) -> Bool {
        position >= 0 && position < tokens.count && tokens[position].glued
    }

    /// The value of a run of at most nine digits.
    func digits(_ position: Int) -> Int? {
        guard position >= 0, position < tokens.count, tokens[position].kind == .number,
            tokens[position].text.utf8.count <= 9
        else { return nil }
        return Int(tokens[position].text)
    }

    func digitCount(_ position: Int) -> Int { digits(position) == nil ? 0 : tokens[position].text.utf8.count }

    /// The original text of tokens `range`.
    func original(_ range: Range<Int>) -> String {
        guard !range.isEmpty else { return "" }
        return text(in: span(range))
    }

    func text(in span: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[span.clamped(to: 0..<scalars.count)])
        return String(view)
    }

    func span(_ range: Range<Int>) -> Range<Int> {
        tokens[range.lowerBound].span.lowerBound..<tokens[range.upperBound - 1].span.upperBound
    }

    private func token(_ range: Range<Int>, glued: Bool) -> Token {
        let first = scalars[range.lowerBound]
        let kind: Token.Kind = Self.isDigit(first) ? .number : Self.isLetter(first) ? .word : .mark
        var text = String.UnicodeScalarView()
        for scalar in scalars[range] {
            switch ScalarFolding.fold(scalar) {
            case .ascii(let byte): text.append(Unicode.Scalar(byte))
            case .letter(let letter): text.append(letter)
            case .nothing, .apostrophe: break
            default: if kind == .mark { text.append(Self.plainMark(scalar)) }
            }
        }
        let folded = String(text)
        return Token(
            kind: kind, text: folded, bytes: Array(folded.utf8),
            meant: kind == .word ? TimeWords.meant(folded) : folded, span: range,
            glued: glued,
            capital: kind == .word && first.properties.isUppercase)
    }

    private func tokenEnd(from start: Int) -> Int {
        let isNumber = Self.isDigit(scalars[start])
        guard isNumber || Self.isLetter(scalars[start]) else { return start + 1 }
        var end = start + 1
        while end < scalars.count {
            let scalar = scalars[end]
            let joins =
                Self.isApostrophe(scalar) && !isNumber && end + 1 < scalars.count
                && Self.isLetter(scalars[end + 1])
            guard Self.isNothing(scalar) || joins || (isNumber ? Self.isDigit(scalar) : Self.isLetter(scalar))
            else { break }
            end += 1
        }
        return end
    }

    private static func plainMark(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "–", "—", "−", "‐", "‑": "-"
        case "：": ":"
        default: scalar
        }
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value <= 0x20 || scalar == "\u{A0}" || scalar.properties.isWhitespace
    }

    private static func isNothing(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x80 { return false }
        if case .nothing = ScalarFolding.fold(scalar) { return true }
        return false
    }

    private static func isApostrophe(_ scalar: Unicode.Scalar) -> Bool {
        if case .apostrophe = ScalarFolding.fold(scalar) { return true }
        return false
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        if case .ascii(let byte) = ScalarFolding.fold(scalar) { return byte <= 0x39 }
        return false
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch ScalarFolding.fold(scalar) {
        case .ascii(let byte): byte > 0x39
        case .letter: true
        default: false
        }
    }
}
