// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Intents

struct MarkedExampleTests {
    @Test func `mark-up becomes text and marks`() throws {
        let example = try MarkedExample.parse("see a [heart doctor](specialty:cardiology) [next week](when)")
        #expect(example.text == "see a heart doctor next week")
        #expect(
            example.marks == [
                .init(span: 6..<18, entity: "specialty", value: "cardiology"),
                .init(span: 19..<28, entity: "when", value: nil),
            ])
    }

    @Test func `spans count scalars`() throws {
        #expect(try MarkedExample.parse("👨‍👩‍👧 [é\u{301}](x)").marks[0].span == 6..<8)
    }

    @Test func `brackets without a parenthesis are text`() throws {
        #expect(
            try MarkedExample.parse("press [enter] (twice)") == MarkedExample(text: "press [enter] (twice)"))
    }

    @Test(arguments: [
        ("a [b", MarkError(kind: .unclosedBracket, position: 2)),
        ("[b](c", MarkError(kind: .unclosedParenthesis, position: 3)),
        ("[](c)", MarkError(kind: .emptyText, position: 0)),
        ("[b]()", MarkError(kind: .emptyEntity, position: 3)),
    ])
    func `broken mark-up is an error with its place`(_ source: String, _ expected: MarkError) {
        #expect(throws: expected) { try MarkedExample.parse(source) }
    }
}
