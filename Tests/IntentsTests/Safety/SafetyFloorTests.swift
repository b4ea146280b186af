// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Intents

struct SafetyFloorTests {
    private let floor = SafetyFloor(families: MedicalFamilies.all)

    @Test func `a span counts scalars of the original`() {
        let finding = floor.check("🚑 Ché! I have chest pain now")
        #expect(finding == SafetyFinding(level: .emergency, family: "cardiac", span: 14..<24))
    }

    @Test func `an emergency wins over an earlier possible one`() {
        let finding = floor.check("it is an emergency. he is unconscious")
        #expect(finding?.family == "unresponsive")
    }

    @Test func `the earliest of two emergencies is reported`() {
        #expect(floor.check("unconscious after chest pain")?.family == "unresponsive")
        #expect(floor.check("chest pain and now unconscious")?.family == "cardiac")
    }

    @Test func `combinations do not reach across sentences`() {
        #expect(floor.check("The box is tight. I have a chest of drawers.") == nil)
        #expect(floor.check("My breastbone feels tight.") != nil)
    }

    @Test(arguments: [
        "I have severe chest\npain", "chest\r\npain", "my breastbone\nfeels tight", "hello\nchest pain",
    ])
    func `a line break does not hide an emergency`(_ text: String) {
        #expect(floor.check(text)?.family == "cardiac")
    }

    @Test func `a line break ends what a negation reaches, an empty line a sentence`() {
        #expect(floor.check("no fever\nchest pain") != nil)
        #expect(floor.check("The box is tight\n\nI have a chest of drawers") == nil)
    }

    @Test func `a family may have patterns and they obey the scopes`() throws {
        let family = SafetyFamily(id: "code", level: .emergency, patterns: [try Pattern(#"code (blue|red)"#)])
        let floor = SafetyFloor(families: [family])
        #expect(floor.check("ward 3: code blue")?.span == 8..<17)
        #expect(floor.check("no code blue") == nil)
    }

    @Test(arguments: [
        "show me patients with chest pain", "list patients with urgent flags and chest pain",
        "which patients had a stroke",
        "my patient has chest pain", "I have a patient with chest pain",
        "add diagnosis heart attack for John Smith",
        "chest pain patients", "I need to see patients with chest pain", "John has chest pain",
    ])
    func `statements about others are let through for professionals`(_ text: String) {
        let professional = SafetyFloor(families: MedicalFamilies.all, ignoresOthers: true)
        #expect(professional.check(text) == nil, "\(text)")
    }

    @Test(arguments: ["my patient has chest pain", "John has chest pain", "I have a patient with chest pain"])
    func `what anybody says of another alarms`(_ text: String) {
        #expect(floor.check(text)?.level == .emergency, "\(text)")
    }

    @Test(arguments: [
        "I have chest pain", "I'm having chest pain", "my chest hurts", "I can't breathe", "can't breathe",
        "show me today's schedule, I have chest pain", "my patient left and I have chest pain",
        "I want to kill myself",
    ])
    func `statements about oneself alarm for professionals too`(_ text: String) {
        let professional = SafetyFloor(families: MedicalFamilies.all, ignoresOthers: true)
        #expect(professional.check(text) != nil, "\(text)")
    }

    @Test func `no family finds nothing`() {
        #expect(SafetyFloor(families: []).check("chest pain") == nil)
    }

    @Test(arguments: [
        "a", "\u{301}", "\u{0}", "👨‍👩‍👧", "chest pain patients ", "no chest ", "what is chest pain ", "'", "..",
        "ß",
    ])
    func `a hostile megabyte is checked without trap and in linear time`(_ unit: String) {
        let text = String(repeating: unit, count: 400_000 / unit.utf8.count)
        let professional = SafetyFloor(families: MedicalFamilies.all, ignoresOthers: true)
        _ = professional.check(text)
        _ = floor.check(text)
    }

    @Test func `every cut of a sentence is safe and spans stay inside`() {
        let scalars = Array(
            "no — I can’t bre\u{200B}athe, “chest pain”! é\u{301}\u{0}🚑 won't wake up…".unicodeScalars)
        for start in scalars.indices {
            for end in start...scalars.count {
                var text = String.UnicodeScalarView()
                text.append(contentsOf: scalars[start..<end])
                guard let span = floor.check(String(text))?.span else { continue }
                #expect(span.lowerBound >= 0 && span.upperBound <= end - start && !span.isEmpty)
            }
        }
    }

    @Test func `random text never traps`() {
        var random = SplitMix(seed: 7)
        let words = [
            "no", "chest", "pain", "i", "'ll", "…", "\u{202E}", "not", "stroke", "ago", "2", "years", ",",
            "?", "in", "2019",
        ]
        for _ in 0..<2_000 {
            let text = (0..<random.below(14)).map { _ in words[random.below(words.count)] }.joined(
                separator: " ")
            if let span = floor.check(text)?.span { #expect(span.upperBound <= text.unicodeScalars.count) }
        }
    }
}
