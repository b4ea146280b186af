// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Testing
import YAMLTree

struct YAMLTrapsTests {
    @Test func `silent traps are explained as the golden file says`() throws {
        let golden = try GoldenFile(named: "traps.txt")
        let actual = try golden.cases.map { example in
            let result = YAMLReader.read(Array(example.input.utf8), file: "bots/a.yaml")
            #expect(result.diagnostics == [], "\(example.name)")
            return example.rendered(YAMLTraps.check(try #require(result.root), example.input))
        }
        try golden.check(actual)
    }

    @Test func `lists of human text in brackets are explained as the golden file says`() throws {
        let golden = try GoldenFile(named: "flow-text.txt")
        let actual = try golden.cases.map { example in
            let root = try #require(YAMLReader.read(Array(example.input.utf8), file: "bots/a.yaml").root)
            let list = try #require(root["a"])
            return example.rendered(
                YAMLTraps.flowTextTrap(sequence: list, source: example.input).map { [$0] } ?? [])
        }
        try golden.check(actual)
    }

    @Test func `a map in brackets may have an anchor`() throws {
        let text = "a: &pair { left: \"1\", right: 2 }\nb: *pair"
        let root = try #require(YAMLReader.read(Array(text.utf8), file: "a.yaml").root)
        #expect(YAMLTraps.check(root, text) == [])
    }

    @Test func `a byte order mark in the source moves nothing`() throws {
        let text = "\u{FEFF}a: \"\\b\""
        let root = try #require(YAMLReader.read(Array(text.utf8), file: "a.yaml").root)
        #expect(YAMLTraps.check(root, text).map(\.range.start) == [SourcePosition(line: 1, column: 5)])
    }
}
