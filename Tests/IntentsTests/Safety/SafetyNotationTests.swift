// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Intents

struct SafetyNotationTests {
    private func finds(_ phrase: String, in text: String, lists: [String: [String]] = [:]) -> Bool {
        let family = SafetyFamily(id: "x", level: .emergency, phrases: [phrase])
        return SafetyFloor(families: [family], lists: lists).check(text) != nil
    }

    @Test func `alternatives stand for one word`() {
        #expect(finds("chest|ribs hurt|hurts", in: "my ribs really hurt"))
        #expect(!finds("chest|ribs hurt|hurts", in: "my knee hurts"))
    }

    @Test func `a word list stands for each of its entries, also of several words`() {
        let lists = ["out": ["passed out", "collapsed", "<gone>"], "gone": ["keeled over"]]
        #expect(finds("he <out>", in: "he has just passed out", lists: lists) == false)
        #expect(finds("he has? <out>", in: "he has just passed out", lists: lists))
        #expect(finds("he <out>", in: "he collapsed", lists: lists))
        #expect(finds("he <out>", in: "he keeled over", lists: lists))
    }

    @Test func `a gap takes up to six words of the sentence`() {
        #expect(finds("took ... pills", in: "took one two three four five six pills"))
        #expect(!finds("took ... pills", in: "took one two three four five six seven pills"))
        #expect(!finds("took ... pills", in: "I took a walk. Later pills"))
    }

    @Test(arguments: [
        ("40 pills", true), ("forty pills", true), ("8 pills", true), ("7 pills", false),
        ("two pills", false),
        ("40pills", true), ("a dozen pills", true),
    ])
    func `a number may be wanted in a range`(_ text: String, _ isFound: Bool) {
        #expect(finds("<8+> pills", in: text) == isFound, "\(text)")
    }

    @Test func `decimal fractions are read`() {
        #expect(finds("sugar ... <0-3.5>", in: "my sugar is 2.9"))
        #expect(!finds("sugar ... <0-3.5>", in: "my sugar is 3.9"))
        #expect(!finds("sugar ... <0-3.5>", in: "my sugar is 29"))
    }

    @Test func `parts may come in any order within a sentence`() {
        #expect(finds("chest + tight", in: "tight in the chest"))
        #expect(finds("chest + tight", in: "my chest is so tight"))
        #expect(!finds("chest + tight", in: "my chest. The lid is tight"))
    }

    @Test func `the end of a clause can be asked for`() {
        #expect(finds("cannot see <end>", in: "help, I cannot see"))
        #expect(finds("cannot see <end>", in: "I cannot see, please help"))
        #expect(!finds("cannot see <end>", in: "I cannot see my invoice"))
    }

    @Test func `an exception cancels in its clause only`() {
        let family = SafetyFamily(
            id: "x", level: .emergency, phrases: ["drowning"], exceptions: ["drowning in ... work|emails"])
        let floor = SafetyFloor(families: [family])
        #expect(floor.check("I am drowning in too many emails") == nil)
        #expect(floor.check("drowning in emails, and my son is drowning") != nil)
    }

    @Test(arguments: [
        ("<nothing> pain", SafetyPhraseProblem.unknownList("nothing")),
        ("a + + b", SafetyPhraseProblem.unreadable("has no word in one of its parts")),
        ("pain + ", SafetyPhraseProblem.unreadable("has no word in one of its parts")),
        (
            "one ... two ... three ... four ... five",
            SafetyPhraseProblem.unreadable("has more than 3 gaps ('...') in one part")
        ),
        ("been? just?", SafetyPhraseProblem.unreadable("consists of words that may all be missing")),
    ])
    func `what cannot be read is explained`(_ phrase: String, _ problem: SafetyPhraseProblem) {
        let family = SafetyFamily(id: "a", level: .emergency, phrases: [phrase])
        #expect(SafetyReading([family]).problems == [phrase: problem])
    }

    @Test func `lists that name each other in a circle end`() {
        let family = SafetyFamily(id: "a", level: .emergency, phrases: ["<a>"])
        let reading = SafetyReading([family], lists: ["a": ["<b>"], "b": ["<a>"]])
        #expect(reading.problems == ["<a>": .unknownList("a")])
    }

    @Test func `odd families are remarked on`() {
        let reading = SafetyReading([
            SafetyFamily(id: "a", level: .emergency, phrases: ["chest pain", "heart attack"]),
            SafetyFamily(id: "b", level: .emergency, phrases: ["heart attack", "chest pain now"]),
            SafetyFamily(id: "c", level: .emergency, phrases: ["sharp pain"], exceptions: ["sharp pain"]),
        ])
        #expect(
            SafetyFloor(reading).remarks(on: reading) == [
                SafetyRemark(family: "b", phrase: 0, kind: .sameAs(family: "a")),
                SafetyRemark(family: "b", phrase: nil, kind: .shadowed(by: "a")),
                SafetyRemark(family: "c", phrase: 0, kind: .neverMatches),
            ])
    }
}
