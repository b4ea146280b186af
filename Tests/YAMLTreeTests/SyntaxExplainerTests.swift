// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import Testing
import YAMLTree

struct SyntaxExplainerTests {
    @Test func `every slip is explained as the golden file says`() throws {
        let golden = try GoldenFile(named: "syntax.txt")
        let actual = golden.cases.map { example in
            let result = YAMLReader.read(Array(example.input.utf8), file: "bots/a.yaml")
            #expect(result.root == nil, "\(example.name) was read")
            #expect(result.diagnostics.count == 1, "\(example.name)")
            return example.rendered(result.diagnostics)
        }
        try golden.check(actual)
    }
}

/// Examples in one file: `=== name`, the input, `>>>`, the expected text; `RECORD=1` rewrites the expected texts.
struct GoldenFile {
    struct Example {
        let name: String
        let input: String
        let expected: String

        func rendered(_ diagnostics: [Diagnostic]) -> String {
            let renderer = DiagnosticRenderer(sources: [SourceText(file: "bots/a.yaml", text: input)])
            return diagnostics.map { renderer.text($0) }.joined()
        }
    }

    let url: URL
    let cases: [Example]

    init(named name: String) throws {
        url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
        let text = try String(decoding: Data(contentsOf: url), as: UTF8.self)
        cases = ("\n" + text).components(separatedBy: "\n=== ").dropFirst().map { block in
            let name = block.components(separatedBy: "\n")[0]
            let parts = block.dropFirst(name.count + 1).components(separatedBy: "\n>>>\n")
            return Example(name: name, input: parts[0], expected: parts.count > 1 ? parts[1] : "")
        }
    }

    func check(_ actual: [String]) throws {
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            let blocks = zip(cases, actual).map { "=== \($0.name)\n\($0.input)\n>>>\n\($1)" }
            try Data(blocks.joined(separator: "\n").utf8).write(to: url)
            return
        }
        for (example, text) in zip(cases, actual) {
            #expect(text == example.expected, "\(example.name)")
        }
    }
}
