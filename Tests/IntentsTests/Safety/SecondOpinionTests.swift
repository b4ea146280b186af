// SPDX-License-Identifier: Apache-2.0
import Intents
import Testing

/// What is said when no phrase matches, but the words are those of families.
struct SecondOpinionTests {
    private let floor = SafetyFloor(families: [
        SafetyFamily(
            id: "breathing", level: .emergency, phrases: ["grunting + nostrils", "wheezing + gasping"],
            grave: true),
        SafetyFamily(id: "skin", level: .emergency, phrases: ["blistering rash", "hives ... everywhere"]),
    ])

    @Test func `three words of danger about somebody show the number`() {
        #expect(
            floor.check("my daughter is grunting, has hives and blistering skin")
                == SafetyFinding(level: .possible, family: "breathing", span: 15..<49))
    }

    @Test(arguments: [
        "my daughter is grunting and has hives", "grunting, hives and blistering skin",
        "my daughter is grunting, has hives and blistering skin?",
        "my daughter has no hives, grunting or blistering",
        "why is my daughter grunting with hives and blistering skin",
        "my dog is grunting and has hives and blistering skin",
        "last year my daughter was grunting and had hives and blistering skin",
        "my hives, my hives, my hives",
    ])
    func `it is silent where anything speaks against it`(_ text: String) {
        #expect(floor.check(text) == nil)
    }

    @Test func `what was judged already stays as it was judged`() {
        #expect(floor.check("my daughter has no blistering rash") == nil)
        #expect(floor.check("the film shows a blistering rash. she is grunting, wheezing, has hives") == nil)
        #expect(floor.check("my son is wheezing and gasping, hives and blistering")?.level == .emergency)
    }
}
