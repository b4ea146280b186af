// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The files that people share in their conversations.
package final class FileStore: Sendable {
    /// Bytes read at a time for a download.
    static let piece = 65_536

    let folder: FileFolder
    private let threads: BlockingThreads

    /// Files below that folder, which is made with the first of them.
    package init(root: String) {
        folder = FileFolder(root: root)
        threads = BlockingThreads(count: 2, queueLimit: 1_024)
    }

    /// Removes what was on its way when the server last died.
    package func begin() async { await threads.run { [folder] in folder.removeUnfinished() } }

    /// What is known of a file; nil when there is none.
    package func find(_ id: FileID) async -> StoredFile? {
        await threads.run { [folder] in folder.find(id) } ?? nil
    }

    /// Gives a file's content to `body`, piece by piece; false when it cannot be read to its end, or `body` wants no
    /// more.
    package func read(_ id: FileID, _ body: ([UInt8]) async -> Bool) async -> Bool {
        guard let descriptor = await threads.run({ [folder] in folder.openContent(id) }) ?? nil else {
            return false
        }
        defer { close(descriptor) }
        var offset = 0
        while true {
            let next = await threads.run { [folder, offset] in
                folder.readPiece(descriptor, at: offset, count: Self.piece)
            }
            guard let bytes = next ?? nil else { return false }
            guard !bytes.isEmpty else { return true }
            guard await body(bytes) else { return false }
            offset += bytes.count
        }
    }

    /// Removes all files of a conversation.
    package func remove(conversation: String) async {
        await threads.run { [folder] in folder.remove(conversation: conversation) }
    }

    /// Removes the files of conversations that are gone; `isGone` is asked for each that has files.
    package func sweep(_ isGone: (String) async -> Bool) async {
        for conversation in await threads.run({ [folder] in folder.conversations() }) ?? [] {
            if await isGone(conversation) { await remove(conversation: conversation) }
        }
    }

    /// Does blocking work on the files.
    func perform<Value: Sendable>(
        _ body: @escaping @Sendable (FileFolder) throws(FileError) -> Value
    ) async throws(FileError) -> Value {
        let result = await threads.run { [folder] in
            do throws(FileError) { return Result<Value, FileError>.success(try body(folder)) } catch {
                return .failure(error)
            }
        }
        guard let result else { throw FileError(.unavailable) }
        return try result.get()
    }
}
