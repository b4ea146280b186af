// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import Orchestrator
import Testing
import YAMLTree

/// Every key of the language and every referenced name of the shipped trees, misspelt once, is caught where it
/// stands, and the right spelling is suggested for at least 95 % of them.
struct MisspellingTests {
    @Test(arguments: ShippedTree.all)
    func `a misspelt key or name is caught at its place with the right suggestion`(tree: ShippedTree)
        async throws
    {
        let words = tree.words()
        try #require(words.count > 100)
        let outcomes = await Misspelling.outcomes(of: words, in: tree.files)
        let missed = outcomes.filter { !$0.isCaught }
        let unexplained = outcomes.filter { $0.isCaught && !$0.isSuggested }
        let repeated = outcomes.filter { $0.count > 1 }
        let share = Double(unexplained.count) / Double(outcomes.count)
        #expect(missed.isEmpty, "\(missed.map(\.description).joined(separator: "\n"))")
        #expect(share <= 0.05, "\(unexplained.map(\.description).joined(separator: "\n"))")
        #expect(
            Double(repeated.count) / Double(outcomes.count) <= 0.05,
            "\(repeated.map(\.description).joined(separator: "\n"))")
        print(
            "\(tree.name): \(outcomes.count) misspelt, \(missed.count) missed, \(unexplained.count) without the right suggestion, \(repeated.count) reported more than once"
        )
    }
}

/// A tree of the repository.
struct ShippedTree: Sendable, CustomTestStringConvertible {
    let name: String
    let files: FixtureTree

    var testDescription: String { name }

    static let all: [ShippedTree] = {
        let bots =
            URL(filePath: FixtureTree.root).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path + "/bots"
        let examples = (try? FileManager.default.contentsOfDirectory(atPath: bots + "/examples")) ?? []
        let folders =
            [FixtureTree.root + "/base"] + (FileManager.default.fileExists(atPath: bots) ? [bots] : [])
            + examples.sorted().map { "\(bots)/examples/\($0)" }
        return folders.map { folder in
            var files = FixtureTree(folder: folder)
            files.environment = EnvironmentValues([
                "JWT_SECRET": "0123456789abcdef0123456789abcdef",
                "JWT_SECRET_KEY": "fedcba9876543210fedcba9876543210",
            ])
            return ShippedTree(
                name: folder.components(separatedBy: "/").suffix(2).joined(separator: "/"), files: files)
        }
    }()

    // Text folded over lines or with escapes stands elsewhere than its place says.
    private func isWritten(_ word: MeaningfulWord) -> Bool {
        guard let file = files.files.first(where: { $0.path == word.file }) else { return false }
        let line = SourceText(file: file.path, bytes: file.bytes).line(word.position.line) ?? ""
        return line.unicodeScalars.dropFirst(word.position.column - 1).starts(with: word.text.unicodeScalars)
    }

    /// One word for each place of the language and spelling; all of them with `EVERY=1`.
    func words() -> [MeaningfulWord] {
        let all = files.files.filter(\.isYAML)
        let roots = all.map { YAMLReader.read($0.bytes, file: $0.path).root }
        let used = Set(roots.flatMap { $0?["use"]?.items ?? [] }.compactMap(\.text))
        // What a library says that nobody uses is looked at when somebody does.
        let isInUse = roots.map { $0?["kind"]?.text != "library" || used.contains($0?["id"]?.text ?? "") }
        let yaml = zip(all, isInUse).filter(\.1).map(\.0)
        let walks = zip(yaml, zip(roots, isInUse).filter(\.1).map(\.0)).compactMap { file, root in
            root.flatMap { SchemaWalk($0, file: file.path) }
        }
        let declared = walks.reduce(into: Set<String>()) { $0.formUnion($1.declared) }
        let found =
            walks.flatMap { $0.words + $0.candidates.filter { declared.contains($0.text) } }
            + yaml.flatMap { SchemaWalk.wordsInText(SourceText(file: $0.path, bytes: $0.bytes)) }
            .filter { isWritten($0) }
        guard ProcessInfo.processInfo.environment["EVERY"] != "1" else { return found }
        var seen: Set<String> = []
        return found.filter { seen.insert("\($0.kind) \($0.place) \($0.text)").inserted }
    }
}

