// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Intents

/// What hides a word from a plain comparison: slips, spacing, look-alikes.
struct DisguisedTextTests {
    private let floor = SafetyFloor(families: MedicalFamilies.all)

    @Test(arguments: [
        "c h e s t p a i n", "i cant br eathe", "chestpain", "my chestpain is bad", "k1ll myself", "suic1de",
        "CHEST PAIN", "chеst pаin", "ch\u{AD}est pain", "che\u{301}st pain", "𝐜𝐡𝐞𝐬𝐭 𝐩𝐚𝐢𝐧", "cheeeest paaaain",
        "\u{202E}chest pain\u{202C}", "chst pain", "chest pai n", "i want to kil myself",
        "su*cide",
    ])
    func `it is found all the same`(_ text: String) { #expect(floor.check(text) != nil, "\(text)") }

    @Test(arguments: [
        "chess pain", "breeding heavily populated", "I want to kiss myself", "the chore list", "chest",
        "a b c d e f",
        "the pin is on my chest", "40",
    ])
    func `an everyday word is no slip`(_ text: String) { #expect(floor.check(text) == nil, "\(text)") }

    @Test func `a pictograph is a word`() {
        let floor = SafetyFloor(families: [
            SafetyFamily(id: "sos", level: .emergency, phrases: ["🆘", "🚑 now"])
        ])
        #expect(floor.check("🆘🆘")?.span == 0..<1)
        #expect(floor.check("🚑 please now") == nil)
        #expect(floor.check("🚑 right now") == nil)
        #expect(floor.check("hey 🚑now!")?.span == 4..<8)
    }
}
