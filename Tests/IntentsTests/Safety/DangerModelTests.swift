// SPDX-License-Identifier: Apache-2.0
import Intents
import Testing

/// What the floor learns from examples of danger and of what only sounds like it.
struct DangerModelTests {
    private static let examples = DangerModel.Examples(
        danger: [
            "breathing": [
                "my little girl is gasping and her lips are going blue", "he is gasping for air",
                "she cannot get her breath and her lips are blue", "dad is fighting for every breath",
            ],
            "stroke": [
                "his face has dropped on one side", "her mouth has slid down and her arm is limp",
                "my husband cannot lift his arm and his speech is gone", "one side of her face is hanging",
            ],
        ],
        harmless: [
            "what are the signs of a stroke", "my gran had a stroke ten years ago", "book a blood test",
            "the film where she is gasping for air", "the audience was gasping at the end of the film",
            "is there a leaflet about strokes", "good morning",
            "can I change my appointment", "he came up for air after the exam", "I need a sick note",
            "my lips are dry", "which arm is the jab for", "the printer is gasping for ink",
        ])
    private static let families = [
        SafetyFamily(
            id: "breathing", level: .emergency, phrases: ["not breathing"],
            hints: ["gasping", "lips ... blue"]),
        SafetyFamily(id: "stroke", level: .emergency, hints: ["stroke"]),
    ]

    private func floor(ignoresOthers: Bool = false, examples: DangerModel.Examples = examples) -> SafetyFloor
    {
        SafetyFloor(
            families: Self.families, ignoresOthers: ignoresOthers, model: DangerModel(examples))
    }

    @Test func `a hint counts where the message is like the examples of danger`() {
        #expect(floor().check("my boy is gasping, his lips are blue")?.level == .emergency)
        #expect(floor().check("is there a leaflet about a stroke for my gran") == nil)
        #expect(floor().check("the printer is gasping again, any ink?") == nil)
    }

    @Test func `without examples every hint counts`() {
        let floor = SafetyFloor(families: Self.families)
        #expect(floor.check("the whole audience was gasping")?.family == "breathing")
        #expect(self.floor().check("the whole audience was gasping for more of the film") == nil)
    }

    @Test(arguments: [
        DangerModel.Examples(), .init(danger: ["stroke": ["face has dropped"]]), .init(harmless: ["hi"]),
    ])
    func `nothing is learnt without lines of both kinds`(_ examples: DangerModel.Examples) {
        #expect(DangerModel(examples) == nil)
    }

    @Test func `where no phrase is heard the number is shown, by the family whose examples are nearest`() {
        #expect(
            floor().check("mum's face has slid down on one side")
                == SafetyFinding(level: .possible, family: "stroke", span: 0..<36))
    }

    @Test(arguments: ["good morning", "book a blood test for my gran", "", " ", "👍", "xyzzy"])
    func `harmless messages stay harmless`(_ text: String) { #expect(floor().check(text) == nil) }

    @Test func `what a phrase found is never taken back`() {
        let harmless = DangerModel.Examples(
            danger: Self.examples.danger, harmless: Self.examples.harmless + ["he is not breathing"])
        #expect(floor(examples: harmless).check("he is not breathing")?.level == .emergency)
    }

    @Test func `examples do not speak for those who write about other people all day`() {
        #expect(floor(ignoresOthers: true).check("mum's face has slid down on one side") == nil)
    }

    @Test func `danger is found at the end of a very long message`() {
        let chatter = String(repeating: "Good morning, can I change my appointment? ", count: 2_000)
        #expect(floor().check(chatter) == nil)
        #expect(floor().check(chatter + "Her face has dropped on one side.")?.family == "stroke")
    }

    @Test func `the same examples give the same findings, in whatever order families are kept`() {
        let texts = Self.examples.danger.values.joined() + Self.examples.harmless
        let (first, second) = (floor(), floor())
        for text in texts { #expect(first.check(text) == second.check(text)) }
    }
}
