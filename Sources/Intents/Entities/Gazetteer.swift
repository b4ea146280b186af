// SPDX-License-Identifier: Apache-2.0

/// The entries of a lookup entity: names as people say them and the values they stand for.
///
/// A name is found whole, with one slip in a word of five letters or more, without its title ("Dr."), and by a part of it
/// ("Smith") where that part belongs to one entry alone.
public final class Gazetteer: Sendable {
    struct Entry: Sendable {
        let value: String
        let words: [String]
    }

    let entries: [Entry]
    private let byWord: [String: [Int32]]
    private let long: [(word: String, bytes: [UInt8])]

    private static let titles: Set<String> = [
        "dr", "doctor", "doc", "prof", "professor", "mr", "mrs", "ms", "miss", "nurse", "sir", "the",
    ]

    /// Entries by label; several labels may share a value.
    public init(_ entries: [(label: String, value: String)]) {
        var list: [Entry] = []
        var byWord: [String: [Int32]] = [:]
        for entry in entries {
            let all = TokenStream(entry.label).tokens.filter { $0.kind != .mark }.map(\.text)
            let words = all.filter { !Self.titles.contains($0) }
            guard !all.isEmpty else { continue }
            let kept = words.isEmpty ? all : words
            for word in Set(kept) { byWord[word, default: []].append(Int32(list.count)) }
            list.append(Entry(value: entry.value, words: kept))
        }
        self.entries = list
        self.byWord = byWord
        long = byWord.keys.filter { $0.utf8.count >= 5 }.sorted().map { ($0, Array($0.utf8)) }
    }

    /// The longest entry named from token `position` on.
    func match(_ stream: TokenStream, at position: Int, isAnswer: Bool) -> (value: String, end: Int)? {
        var start = position
        while stream.isOne(start, of: Self.titles) {
            start = stream.word(start + 1) == "." ? start + 2 : start + 1
        }
        let isTitled = start > position
        guard start < stream.count, stream.tokens[start].kind != .mark else { return nil }
        var best: (values: Set<String>, length: Int, end: Int, isWhole: Bool)?
        for number in candidates(
            stream.word(start), isFuzzy: isAnswer || isTitled || stream.tokens[start].capital)
        {
            let entry = entries[Int(number)]
            guard let (length, end) = overlap(entry, stream, start) else { continue }
            let isWhole = length == entry.words.count
            if let known = best, (known.length, known.isWhole ? 1 : 0) > (length, isWhole ? 1 : 0) {
                continue
            }
            if let known = best, known.length == length, known.isWhole == isWhole {
                best?.values.insert(entry.value)
            } else {
                best = ([entry.value], length, end, isWhole)
            }
        }
        guard let best, best.values.count == 1, let value = best.values.first else { return nil }
        guard best.isWhole || isAnswer || isTitled || stream.tokens[start].capital else { return nil }
        return (value, best.end)
    }

    private func candidates(_ word: String, isFuzzy: Bool) -> [Int32] {
        if let exact = byWord[word] { return exact }
        guard isFuzzy, word.utf8.count >= 5, !word.utf8.allSatisfy({ $0 <= 0x39 }) else { return [] }
        let bytes = Array(word.utf8)
        return long.filter { EditDistance.isAtMostOne($0.bytes, bytes) }.flatMap { byWord[$0.word] ?? [] }
    }

    /// How many words of `entry`, in their order, stand from token `start` on.
    private func overlap(_ entry: Entry, _ stream: TokenStream, _ start: Int) -> (length: Int, end: Int)? {
        guard let first = entry.words.firstIndex(where: { isSame($0, stream.word(start)) }) else {
            return nil
        }
        var (length, position) = (1, start + 1)
        for word in entry.words[(first + 1)...] {
            let next = stream.isOne(position, of: ["-", "."]) ? position + 1 : position
            guard isSame(word, stream.word(next)) else { break }
            length += 1
            position = next + 1
        }
        return (length, position)
    }

    private func isSame(_ left: String, _ right: String) -> Bool {
        if left == right { return true }
        guard left.utf8.count >= 5, right.utf8.count >= 4 else { return false }
        return EditDistance.isAtMostOne(Array(left.utf8), Array(right.utf8))
    }
}
