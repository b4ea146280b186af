// SPDX-License-Identifier: Apache-2.0

/// The source line of a finding and the marks under it, cut to a readable width around the first mark.
struct Snippet {
    let line: String
    let marks: String

    private static let width = 100
    private static let before = 40

    /// `source` is the line on which `range` starts; a range over several lines is marked to the end of the first.
    init(_ source: Substring, marking range: SourceRange) {
        let scalars = source.unicodeScalars
        let first = range.start.column - 1
        let last = range.end.line > range.start.line ? Int.max : range.end.column - 1
        // Counting a line of megabytes is avoided: only what can be shown is looked at.
        let isShort = scalars.prefix(Snippet.width + 1).count <= Snippet.width
        let skipped = isShort || first < Snippet.width - Snippet.before ? 0 : first - Snippet.before
        let shown = Array(scalars.dropFirst(skipped).prefix(Snippet.width))
        let hasMore = scalars.dropFirst(skipped + shown.count).first != nil
        let glyphs = shown.map { Glyph($0) }

        let body = glyphs.map(\.text).joined()
        line = (skipped > 0 ? "…" : "") + body + (hasMore ? "…" : "")

        let from = min(max(first - skipped, 0), glyphs.count)
        let to = max(min(last == Int.max ? glyphs.count : last - skipped, glyphs.count), from)
        let lead = glyphs[..<from].reduce(skipped > 0 ? 1 : 0) { $0 + $1.width }
        let marked = glyphs[from..<to].reduce(0) { $0 + $1.width }
        marks = String(repeating: " ", count: lead) + "^" + String(repeating: "~", count: max(marked - 1, 0))
    }
}
