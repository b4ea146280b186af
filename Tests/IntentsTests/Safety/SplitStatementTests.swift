// SPDX-License-Identifier: Apache-2.0
import Intents
import Testing

struct SplitStatementTests {
    private let floor = SafetyFloor(families: MedicalFamilies.all)

    @Test(arguments: [
        ("my chest", "pain is terrible"), ("I have chest", "pain"), ("My chest.", "Pain, a lot of it"),
        ("my baby is only 3 weeks old", "she has a temperature"), ("I took the", "whole bottle of pills"),
    ])
    func `two messages make one statement`(_ first: String, _ second: String) {
        #expect(floor.check(second)?.level != .emergency)
        #expect(floor.check(second, after: first)?.level == .emergency, "\(first) / \(second)")
    }

    @Test(arguments: [
        ("my chest", "sorry, wrong chat"), ("I have chest", "no pain"), ("my chest", "is fine, thank you"),
        ("does the chest exam hurt?", "pain is what I fear"), ("I took the", "bus this morning"),
    ])
    func `one that is taken back, or is none, does not count`(_ first: String, _ second: String) {
        #expect(floor.check(second, after: first) == nil, "\(first) / \(second)")
    }

    @Test func `what the first message said alone is not said again`() {
        #expect(floor.check("thank you", after: "I have chest pain") == nil)
    }

    @Test func `the span is the part in the second message`() {
        #expect(floor.check("pain is terrible", after: "my chest")?.span == 0..<4)
    }
}
