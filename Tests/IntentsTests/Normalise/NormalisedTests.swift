// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Intents

struct NormalisedTests {
    @Test(arguments: [
        ("Hello, World!", "hello world"), ("can't", "cant"), ("can’t", "cant"), ("cant", "cant"),
        ("I'll", "i ll"),
        ("José Müller", "jose muller"), ("Jose\u{301}", "jose"), ("br\u{200B}eathe", "breathe"),
        ("ＡＢＣ", "abc"),
        ("сhеst", "chest"), ("heeeelp", "heelp"), ("1000", "1000"), ("a—b", "a b"), ("𝐡𝐞𝐥𝐩", "help"),
        ("", ""),
        ("👍", ""), ("3.5 mg", "3 5 mg"), ("привет", "пpивeт"), ("x\u{0}y", "x y"), ("東京", "東京"),
    ])
    func `a text is folded`(_ text: String, _ expected: String) {
        #expect(normalised(text) == expected)
    }

    @Test func `words know where they stood`() {
        let text = FoldedText("🚑 I’ll, wa\u{301}it")
        #expect(text.words.map { $0.from..<$0.to } == [2..<3, 4..<6, 8..<13])
        #expect(text.words.map(\.cut) == [.none, .none, .soft])
        #expect(text.scalarCount == 13)
    }

    @Test(arguments: [
        ("chest", "chest", true), ("chest", "cheast", true), ("chest", "chst", true),
        ("chest", "cehst", true),
        ("chest", "chess", true), ("chest", "crust", false), ("chest", "ches", true), ("", "a", true),
        ("", "ab", false),
        ("ab", "ba", true), ("abc", "cba", false),
    ])
    func `one slip is recognised`(_ left: String, _ right: String, _ expected: Bool) {
        #expect(EditDistance.isAtMostOne(Array(left.utf8), Array(right.utf8)) == expected)
        #expect(EditDistance.isAtMostOne(Array(right.utf8), Array(left.utf8)) == expected)
    }

    @Test func `a growing index keeps every number`() {
        var index = HashIndex()
        for number in 0..<5_000 { index.insert(UInt64(number) &* 0x1_0000_0001, Int32(number)) }
        #expect((0..<5_000).allSatisfy { index.find(UInt64($0) &* 0x1_0000_0001) == Int32($0) })
        #expect(index.find(12_345_678) == -1)
    }
}
