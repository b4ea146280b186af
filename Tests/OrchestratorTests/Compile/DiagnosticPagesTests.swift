// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Every code has a page `docs/codes/<code>.md` that shows what it looks like.
struct DiagnosticPagesTests {
    private let repository = URL(filePath: FixtureTree.root).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// Codes that no fixture can bring about; tests of their own do.
    private static let withoutFixture: Set<String> = ["channel-role", "file-refused", "server-missing"]

    private var codesOfFixtures: Set<String> {
        let texts = InvalidTree.all.compactMap(\.expected)
        return Set(
            texts.flatMap {
                $0.matches(of: #/: (?:error|warning|note)\[([a-z0-9-]+)\]: /#).map { String($0.1) }
            })
    }

    private var codesOfSources: Set<String> {
        let folders = ["Config", "Compile", "Reload", "Runtime"].map {
            "\(repository)/Sources/Orchestrator/\($0)"
        }
        let files = folders.flatMap { folder in
            (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).map {
                folder + "/" + $0
            }
        }
        let text = files.filter { $0.hasSuffix(".swift") }.map {
            String(decoding: FixtureTree.bytes($0), as: UTF8.self)
        }.joined()
        return Set(
            text.matches(of: #/(?:report|error|warning|code:)\(?\s*"([a-z]+(?:-[a-z]+)+)"/#).map {
                String($0.1)
            })
    }

    private var pages: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: repository + "/docs/codes")) ?? [])
            .filter { $0.hasSuffix(".md") && !$0.hasPrefix("yaml-") }.map { String($0.dropLast(3)) }
    }

    @Test func `every code has a page and every page a code`() {
        let codes = codesOfFixtures.union(codesOfSources).filter { !$0.hasPrefix("yaml-") }
        #expect(codes.subtracting(pages).sorted() == [])
        #expect(Set(pages).subtracting(codes).sorted() == [])
    }

    @Test func `every code has a fixture or a test of its own`() {
        let codes = Set(pages).subtracting(codesOfFixtures).subtracting(Self.withoutFixture)
        #expect(codes.filter { !Self.ofReload.contains($0) }.sorted() == [])
    }

    /// Codes of the running server, tested with it.
    private static let ofReload: Set<String> = [
        "admin-weak", "host-remote", "listener-refused", "read-only", "restart-needed", "secret-weak",
        "tls-expired",
        "tls-unusable",
    ]

    @Test func `a page shows a finding as its golden file has it`() {
        let golden = InvalidTree.all.compactMap(\.expected).joined()
        for page in pages {
            let text = String(
                decoding: FixtureTree.bytes("\(repository)/docs/codes/\(page).md"), as: UTF8.self)
            #expect(text.hasPrefix("# \(page)\n"))
            guard let example = text.firstMatch(of: #/```text\n([^`]*)\n```/#) else { continue }
            #expect(golden.contains(String(example.1) + "\n"), "\(page)")
        }
    }
}
