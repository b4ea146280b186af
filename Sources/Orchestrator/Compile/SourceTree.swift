// SPDX-License-Identifier: Apache-2.0
package import Diagnostics
import Foundation
import Glibc

/// The files of one configuration as they were read at one moment.
package struct SourceTree: Sendable {
    /// YAML files, sorted by path.
    package var files: [TreeFile]
    /// Texts that knowledge sets may name, and keys that issuers may name, sorted by path.
    package var texts: [TreeFile]
    /// What could not be read.
    package var diagnostics: [Diagnostic]

    /// True for the YAML files of an earlier revision: its knowledge texts were not kept, so its sets are not read.
    package var isRevision = false

    /// A tree of these files, sorted here.
    package init(_ files: [TreeFile], diagnostics: [Diagnostic] = []) {
        let sorted = files.sorted { $0.path < $1.path }
        self.files = sorted.filter(\.isYAML)
        texts = sorted.filter { !$0.isYAML }
        self.diagnostics = diagnostics
    }

    /// SHA-256 over the paths and contents of all files, hexadecimal.
    package var digest: String {
        sha256(Array((files + texts).map { $0.path + $0.digest }.joined(separator: "\n").utf8))
    }
}

/// Reads a folder and its sub-folders.
///
/// Only regular files inside the folder are opened: a FIFO would block the server, and a link out of the tree
/// would let whoever edits it read anything.
package struct TreeReader {
    /// The folder's path on disk, absolute.
    package let root: String
    /// What it is called in messages: its last part.
    package let name: String
    /// The largest file that is read, in bytes.
    static let maxFileBytes = 4 << 20
    /// More files than this are not a configuration but a mistake, such as a link to a home folder.
    static let maxFiles = 10_000

    /// The preset read in place of `server.yaml`; nil reads the tree as it is.
    package var preset: String?

    /// A reader of that folder; a relative path starts at the working directory.
    package init(root: String, preset: String? = nil) {
        self.preset = preset
        let path = root.path(in: FileManager.default.currentDirectoryPath)
        self.root = URL(fileURLWithPath: path).standardized.path
        name = URL(fileURLWithPath: self.root).lastPathComponent
    }

    /// The folder that holds the tree: where relative paths and `.env` begin.
    package var base: String { URL(fileURLWithPath: root).deletingLastPathComponent().path }

    /// Reads all files; what is refused is among the diagnostics.
    package func read() -> SourceTree {
        var walk = Walk(root: root, name: name, real: Self.realPath(root) ?? root, preset: preset)
        walk.enter("")
        if let preset {
            walk.visit("/presets/\(preset).yaml")
            walk.visit("/presets/\(preset)")
        }
        return SourceTree(walk.files, diagnostics: walk.diagnostics)
    }

    /// The presets of the tree, sorted: `presets/NAME.yaml`.
    package var presets: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: root + "/presets")) ?? []
        return files.filter { $0.hasSuffix(".yaml") && !$0.hasPrefix(".") }.map { String($0.dropLast(5)) }
            .sorted()
    }

    /// The path of the server file, as people know it.
    package var serverFile: String { name + (preset.map { "/presets/\($0).yaml" } ?? "/server.yaml") }

    fileprivate static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private struct Walk {
        let root: String
        let name: String
        let real: String
        let preset: String?
        var files: [TreeFile] = []
        var diagnostics: [Diagnostic] = []

        mutating func enter(_ folder: String) {
            guard let handle = opendir(root + folder) else {
                refuse(folder, "the folder cannot be read: \(String(cString: strerror(errno)))")
                return
            }
            defer { closedir(handle) }
            while let entry = readdir(handle) {
                let file = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if !isIgnored(file, in: folder) { visit(folder + "/" + file) }
            }
        }

        // Hidden files, and what editors leave beside a file while they save it; other trees inside this one.
        private func isIgnored(_ file: String, in folder: String) -> Bool {
            if preset != nil, folder.isEmpty, file == "server.yaml" { return true }
            return file.hasPrefix(".") || file.hasPrefix("#") || file.hasSuffix("~")
                || (folder.isEmpty && (file == "examples" || file == "presets"))
        }

        mutating func visit(_ path: String) {
            var status = stat()
            // It may be gone since it was listed, or be a dangling link.
            guard stat(root + path, &status) == 0 else { return }
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            let extensions = [".yaml", ".yml", ".md", ".txt", ".pem", ".json"]
            guard isFolder || extensions.contains(where: path.hasSuffix) else { return }
            guard let resolved = TreeReader.realPath(root + path), resolved.hasPrefix(real + "/") else {
                return refuse(path, "is a link that leads out of \(name)/", help: "put the file itself there")
            }
            if isFolder { return isOwnLoop(resolved, path) ? () : enter(path) }
            guard status.st_mode & S_IFMT == S_IFREG else {
                return refuse(path, "is not a regular file", help: "remove it")
            }
            guard files.count < TreeReader.maxFiles else { return }
            read(path, size: Int(status.st_size))
        }

        // A link to a folder above would be walked for ever.
        private func isOwnLoop(_ resolved: String, _ path: String) -> Bool { resolved != real + path }

        private mutating func read(_ path: String, size: Int) {
            guard size <= TreeReader.maxFileBytes else {
                return refuse(
                    path, "is larger than \(TreeReader.maxFileBytes >> 20) MiB",
                    help: "split it into several files")
            }
            guard let data = FileManager.default.contents(atPath: root + path) else {
                return refuse(path, "cannot be read", help: "check the permissions of the file")
            }
            files.append(TreeFile(path: name + path, bytes: Array(data)))
        }

        private mutating func refuse(_ path: String, _ why: String, help: String? = nil) {
            diagnostics.append(
                Diagnostic(
                    code: "file-refused", at: .top(of: name + path), "'\(name + path)' \(why)", help: help))
        }
    }
}

extension CompileResult {
    /// What is wrong with a preset: errors anywhere, everything in its own files.
    ///
    /// A variable that is not set is no fault of a preset that is not in use, and what only the other server file uses is
    /// no fault of the tree.
    package func ofPreset(_ reader: TreeReader) -> [Diagnostic] {
        let own = reader.preset.map { reader.name + "/presets/" + $0 } ?? ""
        return diagnostics.compactMap { finding in
            let isOwn = finding.range.file == own + ".yaml" || finding.range.file.hasPrefix(own + "/")
            guard isOwn || finding.severity == .error else { return nil }
            guard finding.code == "env-unset" else { return finding }
            var note = finding
            note.severity = .note
            return note
        }
    }
}
