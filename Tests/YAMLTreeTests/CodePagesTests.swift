// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import Testing
import YAMLTree

struct CodePagesTests {
    private let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func findings(_ yaml: String) -> [String] {
        let result = YAMLReader.read(Array(yaml.utf8), file: "a.yaml")
        let traps = result.root.map { YAMLTraps.check($0, yaml) } ?? []
        return (result.diagnostics + traps).map(\.code)
    }

    private func text(_ url: URL) throws -> String {
        try String(decoding: Data(contentsOf: url), as: UTF8.self)
    }

    @Test func `every code has a page and every page a code`() throws {
        let folder = repository.appending(path: "Sources/YAMLTree")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let sources = try files.map(text).joined()
        let codes = Set(sources.matches(of: /"(yaml-[a-z0-9-]+)"/).map { String($0.1) })
        let pages = try FileManager.default.contentsOfDirectory(atPath: repository.path + "/docs/codes")
            .filter { $0.hasPrefix("yaml-") }.map { String($0.dropLast(3)) }
        #expect(codes == Set(pages))
    }

    @Test func `the example of a page yields its code and the fix yields nothing`() throws {
        let folder = repository.path + "/docs/codes"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
            $0.hasPrefix("yaml-")
        }
        for name in names {
            let page = try text(URL(filePath: folder).appending(path: name))
            #expect(page.hasPrefix("# \(name.dropLast(3))\n"))
            guard page.contains("## Example") else { continue }
            let blocks = page.components(separatedBy: "```yaml\n").dropFirst()
                .map { $0.components(separatedBy: "\n```")[0] }
            try #require(blocks.count == 2, "\(name)")
            #expect(findings(blocks[0]) == [String(name.dropLast(3))], "\(name)")
            #expect(findings(blocks[1]) == [], "\(name)")
        }
    }
}
