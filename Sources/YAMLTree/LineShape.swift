// SPDX-License-Identifier: Apache-2.0

/// A line taken apart as an author sees it: `- key: value # comment`.
///
/// Used only to explain mistakes and to write corrected lines; what a file means is libyaml's business.
struct LineShape {
    /// The whole line.
    let scalars: [Unicode.Scalar]
    /// How many blanks begin the line.
    let indent: Int
    /// Where the value begins, counted from 0; the end of the line when there is none.
    let valueStart: Int
    /// Where the value ends: before a comment and the blanks in front of it.
    let valueEnd: Int
    /// Where the first thing after the dashes of list items stands.
    let contentStart: Int
    /// The key before the value, as written.
    let key: String?
    /// Where the colon of the key stands.
    let keyEnd: Int?

    init(_ line: some StringProtocol) {
        let scalars = Array(line.unicodeScalars)
        var index = LineShape.skipBlanks(scalars, from: 0)
        indent = index
        while index + 1 < scalars.count, scalars[index] == "-", LineShape.isBlank(scalars[index + 1]) {
            index = LineShape.skipBlanks(scalars, from: index + 1)
        }
        contentStart = index
        keyEnd = LineShape.keyEnd(scalars, from: index)
        var key: String?
        if let colon = keyEnd {
            key = LineShape.text(scalars[index..<colon])
            index = LineShape.skipBlanks(scalars, from: colon + 1)
        }
        self.scalars = scalars
        self.key = key
        valueStart = index
        valueEnd = LineShape.valueEnd(scalars, from: index)
    }

    /// The value as written, without comment.
    var value: String { LineShape.text(scalars[valueStart..<valueEnd]) }

    /// The line with the whole value in quotes; indentation is left out.
    var withQuotedValue: String { replacingValue(with: LineShape.quoted(value)) }

    /// The line with another value; indentation is left out.
    func replacingValue(with text: String) -> String {
        LineShape.text(scalars[indent..<valueStart]) + text + LineShape.text(scalars[valueEnd...])
    }

    /// The line with a stretch of it, counted from 0, replaced; indentation in front of it is left out.
    func replacing(_ range: Range<Int>, with text: String) -> String {
        let range = range.clamped(to: 0..<scalars.count)
        let before = scalars[min(indent, range.lowerBound)..<range.lowerBound]
        return LineShape.text(before) + text + LineShape.text(scalars[range.upperBound...])
    }

    /// The scalar at a column counted from 1; nil beyond the end of the line.
    func scalar(atColumn column: Int) -> Unicode.Scalar? {
        scalars.indices.contains(column - 1) ? scalars[column - 1] : nil
    }

    /// Text in the quotes that need the least escaping.
    static func quoted(_ text: String) -> String {
        if !text.contains("\""), !text.contains("\\") { return "\"" + text + "\"" }
        var result = "'"
        for character in text.unicodeScalars {
            result += character == "'" ? "''" : String(character)
        }
        return result + "'"
    }

    static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars)
        return String(result)
    }

    static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

    private static func skipBlanks(_ scalars: [Unicode.Scalar], from start: Int) -> Int {
        scalars[start...].firstIndex { !isBlank($0) } ?? scalars.count
    }

    /// Where the colon after a key stands: a plain or quoted text that a colon and a blank or the line end follow.
    private static func keyEnd(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
        guard start < scalars.count, !"[{#|>@`%*&!".unicodeScalars.contains(scalars[start]) else {
            return nil
        }
        if scalars[start] == "\"" || scalars[start] == "'" {
            guard let close = scalars[(start + 1)...].firstIndex(of: scalars[start]) else { return nil }
            let next = skipBlanks(scalars, from: close + 1)
            return next < scalars.count && scalars[next] == ":" ? next : nil
        }
        return scalars.indices[start...].first { index in
            scalars[index] == ":" && (index + 1 == scalars.count || isBlank(scalars[index + 1]))
        }
    }

    private static func valueEnd(_ scalars: [Unicode.Scalar], from start: Int) -> Int {
        var end = scalars.count
        let quote =
            start < scalars.count && (scalars[start] == "\"" || scalars[start] == "'") ? scalars[start] : nil
        // A `#` inside quotes is text; the search begins behind the closing quote.
        let from = quote.flatMap { mark in scalars[(start + 1)...].lastIndex(of: mark) } ?? start
        for index in scalars.indices[from...]
        where scalars[index] == "#" && index > 0 && isBlank(scalars[index - 1]) {
            end = index
            break
        }
        while end > start, isBlank(scalars[end - 1]) { end -= 1 }
        return max(end, start)
    }
}
