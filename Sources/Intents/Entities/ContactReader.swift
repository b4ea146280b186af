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

    /// A telephone number in groups: international (`+44 20 ...`, `0044 ...`), British (`020 7946 0958`) or North American
    /// (`(555) 010-9999`, `1-555-010-9999`).
    ///
    /// Other numbers of 7 to 12 digits count only if they are written in groups, and keep their digits: nobody can tell
    /// which country they are of.
    func phone(at position: Int) -> (e164: String, end: Int)? {
        let isPlus = stream.word(position) == "+"
        if !isPlus, stream.isGlued(position), !stream.isOne(position - 1, of: [":", "("]) { return nil }
        let (groups, last) = groups(from: isPlus ? position + 1 : position, isPlus: isPlus)
        let digits = groups.joined()
        guard (7...15).contains(digits.utf8.count), !stream.isOne(last, of: ["/", "%", "@"]) else {
            return nil
        }
        if isPlus { return ("+" + digits, last) }
        if digits.hasPrefix("00") { return ("+" + digits.dropFirst(2), last) }
        let isDate =
            groups.count == 3 && digits.utf8.count == 8 && (groups[0].count == 4 || groups[2].count == 4)
        guard !isDate else { return nil }
        if let national = Self.national(digits) { return (national, last) }
        return groups.count >= 2 && digits.utf8.count <= 12 && groups.allSatisfy { $0.count >= 2 }
            ? (digits, last) : nil
    }

    /// The runs of digits that belong together, and the token behind them; `(0)` after a country code is left out.
    private func groups(from start: Int, isPlus: Bool) -> (groups: [String], end: Int) {
        var groups: [String] = []
        var end = start
        var last = start
        while end < stream.count, groups.reduce(0, { $0 + $1.utf8.count }) <= 15 {
            if stream.tokens[end].kind == .number {
                let isTrunk = isPlus && stream.word(end) == "0" && stream.word(end - 1) == "("
                if !isTrunk { groups.append(stream.word(end)) }
                last = end + 1
            } else if !stream.isOne(end, of: ["-", ".", "(", ")"]) {
                break
            }
            end += 1
        }
        return (groups, last)
    }

    /// The international form of a British or North American number.
    private static func national(_ digits: String) -> String? {
        let bytes = Array(digits.utf8)
        func isExchange(_ byte: UInt8) -> Bool { (0x32...0x39).contains(byte) }
        switch bytes.count {
        case 10 where bytes[0] == 0x30, 11 where bytes[0] == 0x30: return "+44" + digits.dropFirst()
        case 10 where isExchange(bytes[0]): return "+1" + digits
        case 11 where bytes[0] == 0x31 && isExchange(bytes[1]): return "+" + digits
        default: return nil
        }
    }

    private func isWord(_ position: Int) -> Bool {
        position < stream.count && stream.isGlued(position) && stream.tokens[position].kind != .mark
    }
}
