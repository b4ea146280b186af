// SPDX-License-Identifier: Apache-2.0

/// Reads e-mail addresses and telephone numbers.
struct ContactReader {
    let stream: TokenStream

    /// `name@example.org`, written without spaces.
    func email(at position: Int) -> (address: String, end: Int)? {
        guard stream.tokens[position].kind != .mark,
            !stream.isGlued(position) || stream.isOne(position - 1, of: ["<", ":", "(", "\""])
        else { return nil }
        var end = position + 1
        var at = -1
        var lastPoint = -1
        while end < stream.count, stream.isGlued(end), end - position < 60 {
            let word = stream.word(end)
            if word == "@" {
                guard at < 0 else { return nil }
                at = end
            } else if stream.tokens[end].kind == .mark {
                guard [".", "-", "_", "+", "%"].contains(word), isWord(end + 1) else { break }
                if word == ".", at >= 0 { lastPoint = end }
            }
            end += 1
        }
        guard at > position, lastPoint > at + 1, lastPoint + 1 < end,
            stream.tokens[lastPoint + 1].kind == .word,
            stream.word(lastPoint + 1).utf8.count >= 2
        else { return nil }
        return (stream.original(position..<end), end)
    }

    /// A number of 7 to 15 digits in groups; international ones begin with `+` or `00`, others keep their leading zero.
    func phone(at position: Int) -> (e164: String, end: Int)? {
        let isPlus = stream.word(position) == "+"
        var digits = ""
        var end = isPlus ? position + 1 : position
        if !isPlus, stream.isGlued(position), !stream.isOne(position - 1, of: [":", "("]) { return nil }
        var groups = 0
        var last = end
        while end < stream.count, digits.utf8.count <= 15 {
            if stream.tokens[end].kind == .number {
                digits += stream.word(end)
                groups += 1
                last = end + 1
            } else if !stream.isOne(end, of: ["-", ".", "(", ")", " "]) {
                break
            }
            end += 1
        }
        let isDate = groups == 3 && !isPlus && digits.utf8.count == 8 && stream.digitCount(position) <= 4
        guard (7...15).contains(digits.utf8.count), groups > 0, !isDate else { return nil }
        if isPlus { return ("+" + digits, last) }
        if digits.hasPrefix("00") { return ("+" + digits.dropFirst(2), last) }
        return (digits, last)
    }

    private func isWord(_ position: Int) -> Bool {
        position < stream.count && stream.isGlued(position) && stream.tokens[position].kind != .mark
    }
}
