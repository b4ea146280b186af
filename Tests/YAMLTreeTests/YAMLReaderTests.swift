// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import Testing
import YAMLTree

struct YAMLReaderTests {
    private func read(_ text: String, limits: YAMLLimits = .init()) -> (
        root: YAMLNode?, diagnostics: [Diagnostic]
    ) {
        YAMLReader.read(Array(text.utf8), file: "a.yaml", limits: limits)
    }

    /// `line:column-line:column` of a range.
    private func place(_ node: YAMLNode?) -> String {
        guard let range = node?.range else { return "none" }
        return "\(range.start.line):\(range.start.column)-\(range.end.line):\(range.end.column)"
    }

    private func findings(_ text: String) -> [String] { read(text).diagnostics.map(line) }

    private func line(_ diagnostic: Diagnostic) -> String {
        let start = diagnostic.range.start
        return "\(start.line):\(start.column) \(diagnostic.code): \(diagnostic.message)"
    }

    @Test func `scalars stay text with their style and place`() throws {
        let root = try #require(read("a: no\nb: 'x'\nc: \"y\\n\"\nd: |\n  z\ne: >\n  z\n").root)
        #expect(root["a"]?.content == .scalar("no", .plain))
        #expect(root["b"]?.content == .scalar("x", .singleQuoted))
        #expect(root["c"]?.content == .scalar("y\n", .doubleQuoted))
        #expect(root["d"]?.content == .scalar("z\n", .literal))
        #expect(root["e"]?.content == .scalar("z\n", .folded))
        #expect([place(root["a"]), place(root["b"]), place(root["c"])] == ["1:4-1:6", "2:4-2:7", "3:4-3:9"])
    }

    @Test func `columns count Unicode scalars and lines count CR LF and CR once`() throws {
        let root = try #require(read("e\u{301}🙂: x\r\nb: y\rc: z").root)
        #expect(place(root["e\u{301}🙂"]) == "1:6-1:7")
        #expect([place(root["b"]), place(root["c"])] == ["2:4-2:5", "3:4-3:5"])
    }

    @Test func `a byte order mark moves nothing`() throws {
        let result = read("\u{FEFF}a: b")
        #expect(place(result.root?["a"]) == "1:4-1:5")
        #expect(result.diagnostics == [])
    }

    @Test func `collections end where their last value ends`() throws {
        let root = try #require(read("a:\n  - x\n  - { b: c }\n\n# end\nd: e\n").root)
        #expect(place(root["a"]) == "2:3-3:13")
        #expect(place(root["a"]?.items?[1]) == "3:5-3:13")
        #expect(place(root) == "1:1-6:5")
    }

    @Test func `an absent value is empty and stands behind the colon`() throws {
        let root = try #require(read("a:\nb: c").root)
        #expect(root["a"]?.content == .scalar("", .plain))
        #expect(place(root["a"]) == "1:3-1:3")
    }

    @Test func `keys keep their order`() {
        #expect(read("z: 1\na: 2\nm: 3").root?.entries?.compactMap(\.key.text) == ["z", "a", "m"])
    }

    @Test func `an alias repeats its value at the place of the anchor`() throws {
        let result = read("a: &x hello\nb: *x\n")
        #expect(result.root?["b"]?.content == .scalar("hello", .plain))
        #expect(place(result.root?["b"]) == "1:7-1:12")
        #expect(result.diagnostics == [])
    }

