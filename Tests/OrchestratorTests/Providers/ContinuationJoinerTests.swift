// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Orchestrator

struct ContinuationJoinerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var seen: String
        var goesOn: String
        /// Nil when it is refused.
        var whole: String?
        var testDescription: String { "\(seen) + \(goesOn)" }
    }

    static let cases = [
        Case(seen: "Take two tab", goesOn: "lets a day.", whole: "Take two tablets a day."),
        Case(seen: "Take two", goesOn: " tablets.", whole: "Take two tablets."),
        Case(
            seen: "The clinic opens at eight in the morning",
            goesOn: "opens at eight in the morning on weekdays.",
            whole: "The clinic opens at eight in the morning on weekdays."),
        Case(
            seen: "The clinic opens", goesOn: "The clinic opens at eight.",
            whole: "The clinic opens at eight."),
        Case(seen: "this is important", goesOn: "important to know.", whole: "this is important to know."),
        Case(seen: "He laughed: ha ha ", goesOn: "ha ha ha.", whole: "He laughed: ha ha ha ha ha."),
        Case(seen: "so ", goesOn: "so good", whole: "so so good"),
        Case(seen: "Call us on the i", goesOn: "Phone.", whole: "Call us on the iPhone."),
        Case(
            seen: "You can park behind the house", goesOn: "Sure, here is the rest: for two hours.",
            whole: nil),
        Case(seen: "You can park", goesOn: "You should park behind the house.", whole: nil),
        Case(seen: "That is all.", goesOn: " Sorry for the wait!", whole: "That is all. Sorry for the wait!"),
        Case(seen: "", goesOn: "Sure!", whole: "Sure!"),
        Case(seen: "A ", goesOn: "", whole: "A "),
        Case(seen: "Grüße 🙂", goesOn: "🙃 dir", whole: "Grüße 🙂🙃 dir"),
    ]

    @Test(arguments: cases) func `joins however the pieces are cut`(_ example: Case) {
        let scalars = Array(example.goesOn.unicodeScalars)
        for first in 0...scalars.count {
            for second in stride(from: first, through: scalars.count, by: 3) {
                let parts = [scalars[..<first], scalars[first..<second], scalars[second...]]
                #expect(
                    Self.join(example.seen, parts.map { String(String.UnicodeScalarView($0)) })
                        == example.whole)
            }
        }
    }

    private static func join(_ seen: String, _ pieces: [String]) -> String? {
        var joiner = ContinuationJoiner(seen: seen)
        var whole = seen
        for piece in pieces where !piece.isEmpty {
            switch joiner.take(piece) {
            case .wait: continue
            case .text(let text): whole += text
            case .refused: return nil
            }
        }
        switch joiner.finish() {
        case .wait: return nil
        case .text(let text): return whole + text
        case .refused: return nil
        }
    }
}
