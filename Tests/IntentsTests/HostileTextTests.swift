// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Intents

/// Text that nobody types but somebody sends: everything here must end soon, without a trap, with sound spans.
struct HostileTextTests {
    private static let recognizer = EntityRecognizer([
        EntityDefinition(name: "when", kind: .datetime(prefer: .future)),
        EntityDefinition(name: "length", kind: .duration), EntityDefinition(name: "dose", kind: .dosage),
        EntityDefinition(name: "count", kind: .number), EntityDefinition(name: "phone", kind: .phone),
        EntityDefinition(name: "email", kind: .email), EntityDefinition(name: "who", kind: .person),
        EntityDefinition(
            name: "size",
            kind: .choice([ChoiceValue(value: "small"), ChoiceValue(value: "large", synonyms: ["big one"])])),
    ])
    private static let model = IntentModel([
        IntentExamples(id: "book", examples: ["book an appointment", "see a doctor", "make a booking"]),
        IntentExamples(id: "cancel", examples: ["cancel my appointment", "I cannot come"]),
    ])
    private let context = EntityContext(now: 1_773_135_000, zone: FixedOffset())

    private func check(_ text: String) {
        let folded = FoldedText(text)
        let count = text.unicodeScalars.count
        #expect(folded.scalarCount == count)
        var last = 0
        for word in folded.words {
            guard word.from >= last, word.to > word.from, word.to <= count else {
                Issue.record("a word stands at \(word.from)..<\(word.to) of \(count)")
                return
            }
            last = word.from
        }
        for match in Self.recognizer.find(in: text, context: context) {
            #expect(match.span.lowerBound < match.span.upperBound && match.span.upperBound <= count)
        }
        let decision = Self.model.decide(text)
        #expect((0...1).contains(decision.score))
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "a", "a ", "\u{301}", "e\u{301}", "\u{202E}", "\u{0}", "\u{7F}\u{9}", "👩‍🚀", "9", "9 ", "1-", "1/",
            "9:", "at 9 ",
            "every ", "next ", "from 3 to ", "two years ", "the first of ", "hundred ", "(a+)+$", "@a.",
            "+44 ", "500mg ",
            "last week of ", "monday the 2nd ", "\r\n", "ß", "ﷺ", "\u{FFFD}",
        ])
    func `a quarter of a megabyte of one thing is read`(_ unit: String) {
        check(String(repeating: unit, count: 250_000 / unit.utf8.count))
    }

    @Test(.timeLimit(.minutes(1))) func `a hundred thousand combining marks are read`() {
        check("chest" + String(repeating: "\u{301}\u{302}", count: 50_000) + " pain")
    }

    @Test func `lone surrogates and broken UTF-8 arrive as replacement characters`() {
        check(String(decoding: [0xED, 0xA0, 0x80, 0x61, 0xFF, 0xC3, 0x20, 0xF0, 0x9F], as: UTF8.self))
    }

    @Test func `what is folded stays as it is when folded again`() {
        var random = SplitMix(seed: 7)
        for _ in 0..<2_000 {
            let text = Self.text(&random)
            let once = normalised(text)
            #expect(normalised(once) == once, "\(Array(text.unicodeScalars))")
        }
    }

    @Test(.timeLimit(.minutes(1))) func `sentences thrown together by chance are read`() {
        var random = SplitMix(seed: 11)
        for _ in 0..<3_000 { check(Self.text(&random)) }
    }

    /// Up to twenty pieces: words of times and numbers, marks, and any scalar at all.
    private static func text(_ random: inout SplitMix) -> String {
        var text = ""
        for _ in 0..<(1 + random.below(20)) {
            switch random.below(4) {
            case 0: text += pieces[random.below(pieces.count)] + " "
            case 1: text += pieces[random.below(pieces.count)]
            case 2: text += String(random.below(100_000))
            default:
                let value = UInt32(random.below(3) == 0 ? random.below(0x11_0000) : random.below(0x250))
                text.unicodeScalars.append(Unicode.Scalar(value) ?? " ")
            }
        }
        return text
    }

    private static let pieces = """
        monday tuesday next last this the of to from until between and a in at on every each other week month year day hour
        minute hours ago later before after half quarter past noon midnight tonight tomorrow yesterday morning evening early
        late mid first second third twenty one two three hundred thousand million q4 easter christmas february may 29 30 31
        2024 2100 0 24:00 12:60 3pm - / . , : ' @ + mg tablets twice daily needed for rest weekend summer season gmt bst two
        """.split(whereSeparator: \.isWhitespace).map(String.init)
}
