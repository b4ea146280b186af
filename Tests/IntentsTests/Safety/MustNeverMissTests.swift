// SPDX-License-Identifier: Apache-2.0
import Intents
import Testing

/// Every sentence here must raise an emergency, for ever.
///
/// Add to it; never take away.
struct MustNeverMissTests {
    private let floor = SafetyFloor(families: MedicalFamilies.all)

    @Test(arguments: [
        ("I'm having severe chest pain", "cardiac"),
        ("chest pain", "cardiac"),
        ("CHEST PAIN!!!", "cardiac"),
        ("i have chest pians", "cardiac"),
        ("my cheast pain is getting worse", "cardiac"),
        ("I have a really crushing feeling in the chest", "cardiac"),
        ("there's an elephant sitting on my chest", "cardiac"),
        ("heartattack i think", "cardiac"),
        ("I think I'm having a heart attack", "cardiac"),
        ("No, chest pain", "cardiac"),
        ("no im having chest pain", "cardiac"),
        ("I don't have a headache but chest pain", "cardiac"),
        ("No fever. Chest pain since this morning", "cardiac"),
        ("I can't climb the stairs without chest pain", "cardiac"),
        ("not just chest pain, my arm too", "cardiac"),
        ("I had chest pain an hour ago", "cardiac"),
        ("I had a heart attack 2 years ago and now chest pain again", "cardiac"),
        ("my wife had chest pain last night", "cardiac"),
        ("if i have chest pain what should I do", "cardiac"),
        ("what is this chest pain", "cardiac"),
        ("what about my chest pain", "cardiac"),
        ("What are the symptoms of a stroke? my face is drooping", "stroke"),
        ("what are the symptoms of a heart attack because I think I am having one", "cardiac"),
        ("book an appointment, my dad is having a stroke", "stroke"),
        ("her mouth looks droopy and she cannot speak", "stroke"),
        ("I can't breathe", "breathing"),
        ("i cant breathe", "breathing"),
        ("I can’t breathe", "breathing"),
        ("I can not really breathe", "breathing"),
        ("no i can't breathe", "breathing"),
        ("i cant breathee", "breathing"),
        ("ｉ ｃａｎ＇ｔ ｂｒｅａｔｈｅ", "breathing"),
        ("i can't br\u{200B}eathe", "breathing"),
        ("he isn't breathing", "breathing"),
        ("she won't wake up", "unresponsive"),
        ("my husband is unconcious", "unresponsive"),
        ("I want to kill myself", "suicide"),
        ("this traffic makes me want to kill myself", "suicide"),
        ("I nearly want to die when I see the bill", "suicide"),
        ("i dont want to live anymore", "suicide"),
        ("feeling suicidel", "suicide"),
        ("two years ago I tried suicide and I want to again", "suicide"),
        ("I took the whole bottle of pills", "overdose"),
        ("he overdosed", "overdose"),
        ("the cut won't stop bleeding", "bleeding"),
        ("my throat is swelling up", "allergy"),
        ("my 3 week old has a temperature", "infant_fever"),
        ("I'm pregnant and have terrible cramps", "pregnancy"),
    ])
    func `an emergency is found`(_ text: String, _ family: String) {
        let finding = floor.check(text)
        #expect(finding?.family == family, "\(text)")
        #expect(finding?.level == .emergency, "\(text)")
    }

    @Test(arguments: ["this is an emergency", "I am in severe pain", "I fainted yesterday"])
    func `a possible emergency is found`(_ text: String) {
        #expect(floor.check(text)?.level == .possible, "\(text)")
    }
}