/// One word misspelt, and what the compiler said to it.
struct Misspelling: CustomStringConvertible, Sendable {
    let word: MeaningfulWord
    let written: String
    var isCaught = false
    var isSuggested = false
    var count = 0
    var said: [String] = []

    var description: String {
        "\(word.file):\(word.position.line):\(word.position.column) \(word.place) '\(word.text)' written '\(written)': \(said)"
    }

    static func outcomes(of words: [MeaningfulWord], in tree: FixtureTree) async -> [Misspelling] {
        let halves = [Array(words.prefix(words.count / 2)), Array(words.dropFirst(words.count / 2))]
        let known = Set(words.map(\.text))
        return await withTaskGroup(of: [Misspelling].self) { group in
            for half in halves { group.addTask { outcomes(of: half, known: known, in: tree) } }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }

    private static func outcomes(of words: [MeaningfulWord], known: Set<String>, in tree: FixtureTree)
        -> [Misspelling]
    {
        let compiler = SnapshotCompiler()
        let before = Set(tree.compiled(by: compiler).diagnostics)
        return words.compactMap { word in
            guard let written = slip(word.text, known: known) else { return nil }
            var outcome = Misspelling(word: word, written: written)
            let result = tree.replacing(word, by: written).compiled(by: compiler).diagnostics
            let errors = result.filter { $0.severity == .error && !before.contains($0) }
            let here = errors.filter { $0.range.file == word.file && $0.range.start == word.position }
            outcome.isCaught = !here.isEmpty
            outcome.isSuggested = here.contains {
                $0.help?.contains("'\(word.text)'") == true
                    || $0.help?.hasSuffix("write \(word.text)") == true
            }
            outcome.count = errors.count
            outcome.said = errors.map {
                "\($0.range.file):\($0.range.start.line):\($0.range.start.column) \($0.code) \($0.message) help: \($0.help ?? "")"
            }
            return outcome
        }
    }

    /// One slip of the fingers, the same on every run: two letters swapped, one left out, or one replaced.
    static func slip(_ text: String, known: Set<String>) -> String? {
        var letters = Array(text)
        let seed = text.utf8.reduce(7) { ($0 &* 31 &+ Int($1)) & 0xFFFF }
        let middle = 1 + seed % max(letters.count - 1, 1)
        var attempts: [String] = []
        if middle < letters.count, letters[middle] != letters[middle - 1] {
            letters.swapAt(middle, middle - 1)
            attempts.append(String(letters))
            letters.swapAt(middle, middle - 1)
        }
        if letters.count > 2 { attempts.append(String(letters[..<(middle - 1)] + letters[middle...])) }
        if letters.count > 1 {
            attempts.append(String(letters[..<(letters.count - 1)]) + (letters.last == "x" ? "y" : "x"))
        }
        let order = attempts.indices.map { attempts[($0 + seed / 7) % attempts.count] }
        return order.first { !known.contains($0) && $0.first?.isLetter == true }
    }
}

extension FixtureTree {
    /// The tree with one word written in another way.
    func replacing(_ word: MeaningfulWord, by written: String) -> FixtureTree {
        var tree = self
        guard let place = files.firstIndex(where: { $0.path == word.file }) else { return tree }
        var lines = String(decoding: files[place].bytes, as: UTF8.self).components(separatedBy: "\n")
        let line = Array(lines[word.position.line - 1].unicodeScalars)
        var text = String.UnicodeScalarView(line[..<(word.position.column - 1)])
        text.append(contentsOf: written.unicodeScalars)
        text.append(contentsOf: line[(word.position.column - 1 + word.text.unicodeScalars.count)...])
        lines[word.position.line - 1] = String(text)
        tree.files[place] = TreeFile(path: word.file, bytes: Array(lines.joined(separator: "\n").utf8))
        return tree
    }
}
