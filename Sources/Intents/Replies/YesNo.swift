// SPDX-License-Identifier: Apache-2.0

/// A yes or no in many words, with what was said besides it.
public enum YesNo: Sendable, Hashable {
    /// Consent; `remainder` is what follows it, such as "but make it Tuesday".
    case yes(remainder: String)
    /// Refusal; `remainder` is what follows it and may hold a correction: "Tuesday instead".
    case no(remainder: String)

    /// What follows the yes or no, without the punctuation between; empty if nothing does.
    public var remainder: String {
        switch self {
        case .yes(let text), .no(let text): text
        }
    }

    /// Whether it is consent.
    public var isYes: Bool {
        if case .yes = self { return true }
        return false
    }

    /// Reads the answer at the beginning of `text`; nil if it begins with neither.
    public static func parse(_ text: String) -> YesNo? {
        let stream = TokenStream(text)
        var position = 0
        while stream.isOne(position, of: fillers) { position += 1 }
        let begin = position
        var verdict: Bool?
        while position < stream.count {
            if let (isYes, end) = phrase(stream, position), verdict == nil || verdict == isYes {
                verdict = isYes
                position = end
            } else if verdict != nil, stream.isOne(position, of: tails) || isModifier(stream.word(position)) {
                position += 1
            } else {
                break
            }
        }
        guard let verdict, position > begin else { return nil }
        let remainder = position < stream.count ? stream.original(position..<stream.count) : ""
        return verdict ? .yes(remainder: remainder) : .no(remainder: remainder)
    }

    /// The colour of a hand.
    private static func isModifier(_ word: String) -> Bool {
        word.unicodeScalars.allSatisfy { (0x1F3FB...0x1F3FF).contains($0.value) }
    }

    private static func phrase(_ stream: TokenStream, _ position: Int) -> (Bool, Int)? {
        if let sign = signs[stream.word(position)] { return (sign, position + 1) }
        for length in stride(from: 4, through: 1, by: -1) {
            let words = (position..<(position + length)).map { stream.word($0) }
            guard !words.contains(""), let verdict = phrases[words.joined(separator: " ")] else { continue }
            if isPartOfOther(words, next: stream.word(position + length)) { continue }
            return (verdict, position + length)
        }
        return nil
    }

    /// "no one", "right now", "correct the date", "don't know": the word begins something else.
    private static func isPartOfOther(_ words: [String], next: String) -> Bool {
        guard words.count == 1 else { return false }
        switch words[0] {
        case "no": return ["one", "idea", "problem", "worries", "matter"].contains(next)
        case "right": return ["now", "away"].contains(next)
        case "correct": return ["the", "my", "it", "that"].contains(next)
        case "fine", "good", "great": return ["morning", "afternoon", "evening", "day"].contains(next)
        case "book", "confirm", "confirmed", "do":
            return !["", ".", "!", ",", "it", "please", "that"].contains(next)
        case "sure": return next == "?"
        default: return false
        }
    }

    private static let fillers: Set<String> = [
        "um", "uh", "hmm", "well", "oh", "ah", "so", ",", ".", "…", "actually", "and", "i", "think",
    ]
    private static let tails: Set<String> = [
        ",", ".", "!", "…", "-", ";", ":", "thanks", "please", "pls", "thank", "you", "then",
    ]
    private static let signs: [String: Bool] = [
        "👍": true, "✅": true, "👌": true, "✔": true, "👎": false, "❌": false, "🚫": false,
    ]

    private static let phrases: [String: Bool] = {
        let yes = """
            yes|yeah|yea|yep|yup|yas|ya|ye|y|sure|sure thing|ok|okay|okey|okie|k|kk|alright|all right|right|correct|exactly
            absolutely|definitely|certainly|of course|go ahead|go for it|please do|do it|do that|thats right|thats correct
            that is right|that is correct|that works|that will work|works for me|sounds good|sounds great|sounds fine|perfect
            great|good|fine|thats fine|that is fine|thats good|confirm|confirmed|i confirm|confirm it|agreed|i agree|affirmative
            yes please|book it|lets do it|lets do that|lets go|why not|no problem|no worries|by all means|indeed|totally|true
            looks good|looks right|that one is fine|i do|i would|i am|it is|very well|cool|aye|uh huh|mhm|mm hmm|yessir|for sure
            id like that|i would like that|please|do
            """
        let no = """
            no|nope|nah|na|naw|n|not really|dont|do not|dont do it|dont do that|please dont|negative|no way|no thanks|no thank you
            not now|not yet|never|not at all|absolutely not|definitely not|certainly not|of course not|i dont think so
            dont think so|i dont|i do not|i would rather not|id rather not|rather not|wrong|incorrect|thats wrong|that is wrong
            thats not right|that is not right|not correct|not right|thats incorrect|thats not correct|not that one|no good
            that doesnt work|that does not work|doesnt work for me|doesnt work|does not work|wont work|that wont work
            i cant|i cant make it|cant make it|not that|not this|nay|noo|it isnt|it is not|its not|i wouldnt|i changed my mind
            i am not|im not|id prefer not|hell no|uh uh|nuh uh
            """
        var phrases: [String: Bool] = [:]
        for (list, verdict) in [(yes, true), (no, false)] {
            for phrase in list.split(whereSeparator: { $0 == "|" || $0.isNewline }) {
                phrases[String(phrase.drop { $0 == " " })] = verdict
            }
        }
        return phrases
    }()
}
