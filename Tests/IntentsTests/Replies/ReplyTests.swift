// SPDX-License-Identifier: Apache-2.0
import Intents
import Testing

struct ReplyTests {
    @Test(arguments: [
        "yes", "Yeah!", "yep", "sure", "ok", "OK then", "go ahead", "that's right", "That’s correct",
        "correct", "please do", "👍", "👍🏽",
        "yes please", "sounds good, thanks", "of course", "book it", "uh, yes", "fine", "perfect", "y",
        "absolutely",
    ])
    func `consent has many words`(_ text: String) {
        #expect(YesNo.parse(text) == .yes(remainder: ""), "\(text)")
    }

    @Test(arguments: [
        "no", "Nope", "nah", "not really", "don't", "👎", "no thanks", "please don't", "no, that's wrong",
        "not now", "I don't think so",
        "that doesn't work", "never", "n", "no way",
    ])
    func `refusal has many words`(_ text: String) {
        #expect(YesNo.parse(text) == .no(remainder: ""), "\(text)")
    }

    @Test(arguments: [
        ("no, Tuesday instead", YesNo.no(remainder: "Tuesday instead")),
        ("No. Make it 3pm", .no(remainder: "Make it 3pm")),
        ("yes but make it Tuesday", .yes(remainder: "but make it Tuesday")),
        ("nope – with Dr. Doe", .no(remainder: "with Dr. Doe")),
    ])
    func `what follows is kept`(_ text: String, _ expected: YesNo) {
        #expect(YesNo.parse(text) == expected)
    }

    @Test(arguments: [
        "", "Tuesday", "no one told me", "right now", "what?", "maybe", "book a table", "good morning",
        "notes",
    ])
    func `other things are neither`(_ text: String) {
        #expect(YesNo.parse(text) == nil, "\(text)")
    }

    private let slots = [
        "Tuesday 17 March, 09:00 with Dr. Smith", "Tuesday 17 March, 15:00 with Dr. Jane Doe",
        "Friday 20 March, 10:30 with Dr. Patel",
    ]

    @Test(arguments: [
        ("2", 1), ("number two", 1), ("#3", 2), ("the first one", 0), ("second", 1), ("the 3rd please", 2),
        ("last", 2), ("the last one", 2),
        ("option one", 0), ("Smith", 0), ("the one with dr doe", 1), ("jane", 1), ("the 3pm one", 1),
        ("Friday", 2), ("fri please", 2),
        ("10:30", 2), ("I'll take the second one", 1), ("with patell", 2), ("one", 0),
        ("Friday 20 March, 10:30 with Dr. Patel", 2),
    ])
    func `one of several is picked`(_ text: String, _ expected: Int) {
        #expect(Selection.parse(text, labels: slots) == expected, "\(text)")
    }

    @Test(arguments: [
        "", "Tuesday", "9", "0", "none of these", "what do you mean", "the fourth one", "March", "yes",
    ])
    func `what picks none or several is nothing`(_ text: String) {
        #expect(Selection.parse(text, labels: slots) == nil, "\(text)")
        #expect(Selection.parse(text, labels: []) == nil)
    }

    @Test(arguments: [
        "cancel", "Cancel.", "never mind", "nevermind", "forget it", "stop", "please stop",
        "oh forget it please", "I changed my mind", "I want to cancel",
    ])
    func `a wish to leave is recognised`(_ text: String) {
        #expect(CancelWord.isCancel(text), "\(text)")
    }

    @Test(arguments: [
        "cancel my appointment", "stop my prescription", "", "no", "forget my password",
        "cancel the one on Tuesday",
    ])
    func `a wish of its own is no cancel`(_ text: String) {
        #expect(!CancelWord.isCancel(text), "\(text)")
    }
}
