// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Intents

struct IntentModelTests {
    private let clinic: [IntentExamples]
    private let model: IntentModel

    init() throws {
        clinic = [
            IntentExamples(
                id: "book",
                examples: [
                    "I need to see a cardiologist next week",
                    "I want to book an appointment with a cardiologist",
                    "can I get in with Dr. Smith tomorrow at 3", "make an appointment",
                ],
                patterns: [try Pattern(#"\b(book|schedule|make)\b.{0,40}\bappointment\b"#)]),
            IntentExamples(
                id: "cancel",
                examples: ["cancel my appointment", "I can't come on Monday", "call off my visit"]),
            IntentExamples(
                id: "medications",
                examples: [
                    "What are my current medications?", "which pills do I take", "show my prescriptions",
                ]),
            IntentExamples(
                id: "human", examples: ["I need to speak with a human agent", "real person please"]),
        ]
        model = IntentModel(clinic)
    }

    @Test func `an example means its intent with score 1`() {
        let decision = model.decide("what are my current medications")
        #expect(decision.intent == "medications")
        #expect(decision.score == 1)
        #expect(decision.ranking.count == 4)
        #expect(decision.ranking.first == IntentMatch(intent: "medications", score: 1))
    }

    @Test func `a pattern counts for at least 0.95`() {
        let decision = model.decide("pls schedule me some kind of an appointment")
        #expect(decision.intent == "book")
        #expect(decision.score >= 0.95 && decision.score < 1)
    }

    @Test(arguments: [
        ("please cancel the appointment", "cancel"), ("I need to see a dermatologist", "book"),
        ("show me my current prescriptions", "medications"), ("let me speak to a real person", "human"),
    ])
    func `a new wording of an intent is understood`(_ text: String, _ intent: String) {
        #expect(model.decide(text).intent == intent)
    }

    @Test(arguments: [
        "what is the tallest mountain", "pizza with anchovies", "zzz", "", "👍", "who let the dogs out",
    ])
    func `what fits no intent is out of scope`(_ text: String) {
        let decision = model.decide(text)
        #expect(decision.intent == nil, "\(decision)")
        #expect(decision.score < 0.5)
    }

    @Test func `the ranking is sorted, at most five, and repeatable`() {
        let again = IntentModel(clinic)
        let decision = model.decide("cancel my pills")
        #expect(decision == again.decide("cancel my pills"))
        #expect(decision.ranking.map(\.score) == decision.ranking.map(\.score).sorted(by: >))
        #expect(decision.ranking.allSatisfy { (0...1).contains($0.score) })
    }

    @Test func `one intent with one example works`() {
        let single = IntentModel([IntentExamples(id: "card", examples: ["I lost my card"])])
        #expect(single.decide("i lost my card!").intent == "card")
        #expect(single.decide("I have lost my card").intent == "card")
        #expect(single.decide("what is the capital of france").intent == nil)
    }

    @Test func `no intents decide nothing`() {
        #expect(IntentModel([]).decide("hello") == IntentDecision(intent: nil, score: 0, ranking: []))
        #expect(IntentModel([IntentExamples(id: "a", examples: [])]).decide("hello").intent == nil)
    }

    @Test func `out of scope examples are kept out`() {
        let intents = [
            IntentExamples(id: "card", examples: ["I lost my card", "my card is gone", "card was stolen"])
        ]
        let model = IntentModel(
            intents, outOfScope: ["I lost my keys", "my keys are gone", "keys were stolen"])
        #expect(model.decide("I lost the keys").intent == nil)
        #expect(model.decide("I lost the card").intent == "card")
    }

    @Test(arguments: ["a ", "\u{301}", "book an appointment ", "\u{0}", "👩‍🚀"])
    func `a long text is decided without trap`(_ unit: String) {
        _ = model.decide(String(repeating: unit, count: 200_000 / unit.utf8.count))
    }

    @Test func `an explanation names the example, the pattern or what resembles`() {
        let same = model.explain("What are my current medications?", intents: clinic)
        #expect(
            same.evidence == .example(0) && same.decision == model.decide("What are my current medications?"))
        #expect(same.neighbours.first == .init(intent: "medications", example: 0, likeness: 1))
        let pattern = model.explain("pls schedule me some kind of an appointment", intents: clinic)
        #expect(pattern.evidence == .pattern(0))
        let like = model.explain("which pills do I swallow", intents: clinic)
        #expect(like.evidence == .likeness)
        #expect(like.features.contains { $0.text == "pills" && $0.weight > 0 })
        #expect(like.features.map { abs($0.weight) } == like.features.map { abs($0.weight) }.sorted(by: >))
        #expect(model.explain("", intents: clinic).evidence == .nothing)
    }

    @Test func `a score says how often such a decision is right`() {
        // Two intents that share half of their words: what is in both is right half of the time.
        let words = ["red", "green", "blue", "black", "white", "grey", "brown", "pink"]
        let intents = ["order", "return"].map { verb in
            IntentExamples(
                id: verb, examples: words.flatMap { ["\(verb) a \($0) shirt", "\(verb) my \($0) shoes"] })
        }
        let model = IntentModel(intents)
        #expect(model.decide("order an orange shirt").score > 0.8)
        #expect(model.decide("a purple shirt").score < 0.75)
        #expect(model.decide("the weather").intent == nil)
    }
}
