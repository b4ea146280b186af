// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Intents

/// Sentences of the dialogues the product promises, through a recogniser with a clinic's entities.
struct DialogueTests {
    private let context = EntityContext(
        now: 1_773_135_000, zone: FixedOffset(),
        gazetteers: ["doctor": Gazetteer([("Dr. Sarah Smith", "d1")])])
    private let recognizer = EntityRecognizer([
        .init(
            name: "specialty",
            kind: .choice([.init(value: "cardiology", synonyms: ["cardiologist", "heart"])])),
        .init(name: "when", kind: .datetime(prefer: .future)), .init(name: "doctor", kind: .lookup),
        .init(name: "medicine", kind: .dosage), .init(name: "patient", kind: .person),
    ])

    private func found(_ text: String) -> [String] {
        recognizer.find(in: text, context: context).map { "\($0.entity)=\($0.text)" }
    }

    @Test(arguments: [
        ("I need to see a cardiologist next week", ["specialty=cardiologist", "when=next week"]),
        ("can I get in with Dr. Smith tomorrow at 3", ["doctor=Dr. Smith", "when=tomorrow at 3"]),
        (
            "Prescribe amoxicillin 500mg twice daily for 7 days for patient John Smith",
            ["medicine=amoxicillin 500mg twice daily for 7 days", "patient=John Smith"]
        ),
        ("Show me today's schedule", ["when=today's"]),
        ("Show me today's appointments", ["when=today's"]),
        ("What are my current medications?", []),
        ("Show me patients with urgent flags", []),
        ("I'm having severe chest pain", []),
        ("no, Tuesday instead", ["when=Tuesday"]),
        ("move it to Friday afternoon with Dr Smith please", ["when=Friday afternoon", "doctor=Dr Smith"]),
    ])
    func `a promised sentence gives its entities`(_ text: String, _ expected: [String]) {
        #expect(found(text) == expected)
    }
}
