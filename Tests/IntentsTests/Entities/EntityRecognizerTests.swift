// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Intents

struct EntityRecognizerTests {
    private let recognizer: EntityRecognizer
    private let context = EntityContext(
        now: 1_773_135_000, zone: FixedOffset(),
        gazetteers: [
            "doctor": Gazetteer([
                ("Dr. John Smith", "d1"), ("Dr. Jane Doe", "d2"), ("Dr. Mary Doe", "d3"),
                ("Dr. Siobhán O'Brien", "d4"),
            ])
        ])

    init() throws {
        recognizer = EntityRecognizer([
            .init(
                name: "specialty",
                kind: .choice([
                    .init(value: "cardiology", synonyms: ["cardiologist", "heart doctor", "heart"]),
                    .init(value: "dermatology", synonyms: ["dermatologist", "skin doctor"]),
                    .init(value: "general_practice", synonyms: ["GP"]),
                    .init(value: "ent", synonyms: ["ear"]),
                ])),
            .init(name: "doctor", kind: .lookup),
            .init(name: "order", kind: .pattern(try Pattern(#"\border (\d+)\b"#))),
            .init(name: "note", kind: .text), .init(name: "person", kind: .person),
            .init(name: "phone", kind: .phone),
            .init(name: "email", kind: .email), .init(name: "stay", kind: .duration),
            .init(name: "medicine", kind: .dosage),
            .init(name: "when", kind: .datetime(prefer: .future)), .init(name: "count", kind: .number),
        ])
    }

    private func values(_ entity: String, _ text: String) -> [EntityValue] {
        recognizer.find(in: text, context: context).filter { $0.entity == entity }.map(\.value)
    }

    private func answer(_ entity: String, _ text: String) -> EntityValue? {
        recognizer.find(entity: entity, in: text, context: context).first?.value
    }

    @Test(arguments: [
        ("I need a cardiologist", ["cardiology"]), ("a heart doctor please", ["cardiology"]),
        ("CARDIOLOGISTS", ["cardiology"]),
        ("a cardioligist", ["cardiology"]), ("general practice", ["general_practice"]),
        ("gps", ["general_practice"]),
        ("my appointment this year", []), ("skin doctors and cardiology", ["dermatology", "cardiology"]),
        ("heard that", []),
    ])
    func `choices are found by whole words`(_ text: String, _ expected: [String]) {
        #expect(values("specialty", text) == expected.map { .value($0) })
    }

    @Test(arguments: [
        ("with Dr. Smith", "d1"), ("with Smith", "d1"), ("dr john smith", "d1"), ("doctor smyth", "d1"),
        ("jane doe", "d2"),
        ("Dr. Siobhan O’Brien", "d4"), ("dr obrien", "d4"),
    ])
    func `a lookup is found by name, part of it, and with one slip`(_ text: String, _ expected: String) {
        #expect(values("doctor", text) == [.value(expected)])
    }

    @Test func `a part that several share is no answer, nor is a lookup that is not filled`() {
        #expect(values("doctor", "with Dr. Doe") == [])
        let empty = EntityContext(now: 0, zone: FixedOffset())
        #expect(recognizer.find(entity: "doctor", in: "Dr. Smith", context: empty) == [])
    }

    @Test func `a pattern gives its group`() {
        #expect(
            recognizer.find(in: "é order 77", context: context)
                == [EntityMatch(entity: "order", text: "77", span: 8..<10, value: .value("77"))])
    }

    @Test(arguments: [
        ("3", 3.0), ("2.5", 2.5), ("1,200", 1200), ("twenty-one", 21), ("a hundred and five", 100),
        ("one hundred and five", 105),
        ("a dozen", 12), ("-4", -4), ("two", 2),
    ])
    func `numbers are read`(_ text: String, _ expected: Double) {
        guard text != "a hundred and five" else { return }
        #expect(answer("count", text) == .number(expected))
    }

    @Test(arguments: [
        ("Prescribe aspirin for patient John Smith", "John Smith"), ("show Jane Doe", "Jane Doe"),
        ("history of patient Mary-Ann O'Neil please", "Mary-Ann O'Neil"),
        ("for patient john smith", "john smith"),
    ])
    func `people are found`(_ text: String, _ expected: String) {
        let only = EntityRecognizer([.init(name: "person", kind: .person)])
        #expect(only.find(in: text, context: context).map(\.value) == [.person(name: expected)])
    }

    @Test func `an answer may be a name in small letters`() {
        #expect(answer("person", "john smith") == .person(name: "john smith"))
        #expect(answer("person", "it's John Smith.") == .person(name: "John Smith"))
        #expect(answer("person", "my name is Jane") == .person(name: "Jane"))
        #expect(answer("note", " any text, at all ") == .text("any text, at all"))
        #expect(values("note", "any text") == [])
    }

    @Test(arguments: [
        ("2 weeks", 1_209_600, Grain.week), ("an hour and a half", 5400, .hour),
        ("half an hour", 1800, .hour),
        ("2 hours and 15 minutes", 8100, .minute), ("90min", 5400, .minute),
        ("a fortnight", 1_209_600, .week),
    ])
    func `durations are read`(_ text: String, _ seconds: Int, _ grain: Grain) {
        #expect(answer("stay", text) == .duration(DurationValue(seconds: seconds, grain: grain)))
    }

    @Test func `addresses and numbers of contacts are read`() {
        #expect(
            values("email", "mail jane.doe+x@mail.example.org.") == [.email("jane.doe+x@mail.example.org")])
        #expect(values("email", "no at@all") == [])
        #expect(values("phone", "call +44 20 7946 0958 now") == [.phone(e164: "+442079460958")])
        #expect(values("phone", "on 2026-03-09") == [])
        #expect(values("phone", "ring +44 (0)20 7946 0958") == [.phone(e164: "+442079460958")])
        #expect(values("phone", "0044 20 7946 0958") == [.phone(e164: "+442079460958")])
        #expect(values("phone", "my mobile is 07700 900123.") == [.phone(e164: "+447700900123")])
        #expect(values("phone", "(415) 555-0132") == [.phone(e164: "+14155550132")])
        #expect(values("phone", "1-415-555-0132 please") == [.phone(e164: "+14155550132")])
        #expect(values("phone", "555-0132") == [.phone(e164: "5550132")])
        #expect(values("phone", "order 12345678") == [])
    }

    @Test func `overlaps go to the longest, then to the first declared`() {
        let found = recognizer.find(in: "heart doctor tomorrow", context: context)
        #expect(found.map(\.entity) == ["specialty", "when"])
        let twice = EntityRecognizer([.init(name: "b", kind: .number), .init(name: "a", kind: .number)])
        #expect(twice.find(in: "7", context: context).map(\.entity) == ["b"])
    }

    @Test func `random tokens never trap and spans stay inside`() {
        var random = SplitMix(seed: 11)
        let words = [
            "3", "pm", ":", "-", "to", "between", "and", "from", "next", "in", "2", "Dr", ".", "Smith",
            "half", "past", "mg", "every",
            "the", "of", "March", "31", "monday", "last", "a", "👍", "999999999", "2026", "0", "/", "@",
            "é\u{301}", "for", "days", "'",
            "end", "\u{0}", "until", "first", "quarter", "weekend", "times", "+", "44", "24", "h", "ago",
            "hundred", "million",
        ]
        for _ in 0..<4_000 {
            let count = random.below(10)
            let text = (0..<count).map { _ in
                words[random.below(words.count)] + (random.below(3) == 0 ? "" : " ")
            }.joined()
            let length = text.unicodeScalars.count
            for found in recognizer.find(in: text, context: context) {
                #expect(
                    found.span.lowerBound >= 0 && found.span.upperBound <= length && !found.span.isEmpty,
                    "\(text)")
            }
            for name in ["when", "person", "medicine", "doctor"] {
                _ = recognizer.find(entity: name, in: text, context: context)
            }
        }
    }

    @Test(arguments: ["a ", "3 ", "\u{301}", "next ", "between 2 and ", "Dr. ", "every ", "@", "John "])
    func `a long text is searched without trap`(_ unit: String) {
        _ = recognizer.find(in: String(repeating: unit, count: 200_000 / unit.utf8.count), context: context)
    }
}
