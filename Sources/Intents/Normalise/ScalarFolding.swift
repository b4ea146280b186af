// SPDX-License-Identifier: Apache-2.0

/// What one scalar means for matching words.
enum FoldedScalar {
    /// A lower-case ASCII letter or digit.
    case ascii(UInt8)
    /// A letter of another script, lower-cased.
    case letter(Unicode.Scalar)
    /// Accents, zero-width and directional marks: as if not there.
    case nothing
    /// Joins the letters around it: `can't`.
    case apostrophe
    /// Between words, nothing more: spaces, hyphens, control characters.
    case gap
    /// Ends a part of a sentence: comma, colon, bracket, dash.
    case softStop
    /// Ends a sentence: full stop, question and exclamation mark, semicolon, new line.
    case hardStop
}

/// Folds case, accents, full-width, mathematical and Cyrillic or Greek look-alikes onto plain letters.
enum ScalarFolding {
    @inline(__always)
    static func fold(_ scalar: Unicode.Scalar) -> FoldedScalar {
        scalar.value < 0x80 ? foldASCII(UInt8(scalar.value)) : foldWide(scalar)
    }

    @inline(__always)
    static func foldASCII(_ byte: UInt8) -> FoldedScalar {
        switch byte {
        case 0x61...0x7A, 0x30...0x39: .ascii(byte)
        case 0x41...0x5A: .ascii(byte + 32)
        case 0x27, 0x60: .apostrophe
        case 0x2E, 0x21, 0x3F, 0x3B: .hardStop
        case 0x2C, 0x3A, 0x28, 0x29, 0x5B, 0x5D, 0x22, 0x0A: .softStop
        default: .gap
        }
    }

    /// Emoji and other signs that are pictures.
    static func isPictograph(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2600...0x27BF, 0x1F170...0x1F19A, 0x1F300...0x1FAFF: true
        default: false
        }
    }

    // A table by ranges: long on purpose.
    private static func foldWide(_ scalar: Unicode.Scalar) -> FoldedScalar {
        let value = Int(scalar.value)
        switch value {
        case 0xC0...0x17F:
            let base = latin[value - 0xC0]
            return base == 0x2A ? .gap : .ascii(base)
        case 0x300...0x36F, 0xAD, 0x34F, 0x61C, 0x180E, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x200B...0x200F,
            0x202A...0x202E, 0x2060...0x206F, 0x20D0...0x20FF, 0xFE00...0xFE0F, 0xFE20...0xFE2F, 0xFEFF,
            0xE0000...0xE0FFF:
            return .nothing
        case 0x2018, 0x2019, 0x201B, 0x2BC, 0x2B9, 0xB4, 0x2032: return .apostrophe
        case 0x2013, 0x2014, 0x2015, 0x201C, 0x201D, 0x201E, 0xAB, 0xBB, 0x3001: return .softStop
        case 0x85, 0x2026, 0x2028, 0x2029, 0x3002, 0x203C, 0x2049, 0x203D: return .hardStop
        case 0xFF01...0xFF5E: return foldASCII(UInt8(value - 0xFEE0))
        case 0x1D400...0x1D6A3: return .ascii(0x61 + UInt8((value - 0x1D400) % 26))
        case 0x1D7CE...0x1D7FF: return .ascii(0x30 + UInt8((value - 0x1D7CE) % 10))
        case 0x24B6...0x24E9: return .ascii(0x61 + UInt8((value - 0x24B6) % 26))
        case 0x370...0x4FF:
            if let plain = lookAlikes[scalar] { return .ascii(plain) }
        default: break
        }
        return foldOther(scalar)
    }

    private static func foldOther(_ scalar: Unicode.Scalar) -> FoldedScalar {
        let properties = scalar.properties
        guard
            properties.isAlphabetic || properties.generalCategory == .decimalNumber
                || properties.generalCategory == .nonspacingMark || properties.generalCategory == .spacingMark
        else { return .gap }
        let lower = properties.lowercaseMapping.unicodeScalars
        return .letter(lower.count == 1 ? lower.first ?? scalar : scalar)
    }

    /// U+00C0...U+017F without their accents; `*` for the two signs among them.
    private static let latin: [UInt8] = Array(
        ("aaaaaaaceeeeiiiidnooooo*ouuuuyts" + "aaaaaaaceeeeiiiidnooooo*ouuuuyty"
            + "aaaaaa" + "cccccccc" + "dddd" + "eeeeeeeeee" + "gggggggg" + "hhhh" + "iiiiiiiiii" + "ii" + "jj"
            + "kkk"
            + "llllllllll" + "nnnnnnnnn" + "oooooo" + "oo" + "rrrrrr" + "ssssssss" + "tttttt" + "uuuuuuuuuuuu"
            + "ww"
            + "yyy" + "zzzzzz" + "s").utf8)

    /// Letters of other scripts that are drawn like a Latin one.
    ///
    /// Folded in examples and messages alike.
    private static let lookAlikes: [Unicode.Scalar: UInt8] = {
        let pairs = zip(
            "аеорсухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅοαρνικτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ".unicodeScalars,
            "aeopcyxijshdqwabekmhopctyxijsoapviktuxabezhikmnoptyx".utf8)
        return Dictionary(pairs.map { ($0, $1) }) { first, _ in first }
    }()
}
