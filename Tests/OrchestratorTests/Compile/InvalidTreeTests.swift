// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import Orchestrator
import Testing

/// Golden files: `Tests/Fixtures/bots/invalid/<code>[--variant].yaml` beside `.expected`.
///
/// `RECORD=1 swift test --filter InvalidTreeTests` rewrites the expected texts; the diff is reviewed like code.
struct InvalidTreeTests {
    @Test(arguments: InvalidTree.all)
    func `every mistake is explained as its golden file says`(tree: InvalidTree) throws {
        let text = try tree.rendered()
        if ProcessInfo.processInfo.environment["RECORD"] == "1" { try tree.record(text) }
        #expect(text == tree.expected)
    }

    @Test func `the tree that the fixtures change has no problems`() throws {
        #expect(try FixtureTree.base.rendered() == "")
    }

    @Test func `there are at least 150 golden files, each about the code it is named after`() throws {
        #expect(InvalidTree.all.count >= 150)
        for tree in InvalidTree.all {
            let code = tree.name.components(separatedBy: "--")[0]
            #expect(tree.expected?.contains("[\(code)]") == true, "\(tree.name)")
        }
    }
}

/// One fixture: a file that takes the place of a base file with the same kind and id, or joins the base tree.
struct InvalidTree: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]

    static let folder = FixtureTree.root + "/invalid"

    static let all: [InvalidTree] = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { $0.hasSuffix(".yaml") }.sorted()
        .map { InvalidTree(name: String($0.dropLast(5)), bytes: FixtureTree.bytes(folder + "/" + $0)) }

    var testDescription: String { name }

    private var expectedPath: String { "\(Self.folder)/\(name).expected" }

    var expected: String? {
        FileManager.default.contents(atPath: expectedPath).map { String(decoding: $0, as: UTF8.self) }
    }

    func record(_ text: String) throws { try Data(text.utf8).write(to: URL(filePath: expectedPath)) }

    func rendered() throws -> String {
        var tree = FixtureTree.base
        for (number, part) in parts.enumerated() {
            tree.put(part, as: number == 0 ? name : "\(name)-\(number + 1)")
        }
        return try tree.rendered()
    }

    /// A line `# and another file` begins a second file.
    var parts: [[UInt8]] {
        guard let text = String(validating: bytes, as: UTF8.self) else { return [bytes] }
        return text.components(separatedBy: "# and another file\n").map { Array($0.utf8) }
    }
}
