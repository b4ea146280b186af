// SPDX-License-Identifier: Apache-2.0

import Intents

/// What an answer is besides a yes, a no, a value or a pick: a correction, the end of a list, none or any of what was
/// offered.
struct ReplyCues {
    private let text: String
    /// The utterance as words ready to compare.
    let words: [String]

    init(_ utterance: String) {
        text = normalised(utterance)
        words = text.split(separator: " ").map(String.init)
    }

    /// It sounds as if something said before was wrong.
    var isCorrection: Bool {
        guard let first = words.first, words.count > 1 else { return false }
        return Self.openings.contains(first) || Self.turns.contains(where: has)
    }

    /// The answer to "anything else?" that ends a list.
    var isDone: Bool { Self.done.contains(where: has) || Self.doneAlone.contains(text) }

    /// None of what was offered.
    var isNone: Bool { Self.none.contains(where: has) || Self.noneAlone.contains(text) }

    /// Whatever was offered will do.
    var isAny: Bool { words.count <= 6 && Self.any.contains(where: has) }

    /// Nothing but a time of day: `at 4 pm`, `half past three`.
    var isClockTime: Bool {
        !words.isEmpty
            && words.allSatisfy {
                Self.clock.contains($0) || $0.allSatisfy { $0.isNumber || $0 == ":" } || isHour($0)
            }
    }

    // `4pm`, as the words of `4 pm`.
    private func isHour(_ word: String) -> Bool {
        (word.hasSuffix("am") || word.hasSuffix("pm")) && Int(word.dropLast(2)) != nil
    }

    private static let clock: Set<String> = [
        "at", "am", "pm", "a", "m", "p", "oclock", "noon", "midnight", "half", "quarter", "past", "to", "in",
        "the", "morning",
        "afternoon", "evening", "around", "about", "one", "two", "three", "four", "five", "six", "seven",
        "eight", "nine",
        "ten", "eleven", "twelve", "fifteen", "thirty",
    ]

    private func has(_ phrase: String) -> Bool { " \(text) ".contains(" \(phrase) ") }

    private static let openings: Set<String> = [
        "no", "nope", "nah", "actually", "sorry", "wait", "rather", "oops", "correction", "not",
    ]
    private static let turns = [
        "instead", "make it", "make that", "change it", "change that", "change the", "i meant", "i mean",
        "should be",
        "wrong", "switch to", "rather", "correction", "actually", "sorry",
    ]
    private static let done = [
        "thats all", "that is all", "thats it", "that is it", "nothing else", "nothing more", "no more",
        "that will be all",
        "thatll be all", "thats everything", "that is everything", "im done", "i am done",
        "that would be all",
    ]
    private static let doneAlone: Set<String> = [
        "done", "nothing", "none", "finished", "enough", "all done", "all",
    ]
    private static let none = [
        "none of", "neither", "something else", "none works", "none work", "none fits", "none suits",
        "any others",
        "show me others", "more options", "other options", "dont like", "a different one", "another one",
    ]
    private static let noneAlone: Set<String> = [
        "none", "nothing", "another", "others", "different", "other",
    ]
    private static let any = [
        "any", "anyone", "whichever", "whatever", "either", "doesnt matter", "does not matter", "dont mind",
        "you choose",
        "you pick", "earliest", "soonest", "no preference",
    ]
}
