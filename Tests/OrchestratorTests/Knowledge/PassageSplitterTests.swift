// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Orchestrator

@Suite struct PassageSplitterTests {
    @Test func `paragraphs of one section share a passage while they fit`() {
        let passages = split("# A\n\none\n\ntwo\n## B\nthree\n\n# C\n\n## D\n\nfour")
        #expect(passages.map(\.heading) == ["A", "A > B", "C > D"])
        #expect(passages.map(\.text) == ["one\n\ntwo", "three", "four"])
        #expect(passages.map(\.id) == ["f.md#1", "f.md#2", "f.md#3"])
    }

    @Test func `plain text has passages without a heading`() {
        let passages = split("one\r\nmore\r\n\r\ntwo")
        #expect(passages.map(\.text) == ["one\nmore\n\ntwo"])
        #expect(passages.map(\.heading) == [""])
    }

    @Test func `a hash inside a code block is no heading`() {
        #expect(split("# A\n\n```\n# not\n```\n").map(\.text) == ["```\n# not\n```"])
        #expect(split("#no heading either\n").map(\.text) == ["#no heading either"])
    }

    @Test func `long text is cut behind sentences into bounded passages`() {
        let sentence = "This sentence has exactly fifty characters in it. "
        let passages = split(String(repeating: sentence, count: 100))
        #expect(passages.count == 7)
        #expect(passages.allSatisfy { $0.text.count <= PassageSplitter.limit && $0.text.hasSuffix(".") })
        #expect(split(String(repeating: "x", count: 2000)).map(\.text.count) == [800, 800, 400])
    }

    @Test func `a section without words is no passage`() {
        #expect(split("# A\n\n---\n\n# B\n\n***\n") == [])
        #expect(split("") == [])
    }

    private func split(_ text: String) -> [KnowledgePassage] {
        PassageSplitter.passages(of: KnowledgeDocument(source: "f.md", text: text))
    }
}