    @Test func `what is not allowed is reported and left out`() {
        #expect(
            findings("a: 1\n<<: { b: 2 }\na: 3\n[x]: 4\ne: !t f\ng: &h i\n") == [
                "2:1 yaml-merge-key: '<<' would merge another map in here, which is not supported",
                "3:1 yaml-duplicate-key: the key 'a' is here twice",
                "4:1 yaml-key-not-text: a key is a text, not a list or a map",
                "5:4 yaml-tag: '!t' is read as a tag, and tags are not used here",
                "6:4 yaml-anchor-unused: nothing uses the anchor '&h'",
            ])
        let result = read("a: 1\na: 2\n")
        #expect(result.root?["a"]?.text == "1")
        #expect(result.root?.entries?.count == 1)
        #expect(result.diagnostics.first?.related.map(\.range.start) == [SourcePosition(line: 1, column: 1)])
        #expect(
            findings("a: !!str b") == ["1:4 yaml-tag: '!!str' is read as a tag, and tags are not used here"])
        #expect(findings("a: {{ b }}") == ["1:5 yaml-key-not-text: '{{ }}' is read as a map inside a map"])
        #expect(findings("'<<': a") == [])
    }

    @Test(arguments: ["", "\n", "# only a comment\n", "---\n", "\u{FEFF}"])
    func `a file without a value is empty`(text: String) {
        #expect(findings(text) == ["1:1 yaml-empty: this file is empty"])
        #expect(read(text).root == nil)
    }

    @Test func `one file holds one document`() {
        #expect(
            findings("a: b\n---\nc: d") == [
                "2:1 yaml-documents: a second document begins here; a file holds one"
            ])
        #expect(findings("---\na: b\n...\n") == [])
    }

    @Test func `aliases cannot blow up, loop or dangle`() {
        let lines = (1...20).map {
            "a\($0): &a\($0) [" + Array(repeating: "*a\($0 - 1)", count: 10).joined(separator: ",") + "]"
        }
        #expect(
            findings("a0: &a0 lol\n" + lines.joined(separator: "\n")) == [
                "4:38 yaml-alias-limit: with '*a2', aliases repeat more than 1000 values"
            ])
        #expect(
            findings("a: &a 1\nb: [" + String(repeating: "*a,", count: 1_000_000) + "]") == [
                "2:3005 yaml-alias-limit: with '*a', aliases repeat more than 1000 values"
            ])
        #expect(
            findings("a: &a [*a]") == ["1:8 yaml-alias-loop: '*a' stands inside the very value it repeats"])
        #expect(
            findings("a: *b") == ["1:4 yaml-alias-unknown: '*b' repeats a value that no '&b' above names"])
    }

    @Test func `aliases count towards the depth`() {
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        #expect(
            findings(
                "a: &a \(deep)\nb: \(String(repeating: "[", count: 30))*a\(String(repeating: "]", count: 30))"
            ) == [
                "2:34 yaml-depth: lists and maps stand inside each other more than 64 deep"
            ])
    }

    @Test func `depth, size and number of values are limited`() {
        let deep = "yaml-depth: lists and maps stand inside each other more than 64 deep"
        #expect(findings(String(repeating: "[", count: 10_000)) == ["1:65 " + deep])
        #expect(findings(String(repeating: "- ", count: 10_000)) == ["1:129 " + deep])
        #expect(findings(String(repeating: "{a: ", count: 10_000)) == ["1:257 " + deep])
        #expect(
            findings("a: " + String(repeating: "x", count: 10_485_760)) == [
                "1:1 yaml-size: this file has 10485763 bytes; the limit is 4194304"
            ])
        #expect(
            read((1...20).map { "k\($0): v\n" }.joined(), limits: YAMLLimits(nodes: 21)).diagnostics.map(line)
                == [
                    "11:1 yaml-node-limit: this file holds more than 21 keys and values"
                ])
    }

    @Test func `a file of repeated keys is reported a hundred times at most`() {
        #expect(read(String(repeating: "a:\n", count: 10_000)).diagnostics.count == 100)
    }

    @Test(
        arguments: [
            (
                [0xFF, 0xFE, 0x61, 0x00],
                "1:1 yaml-encoding: this file is written in UTF-16; only UTF-8 is read"
            ),
            (
                [0xFE, 0xFF, 0x00, 0x61],
                "1:1 yaml-encoding: this file is written in UTF-16; only UTF-8 is read"
            ),
            (
                [0x61, 0x00, 0x3A, 0x00],
                "1:1 yaml-encoding: this file is written in UTF-16; only UTF-8 is read"
            ),
            (
                [0x00, 0x61, 0x00, 0x3A],
                "1:1 yaml-encoding: this file is written in UTF-16; only UTF-8 is read"
            ),
            (
                [0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0],
                "1:1 yaml-encoding: this file is written in UTF-32; only UTF-8 is read"
            ),
            (
                [0x61, 0, 0, 0, 0x3A, 0, 0, 0],
                "1:1 yaml-encoding: this file is written in UTF-32; only UTF-8 is read"
            ),
            (
                [0x61, 0x3A, 0x20, 0x62, 0x0A, 0xC3, 0xA9, 0xC3, 0x28],
                "2:2 yaml-utf8: the byte C3 here is not UTF-8 text"
            ),
            ([0x61, 0x3A, 0x20, 0xC0, 0xAF], "1:4 yaml-utf8: the byte C0 here is not UTF-8 text"),
            ([0x61, 0x3A, 0x20, 0xED, 0xA0, 0x80], "1:4 yaml-utf8: the byte ED here is not UTF-8 text"),
            ([0x61, 0x3A, 0x20, 0xE2, 0x82], "1:4 yaml-utf8: the byte E2 here is not UTF-8 text"),
            (
                [0x61, 0x3A, 0x20, 0x62, 0x00],
                "1:5 yaml-control-character: there is a NUL character here, so this is no text file"
            ),
            (
                [0x61, 0x3A, 0x20, 0x1B],
                "1:4 yaml-control-character: there is an invisible control character here (U+001B)"
            ),
            (
                [0x61, 0x3A, 0x20, 0xE2, 0x80, 0xA8],
                "1:4 yaml-control-character: there is an invisible line separator here (U+2028)"
            ),
        ] as [([UInt8], String)])
    func `bytes that are not UTF-8 text are refused with their place`(bytes: [UInt8], expected: String) {
        let result = YAMLReader.read(bytes, file: "a.yaml")
        #expect(result.root == nil)
        #expect(result.diagnostics.map(line) == [expected])
    }

    private func checkTraps(_ root: YAMLNode, _ text: String) {
        let traps = YAMLTraps.check(root, text)
        #expect(traps == traps.sorted())
        let lists = [root] + (root.items ?? []) + (root.entries ?? []).map(\.value)
        for list in lists { _ = YAMLTraps.flowTextTrap(sequence: list, source: text) }
    }

    @Test func `random bytes never trap and always end in a tree or one finding`() {
        var generator = Xorshift(state: 0x9E37_79B9_7F4A_7C15)
        let pieces = [
            "a", ": ", ":", "- ", "-", "\n", "\n  ", "\t", "[", "]", "{", "}", ",", "\"", "'", "|", ">",
            "&a ", "*a", "!t ",
            "? ", "#", " #", "%", "@", "`", "${x}", "[a](b)", "\\d", "---\n", "...\n", "<<", "\r\n", "é", "漢",
            "\u{0}", "\\",
        ]
        for _ in 0..<(ProcessInfo.processInfo.environment["FUZZ"].flatMap(Int.init) ?? 3_000) {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0..<24, using: &generator) {
                if Int.random(in: 0..<24, using: &generator) == 0 {
                    bytes.append(UInt8.random(in: 0...255, using: &generator))
                } else if let piece = pieces.randomElement(using: &generator) {
                    bytes += Array(piece.utf8)
                }
            }
            let result = YAMLReader.read(bytes, file: "a.yaml")
            if result.root == nil { #expect(result.diagnostics.count == 1, "\(bytes)") }
            if let root = result.root { checkTraps(root, String(decoding: bytes, as: UTF8.self)) }
            let renderer = DiagnosticRenderer(sources: [SourceText(file: "a.yaml", bytes: bytes)])
            #expect(renderer.text(result.diagnostics).isEmpty == result.diagnostics.isEmpty)
        }
    }
}

/// A small seeded generator, so that a failing input comes back.
struct Xorshift: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
