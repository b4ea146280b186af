// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// Backslashes between double quotes: `\b` is a backspace there, not a word boundary.
enum EscapeTrap {
    /// The line with its double-quoted value in single quotes; nil when the text does not begin and end on the line.
    static func singleQuoted(_ shape: LineShape, openingAt opening: SourcePosition, line: Int) -> String? {
        let start = opening.column - 1
        guard opening.line == line, shape.scalars.indices.contains(start), shape.scalars[start] == "\"",
            let end = closing(shape.scalars, from: start)
        else { return nil }
        let inner = LineShape.text(shape.scalars[(start + 1)..<end])
        return shape.replacing(start..<(end + 1), with: "'" + doubled(inner) + "'")
    }

    /// How long an escape is that stands for a control character other than tab and line ends; nil for any other.
    static func invisible(_ escape: ArraySlice<Unicode.Scalar>) -> Int? {
        guard let letter = escape.dropFirst().first else { return nil }
        let digits: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]
        guard let count = digits[letter] else { return "abefv0NLP".unicodeScalars.contains(letter) ? 2 : nil }
        let text = LineShape.text(escape.dropFirst(2).prefix(count))
        guard let value = UInt32(text, radix: 16) else { return nil }
        let isControl = value < 0x20 && value != 0x09 && value != 0x0A && value != 0x0D
        return isControl || (0x7F...0x9F).contains(value) ? 2 + count : nil
    }

    private static func closing(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
        var index = start + 1
        while index < scalars.count, scalars[index] != "\"" { index += scalars[index] == "\\" ? 2 : 1 }
        return index < scalars.count ? index : nil
    }

    /// Single quotes inside are doubled; an escaped quote or backslash needs no backslash any more.
    private static func doubled(_ text: String) -> String {
        var result = ""
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if isEscaped, scalar == "\"" || scalar == "\\" {
                result.unicodeScalars.removeLast()
                result.unicodeScalars.append(scalar)
                isEscaped = false
                continue
            }
            isEscaped = scalar == "\\"
            result += scalar == "'" ? "''" : String(scalar)
        }
        return result
    }
}
