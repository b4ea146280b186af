// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import Glibc
import Synchronization

/// A change of one file of the tree that the server makes itself: compiled first, written only when it is
/// taken, and swapped in behind that.
final class TreeEdit: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isUnwritable = false
    }

    /// The file's path in the tree, `overlays/live-chat-ai.yaml`.
    let path: String
    private let make: @Sendable (Snapshot) -> [UInt8]
    private let state = Mutex(State())

    /// An edit whose new text is made from what serves when its turn has come.
    init(path: String, make: @escaping @Sendable (Snapshot) -> [UInt8]) {
        self.path = path
        self.make = make
    }

    /// True when it could not be written.
    var isUnwritable: Bool { state.withLock(\.isUnwritable) }

    /// The tree as it will be.
    func applied(to tree: SourceTree, of reader: TreeReader, _ running: Snapshot) -> SourceTree {
        let bytes = make(running)
        state.withLock { $0.bytes = bytes }
        let name = reader.name + "/" + path
        let files =
            (tree.files + tree.texts).filter { $0.path != name } + [TreeFile(path: name, bytes: bytes)]
        return SourceTree(files, diagnostics: tree.diagnostics)
    }

    /// Puts the file in the place of the old one in one step; false when that is not possible.
    func write(under root: String) -> Bool {
        let target = root + "/" + path
        let folder = (target as NSString).deletingLastPathComponent
        // Hidden, so that nobody reads it before it is whole.
        let draft = folder + "/." + (target as NSString).lastPathComponent + ".new"
        let bytes = state.withLock(\.bytes)
        mkdir(folder, 0o755)
        let isWritten = Self.write(bytes, to: draft) && rename(draft, target) == 0
        if !isWritten { unlink(draft) }
        state.withLock { $0.isUnwritable = !isWritten }
        return isWritten
    }

    /// Says that the tree cannot be written to.
    func unwritable(in folder: String) -> Diagnostic {
        Diagnostic(
            code: "read-only", at: .top(of: folder + "/" + path),
            "'\(folder)/\(path)' cannot be written", help: "let the server's user write there")
    }

    private static func write(_ bytes: [UInt8], to path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return fsync(descriptor) == 0
    }
}
