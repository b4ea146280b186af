// SPDX-License-Identifier: Apache-2.0

/// Joins what a provider goes on with to what is already seen of an answer.
///
/// Models asked to go on do one of four things: they go on with the very next character; they repeat the last
/// words first; they begin the whole answer anew; or they talk about going on. The first three join cleanly
/// once what is repeated is left out. So the beginning is held back until it is clear which it is: as long as
/// it is a prefix of some end of the seen text, it may become a repetition.
///
/// A repetition counts from ``minimum`` characters on, or when a whole word would otherwise be glued to
/// itself. Text that repeats itself by nature (`ha ha ha`) is taken as it comes: nothing tells the two apart,
/// and a provider that goes on exactly is the rule.
struct ContinuationJoiner: Sendable {
    /// What becomes of a piece.
    enum Verdict: Sendable, Hashable {
        /// Not clear yet.
        case wait
        /// This is said next.
        case text(String)
        /// It does not go on with the answer.
        case refused
    }

    /// Shorter repetitions are chance.
    static let minimum = 16
    /// How far back a repetition may reach; the whole answer besides.
    static let reach = 400

    private let seen: [Unicode.Scalar]
    private var buffer: [Unicode.Scalar] = []
    private var isJoined: Bool

    /// A joiner behind that text; with none, everything passes.
    init(seen: String) {
        self.seen = Array(seen.unicodeScalars)
        isJoined = seen.isEmpty
    }

    /// Takes a piece.
    mutating func take(_ piece: String) -> Verdict {
        if isJoined { return .text(piece) }
        buffer += piece.unicodeScalars
        return decide(atEnd: false)
    }

    /// The provider has said all it has to say.
    mutating func finish() -> Verdict {
        isJoined ? .text("") : decide(atEnd: true)
    }

    private mutating func decide(atEnd: Bool) -> Verdict {
        let longest = longestRepetition()
        if !atEnd, mayBecomeRepetition(longerThan: longest) { return .wait }
        if longest == 0 {
            if !atEnd, buffer.count < Self.preambleLimit, mayBePreamble() { return .wait }
            if isRestart() || isPreamble() { return .refused }
        }
        isJoined = true
        return .text(String(String.UnicodeScalarView(buffer.dropFirst(longest))))
    }
}

// MARK: repetitions

extension ContinuationJoiner {
    private func longestRepetition() -> Int {
        let most = min(buffer.count, seen.count)
        if most == seen.count, buffer.starts(with: seen), counts(seen.count, isWhole: true) { return most }
        var length = min(most, Self.reach)
        while length >= 4 {
            if buffer.starts(with: seen.suffix(length)), counts(length, isWhole: false) { return length }
            length -= 1
        }
        return 0
    }

    // Whether a repetition of that length is one, or chance.
    private func counts(_ length: Int, isWhole: Bool) -> Bool {
        let part = Array(seen.suffix(length))
        if isWhole, length >= 4 { return !Self.isPeriodic(part) }
        if length >= Self.minimum {
            let isNatural = seen.count >= 2 * length && seen.dropLast(length).suffix(length) == part[...]
            return !isNatural && !Self.isPeriodic(part)
        }
        return isGluedWord(part)
    }

    // `important` + `important to`: nobody writes a word twice without a space.
    private func isGluedWord(_ part: [Unicode.Scalar]) -> Bool {
        guard part.allSatisfy(\.isWordPart) else { return false }
        let startsWord = seen.dropLast(part.count).last.map { !$0.isWordPart } ?? true
        let next = buffer.dropFirst(part.count).first
        return startsWord && (next.map { !$0.isWordPart } ?? false)
    }

    private func mayBecomeRepetition(longerThan known: Int) -> Bool {
        if buffer.count < seen.count, seen.count > known, seen.starts(with: buffer), seen.count >= 4 {
            return true
        }
        let most = min(seen.count, Self.reach)
        guard buffer.count < most else { return false }
        let from = max(buffer.count + 1, known + 1, 4)
        guard from <= most else { return needsNextCharacter(known) }
        for length in from...most where seen.suffix(length).starts(with: buffer) {
            if length >= Self.minimum || seen.suffix(length).allSatisfy(\.isWordPart) { return true }
        }
        return needsNextCharacter(known)
    }

    // A whole word has been repeated; whether it is a word of its own, its next character tells.
    private func needsNextCharacter(_ known: Int) -> Bool {
        known == 0 && buffer.count >= 4 && buffer.count < Self.minimum
            && seen.suffix(buffer.count).elementsEqual(buffer) && buffer.allSatisfy(\.isWordPart)
    }

    private static func isPeriodic(_ text: [Unicode.Scalar]) -> Bool {
        guard text.count >= 4 else { return true }
        return (1...(text.count / 2)).contains { period in
            text.dropFirst(period).elementsEqual(text.dropLast(period))
        }
    }
}

// MARK: what is no continuation

extension ContinuationJoiner {
    private static let preambleLimit = 24
    private static let preambles = [
        "sure", "certainly", "of course", "here is the", "here's the", "continuing", "i apologize",
        "i'm sorry", "sorry", "as an ai", "let me continue", "apologies",
    ]

    private var lowered: String {
        String(String.UnicodeScalarView(buffer.drop { $0.properties.isWhitespace }.prefix(40))).lowercased()
    }

    private var isMidSentence: Bool {
        guard let last = seen.last(where: { !$0.properties.isWhitespace }) else { return false }
        return !".!?:;。！？\n".unicodeScalars.contains(last)
    }

    // Only a capital letter in the middle of a sentence is suspicious.
    private var beginsWithCapital: Bool {
        buffer.first { !$0.properties.isWhitespace }?.properties.isUppercase ?? false
    }

    private func mayBePreamble() -> Bool {
        guard isMidSentence, beginsWithCapital || buffer.allSatisfy(\.properties.isWhitespace) else {
            return false
        }
        let text = lowered
        return Self.preambles.contains { $0.hasPrefix(text) }
    }

    private func isPreamble() -> Bool {
        guard isMidSentence, beginsWithCapital else { return false }
        let text = lowered
        return Self.preambles.contains(where: text.hasPrefix)
    }

    // The answer begun anew in other words.
    private func isRestart() -> Bool {
        let common = zip(seen, buffer).prefix { $0 == $1 }.count
        if common >= 24, common < seen.count, common < buffer.count { return true }
        guard common >= 3, let last = seen.last, let first = buffer.first else { return false }
        return last.properties.isLowercase && first.properties.isUppercase
    }
}

extension Unicode.Scalar {
    fileprivate var isWordPart: Bool { properties.isAlphabetic || properties.numericType != nil }
}
