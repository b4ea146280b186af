// SPDX-License-Identifier: Apache-2.0

/// Which of several offered things an answer picks.
public enum Selection {
    /// Picks by number ("2", "number two"), order ("the first one", "last"), name ("Smith") or the words that only one
    /// label has ("the 3pm one", "Tuesday"); nil if the answer fits none or several.
    public static func parse(_ text: String, labels: [String]) -> Int? {
        guard !labels.isEmpty else { return nil }
        let stream = TokenStream(text)
        let words = meaningful(stream)
        if let found = exact(text, labels) ?? ordered(stream, words, labels.count) { return found }
        return words.isEmpty ? nil : named(text, labels)
    }

    private static let fillers: Set<String> = [
        "the", "a", "an", "one", "please", "pls", "ill", "i", "ll", "take", "id", "like", "want", "would",
        "with", "option",
        "number", "no", "at", "on", "for", "go", "lets", "choose", "pick", "select", "book", "yes", "ok",
        "okay", "sure",
        "that", "this", "of", "them", "slot", "choice", "prefer", "is", "fine", "works", "good", "to", "in",
        "my", "it",
        "me", "give", "get", "and", "thanks", "maybe", "think", "um", "yeah", "yep", "can", "have", "do",
        "from", "guess",
        "will", "try", "let", "us", "whichever", "item", "dr", "doctor",
    ]

    private static func meaningful(_ stream: TokenStream) -> [String] {
        stream.tokens.filter { $0.kind != .mark && !fillers.contains($0.text) }.map(\.text)
    }

    private static func exact(_ text: String, _ labels: [String]) -> Int? {
        let wanted = normalised(text)
        let fitting = labels.indices.filter { normalised(labels[$0]) == wanted }
        return fitting.count == 1 ? fitting.first : nil
    }

    /// A bare number or an order word that says nothing else.
    private static func ordered(_ stream: TokenStream, _ words: [String], _ count: Int) -> Int? {
        let numbers = NumberReader(stream: stream)
        var picks = Set<Int>()
        var used = 0
        var position = 0
        while position < stream.count {
            if stream.isOne(position, of: ["last", "latter", "bottom", "final"]) {
                picks.insert(count - 1)
                used += 1
            } else if stream.isOne(position, of: ["top", "former"]) {
                picks.insert(0)
                used += 1
            } else if let (value, end) = numbers.ordinal(at: position), !isOneOfNothing(stream, position) {
                picks.insert(value - 1)
                used += end - position
                position = end - 1
            } else if let (value, end) = counted(stream, numbers, position) {
                picks.insert(value - 1)
                used += end - position
                position = end - 1
            }
            position += 1
        }
        let isWhole = words.count <= used
        guard picks.count == 1, let pick = picks.first, (0..<count).contains(pick), isWhole else {
            return nil
        }
        return pick
    }

    /// `second` of time is not meant here, but "a second" is no choice either.
    private static func isOneOfNothing(_ stream: TokenStream, _ position: Int) -> Bool {
        stream.word(position) == "second" && stream.isOne(position - 1, of: ["a", "one"])
    }

    /// `2`, `#2`, `two`, `option one`; "one" only where it is not "that one".
    private static func counted(_ stream: TokenStream, _ numbers: NumberReader, _ position: Int) -> (
        Int, Int
    )? {
        guard let (value, end) = numbers.whole(at: position), !stream.isOne(end, of: [":", "am", "pm", "/"]),
            !(stream.isGlued(position) && stream.isOne(position - 1, of: [":", "/"]))
        else { return nil }
        if stream.word(position) == "one" {
            let isNamed = stream.isOne(position - 1, of: ["option", "number", "choice", "no", "item"])
            return isNamed || stream.count == 1 ? (1, end) : nil
        }
        return (value, end)
    }

    /// The label that has most of the words, if it is alone in that.
    private static func named(_ text: String, _ labels: [String]) -> Int? {
        let words = spelled(text).filter { !fillers.contains($0) }
        let scores = labels.map { score(words, Set(spelled($0))) }
        guard let best = scores.max(), best > 0 else { return nil }
        let winners = scores.indices.filter { scores[$0] == best }
        return winners.count == 1 ? winners.first : nil
    }

    private static func score(_ words: [String], _ label: Set<String>) -> Int {
        words.reduce(0) { sum, word in
            if label.contains(word) { return sum + 2 }
            guard word.utf8.count >= 4, (word.utf8.first ?? 0) > 0x39 else { return sum }
            let bytes = Array(word.utf8)
            let isClose = label.contains { other in
                other.hasPrefix(word)
                    || (other.utf8.count >= 4 && EditDistance.isAtMostOne(Array(other.utf8), bytes))
            }
            return isClose ? sum + 1 : sum
        }
    }

    /// The words of a text with times spelled one way: `3pm`, `15:00` and `3:00 PM` are all `15:00`; weekdays in full.
    private static func spelled(_ text: String) -> [String] {
        let stream = TokenStream(text)
        let clocks = ClockReader(stream)
        var words: [String] = []
        var position = 0
        while position < stream.count {
            if let (time, end) = clocks.clock(at: position, loose: false) {
                words.append("\(time.usual / 3600):\(time.minute)")
                position = end
                continue
            }
            let word = stream.word(position)
            if stream.tokens[position].kind != .mark { words.append(weekdayNames[word] ?? word) }
            position += 1
        }
        return words
    }

    private static let weekdayNames: [String: String] = {
        let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        return TimeWords.weekdays.mapValues { names[$0 - 1] }
    }()
}
