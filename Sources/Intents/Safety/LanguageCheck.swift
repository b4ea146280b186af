// SPDX-License-Identifier: Apache-2.0

/// Tells whether a text is plainly in a language that an assistant was not written for.
///
/// Two questions only: which script are the letters of, and whose little words are these? It errs on the side of the
/// listed languages: a short or mixed text counts as theirs, and so does any Latin text when a listed language is one
/// whose little words are not known here.
public struct LanguageCheck: Sendable {
    private enum Script: Hashable, Sendable {
        case latin, greek, cyrillic, armenian, hebrew, arabic, devanagari, bengali, gurmukhi, gujarati, tamil,
            telugu
        case kannada, malayalam, sinhala, thai, burmese, georgian, ethiopic, khmer, hangul, kana, han
    }

    private let scripts: Set<Script>
    /// Words of the listed languages, and for each other language its words; empty if Latin text is never foreign.
    private let own: Set<String>
    private let foreign: [String: Int32]
    private let foreignCount: Int

    /// A check for an assistant written for these ISO 639-1 codes.
    public init(languages: [String]) {
        scripts = languages.reduce(into: []) { $0.formUnion(Self.scripts(of: $1)) }
        let latin = languages.filter { Self.scripts(of: $0) == [.latin] }
        guard latin.allSatisfy({ LanguageWords.table[$0] != nil }) else {
            (own, foreign, foreignCount) = ([], [:], 0)
            return
        }
        let own = Set(latin.flatMap { LanguageWords.table[$0] ?? [] })
        let others = LanguageWords.table.keys.filter { !latin.contains($0) }.sorted()
        var foreign: [String: Int32] = [:]
        for (number, language) in others.enumerated() {
            for word in LanguageWords.table[language] ?? [] where !own.contains(word) {
                foreign[word, default: 0] |= 1 << Int32(number)
            }
        }
        self.own = own
        self.foreign = foreign
        foreignCount = others.count
    }

    /// Whether `text` is plainly none of the listed languages.
    ///
    /// Looks at the first few hundred words.
    public func isForeign(_ text: String) -> Bool {
        var letters = 0
        var latin = 0
        var foreign = 0
        var enough = 4
        for scalar in text.unicodeScalars.prefix(2_000) {
            guard scalar.value >= 0x41, let script = Self.script(of: scalar) else { continue }
            letters += 1
            if script == .latin {
                latin += 1
            } else if !scripts.contains(script) {
                foreign += 1
                // One such letter is a syllable or a word.
                if script == .han || script == .kana || script == .hangul { enough = 2 }
            }
        }
        if foreign >= enough, foreign * 10 >= letters * 6 { return true }
        guard latin * 10 >= letters * 9 else { return false }
        return (scripts.contains(.latin) || letters >= 12) && hasForeignWords(text)
    }

    private func hasForeignWords(_ text: String) -> Bool {
        guard foreignCount > 0 else { return false }
        var words = 0
        var known = 0
        var hits = Array(repeating: 0, count: foreignCount)
        for scalars in text.lowercased().unicodeScalars.split(whereSeparator: { !Self.isPartOfWord($0) })
            .prefix(200)
        {
            words += 1
            let word = String(scalars)
            if own.contains(word) {
                known += 1
            } else if let languages = foreign[word] {
                for number in 0..<foreignCount where languages & (1 << Int32(number)) != 0 {
                    hits[number] += 1
                }
            }
        }
        let best = hits.max() ?? 0
        return words >= 3 && best >= 2 && best * 3 >= words && best > known * 2
    }

    /// Letters with their accents, and apostrophes.
    private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x80 { return 0x61...0x7A ~= scalar.value || scalar == "'" }
        return scalar == "’" || scalar.properties.isAlphabetic
            || scalar.properties.generalCategory == .nonspacingMark
    }

    private static func scripts(of language: String) -> Set<Script> {
        switch language {
        case "el": [.greek]
        case "ru", "uk", "bg", "sr", "mk", "be", "kk": [.cyrillic]
        case "hy": [.armenian]
        case "he", "yi": [.hebrew]
        case "ar", "fa", "ur", "ps": [.arabic]
        case "hi", "mr", "ne": [.devanagari]
        case "bn": [.bengali]
        case "pa": [.gurmukhi, .arabic]
        case "gu": [.gujarati]
        case "ta": [.tamil]
        case "te": [.telugu]
        case "kn": [.kannada]
        case "ml": [.malayalam]
        case "si": [.sinhala]
        case "th": [.thai]
        case "my": [.burmese]
        case "ka": [.georgian]
        case "am", "ti": [.ethiopic]
        case "km": [.khmer]
        case "ko": [.hangul, .han]
        case "ja": [.kana, .han]
        case "zh": [.han]
        default: [.latin]
        }
    }

    // A table by ranges: long on purpose.
    private static func script(of scalar: Unicode.Scalar) -> Script? {
        switch scalar.value {
        case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F, 0x1E00...0x1EFF: .latin
        case 0x370...0x3FF, 0x1F00...0x1FFF: .greek
        case 0x400...0x52F: .cyrillic
        case 0x530...0x58F: .armenian
        case 0x590...0x5FF: .hebrew
        case 0x600...0x6FF, 0x750...0x77F, 0xFB50...0xFDFF, 0xFE70...0xFEFC: .arabic
        case 0x900...0x97F: .devanagari
        case 0x980...0x9FF: .bengali
        case 0xA00...0xA7F: .gurmukhi
        case 0xA80...0xAFF: .gujarati
        case 0xB80...0xBFF: .tamil
        case 0xC00...0xC7F: .telugu
        case 0xC80...0xCFF: .kannada
        case 0xD00...0xD7F: .malayalam
        case 0xD80...0xDFF: .sinhala
        case 0xE00...0xE7F: .thai
        case 0x1000...0x109F: .burmese
        case 0x10A0...0x10FF: .georgian
        case 0x1200...0x139F: .ethiopic
        case 0x1780...0x17FF: .khmer
        case 0x1100...0x11FF, 0xAC00...0xD7AF: .hangul
        case 0x3040...0x30FF: .kana
        case 0x3400...0x9FFF, 0x20000...0x2FA1F: .han
        default: nil
        }
    }
}
