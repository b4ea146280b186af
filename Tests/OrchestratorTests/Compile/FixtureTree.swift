// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import Orchestrator

/// A tree in memory that begins as the files under `Tests/Fixtures/bots/base` and is changed by a test.
struct FixtureTree {
    /// `Tests/Fixtures/bots` of this package.
    static let root =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/Fixtures/bots"

    static let base = FixtureTree(folder: root + "/base")

    var files: [TreeFile]
    var environment = EnvironmentValues([
        "JWT_SECRET": "0123456789abcdef0123456789abcdef", "OTHER_SECRET": "fedcba9876543210fedcba9876543210",
        "WORDS": "one, two",
    ])

    /// The configuration in a folder on disk.
    init(folder: String) {
        files = TreeReader(root: folder).read().files + TreeReader(root: folder).read().texts
        files = files.map {
            TreeFile(
                path: "bots/" + $0.path.split(separator: "/").dropFirst().joined(separator: "/"),
                bytes: $0.bytes)
        }
    }

    static func bytes(_ path: String) -> [UInt8] {
        Array(FileManager.default.contents(atPath: path) ?? Data())
    }

    /// Puts a file in the place of the one with the same kind and id, or of the one that its first line names
    /// (`# in place of bots/desk.yaml`), else beside the others.
    mutating func put(_ bytes: [UInt8], as name: String) {
        let head = "# in place of "
        let first = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        if first.hasPrefix(head) { return set(String(first.dropFirst(head.count)), bytes) }
        if let identity = Self.identity(bytes),
            let place = files.firstIndex(where: { Self.identity($0.bytes) == identity })
        {
            files[place] = TreeFile(path: files[place].path, bytes: bytes)
        } else {
            files.append(TreeFile(path: "bots/\(name).yaml", bytes: bytes))
        }
    }

    /// Puts a file at a path.
    mutating func set(_ path: String, _ bytes: [UInt8]) {
        files.removeAll { $0.path == path }
        files.append(TreeFile(path: path, bytes: bytes))
    }

    // Told by the text, as a file with a mistake may have no tree.
    private static func identity(_ bytes: [UInt8]) -> String? {
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\n")
        guard let kind = lines.first(where: { $0.hasPrefix("kind: ") }) else { return nil }
        return kind + (lines.first { $0.hasPrefix("id: ") } ?? "")
    }

    func compiled(by compiler: SnapshotCompiler = SnapshotCompiler()) -> CompileResult {
        compiler.compile(SourceTree(files), environment: environment, fits: false)
    }

    func rendered() throws -> String {
        let result = compiled()
        let renderer = DiagnosticRenderer(
            sources: result.sources.map { SourceText(file: $0.key, text: $0.value) })
        return renderer.text(result.diagnostics)
    }
}
