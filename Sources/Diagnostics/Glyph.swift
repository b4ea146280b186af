// SPDX-License-Identifier: Apache-2.0

/// How one Unicode scalar is shown on a terminal: what is printed and how many columns it takes.
struct Glyph {
    let text: String
    let width: Int

    /// Tabs become four spaces; what could steer the terminal or turn the reading direction becomes a visible sign.
    init(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x09: (text, width) = ("    ", 4)
        case 0x20...0x7E: (text, width) = (String(scalar), 1)
        case 0x00...0x1F: (text, width) = (Glyph.picture(0x2400 + scalar.value), 1)
        case 0x7F: (text, width) = ("\u{2421}", 1)
        case 0x80...0x9F, 0x2028...0x202E, 0x2066...0x2069: (text, width) = ("\u{FFFD}", 1)
        default: (text, width) = (String(scalar), Glyph.width(of: scalar))
        }
    }

    /// The text with every scalar in its printable form, line breaks included.
    static func printable(_ text: some StringProtocol) -> String {
        var result = ""
        for scalar in text.unicodeScalars { result += Glyph(scalar).text }
        return result
    }

    private static func picture(_ value: UInt32) -> String {
        Unicode.Scalar(value).map { String($0) } ?? "\u{FFFD}"
    }

    private static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: 0
        default: isWide(scalar) ? 2 : 1
        }
    }

    /// East Asian wide and full-width blocks, and what is drawn as an emoji by default (Unicode TR 11).
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
            0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
            true
        default: scalar.value >= 0x231A && scalar.properties.isEmojiPresentation
        }
    }
}
