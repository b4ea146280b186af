// SPDX-License-Identifier: Apache-2.0

/// An utterance as words ready to compare, each knowing where it stood in the original.
///
/// One pass over the UTF-8, so a megabyte of anything costs a few milliseconds. Apostrophes vanish (`can't`, `can’t` and
/// `cant` are one word), except that `'ll`, `'re` and `'ve` are cut off: `I'll` must not become `ill`. A letter more than
/// twice in a row counts twice.
struct FoldedText {
    /// The strongest mark between a word and the one before it.
    enum Cut: UInt8, Comparable {
        case none, soft, hard

        static func < (left: Cut, right: Cut) -> Bool { left.rawValue < right.rawValue }
    }

    struct Word {
        /// Position in `bytes`.
        var start: Int
        var end: Int
        /// Position in the original, in scalars.
        var from: Int
        var to: Int
        var hash: UInt64
        var cut: Cut
    }

    /// The folded words, UTF-8, with nothing between them.
    private(set) var bytes: [UInt8] = []
    private(set) var words: [Word] = []
    private(set) var scalarCount = 0
    private(set) var asksQuestion = false

    private let keepsSymbols: Bool
    private var wordStart = -1
    private var wordFrom = 0
    private var wordTo = 0
    private var hash = FNV.start
    private var cut = Cut.none
    private var sawApostrophe = -1

    /// With `keepsSymbols`, each pictograph is a word of its own instead of a gap.
    init(_ text: String, keepsSymbols: Bool = false) {
        self.keepsSymbols = keepsSymbols
        var text = text
        bytes.reserveCapacity(text.utf8.count)
        words.reserveCapacity(text.utf8.count / 5 + 1)
        text.withUTF8 { scan($0) }
        finishWord()
    }

    func bytes(of word: Word) -> ArraySlice<UInt8> { bytes[word.start..<word.end] }

    func text(of word: Word) -> String { String(decoding: bytes(of: word), as: UTF8.self) }

    private mutating func scan(_ utf8: UnsafeBufferPointer<UInt8>) {
        var offset = 0
        while offset < utf8.count {
            let (scalar, length) = decode(utf8, offset)
            let followed = offset + length < utf8.count ? utf8[offset + length] : 0x20
            if scalar.value == 0x3F || scalar.value == 0xFF1F { asksQuestion = true }
            if keepsSymbols, scalar.value >= 0x2600, ScalarFolding.isPictograph(scalar) {
                acceptSymbol(scalar)
            } else {
                accept(ScalarFolding.fold(scalar), next: followed, isPoint: scalar.value == 0x2E)
            }
            // A line may break anywhere in a sentence; an empty one ends it.
            if scalar.value == 0x0A, followed == 0x0A || followed == 0x0D { stop(.hard) }
            scalarCount += 1
            offset += length
        }
    }

    private mutating func accept(_ folded: FoldedScalar, next: UInt8, isPoint: Bool) {
        switch folded {
        case .ascii(let byte): append(byte)
        case .letter(let scalar): for byte in UTF8.encode(scalar) ?? .init() { append(byte) }
        case .nothing: if wordStart >= 0 { wordTo = scalarCount + 1 }
        case .apostrophe: sawApostrophe = bytes.count
        case .gap: finishWord()
        case .softStop: stop(.soft)
        // A point inside a number or an abbreviation ends nothing.
        case .hardStop: if isPoint && next > 0x20 { finishWord() } else { stop(.hard) }
        }
    }

    private mutating func acceptSymbol(_ scalar: Unicode.Scalar) {
        finishWord()
        for byte in UTF8.encode(scalar) ?? .init() { append(byte) }
        finishWord()
    }

    @inline(__always)
    private mutating func append(_ byte: UInt8) {
        if wordStart < 0 {
            wordStart = bytes.count
            wordFrom = scalarCount
            hash = FNV.start
        }
        wordTo = scalarCount + 1
        let length = bytes.count - wordStart
        let isLetter = byte >= 0x61 && byte <= 0x7A
        if isLetter, length >= 2, bytes[bytes.count - 1] == byte, bytes[bytes.count - 2] == byte { return }
        bytes.append(byte)
        hash = FNV.mix(hash, byte)
    }

    private mutating func stop(_ kind: Cut) {
        finishWord()
        cut = max(cut, kind)
    }

    private mutating func finishWord() {
        defer {
            wordStart = -1
            sawApostrophe = -1
        }
        guard wordStart >= 0 else { return }
        let tail = bytes.count - sawApostrophe
        if sawApostrophe > wordStart, tail == 2, isDetached(bytes[sawApostrophe], bytes[sawApostrophe + 1]) {
            let split = sawApostrophe
            push(wordStart, split, from: wordFrom, to: wordTo - 3)
            push(split, bytes.count, from: wordTo - 2, to: wordTo)
        } else {
            push(wordStart, bytes.count, from: wordFrom, to: wordTo)
        }
    }

    private func isDetached(_ first: UInt8, _ second: UInt8) -> Bool {
        (first == 0x6C && second == 0x6C) || (first == 0x72 && second == 0x65)
    }

    private mutating func push(_ start: Int, _ end: Int, from: Int, to: Int) {
        let value = end == bytes.count && start == wordStart ? hash : FNV.hash(bytes[start..<end])
        words.append(
            Word(start: start, end: end, from: from, to: max(to, from + 1), hash: value, cut: cut))
        cut = .none
    }
}

/// The scalar at `offset` of valid UTF-8 and how many bytes it takes.
@inline(__always)
func decode(_ utf8: UnsafeBufferPointer<UInt8>, _ offset: Int) -> (Unicode.Scalar, Int) {
    let first = utf8[offset]
    if first < 0x80 { return (Unicode.Scalar(first), 1) }
    let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard offset + length <= utf8.count else { return ("\u{FFFD}", 1) }
    var value = UInt32(first) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
    for step in 1..<length { value = value << 6 | UInt32(utf8[offset + step] & 0x3F) }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
}
