// SPDX-License-Identifier: Apache-2.0

/// The words by which this dialect's contract has a person ask for people, whatever the assistant understands.
///
/// `(talk|speak|chat|connect|wanna|want|need).*(human|agent|person|support|representative|someone)`, or one of four
/// phrases; without regard to case, and like the original without regard to where words end. `.` ends at a line.
enum HandoffPhrase {
    private static let wishes = ["talk", "speak", "chat", "connect", "wanna", "want", "need"]
    private static let people = ["human", "agent", "person", "support", "representative", "someone"]
    private static let phrases = [
        "customer support", "real person", "live chat", "live support", "live agent",
    ]

    /// True when the text asks for people.
    static func isIn(_ text: String) -> Bool {
        let text = Array(text.lowercased().utf8)
        if phrases.contains(where: { find(Array($0.utf8), in: text, from: 0) != nil }) { return true }
        return text.split(separator: UInt8(ascii: "\n")).contains { isWish(Array($0)) }
    }

    // The first wish and the last mention of people decide: there is a pair in order if those two are.
    private static func isWish(_ line: [UInt8]) -> Bool {
        let ends = wishes.compactMap { wish in
            find(Array(wish.utf8), in: line, from: 0).map { $0 + wish.utf8.count }
        }
        guard let end = ends.min() else { return false }
        return people.contains { find(Array($0.utf8), in: line, from: end) != nil }
    }

    private static func find(_ word: [UInt8], in text: [UInt8], from start: Int) -> Int? {
        guard text.count >= start + word.count else { return nil }
        return (start...(text.count - word.count)).first { text[$0...].starts(with: word) }
    }
}
