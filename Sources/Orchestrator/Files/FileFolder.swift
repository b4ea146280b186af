// SPDX-License-Identifier: Apache-2.0

internal import Glibc
import WireProtocols

/// The files on disk: blocking calls, for threads that may block.
///
/// ```
/// uploads/CONVERSATION/RANDOM        the content
/// uploads/CONVERSATION/RANDOM.json   what is known of it; there last, so that it vouches for the content
/// uploads/CONVERSATION/RANDOM.part   on its way; removed at the next start if the server died meanwhile
/// ```
/// Names are made here of letters, digits, `-` and `_`; nothing a client says becomes part of a path, and links are
/// not followed.
struct FileFolder: Sendable {
    let root: String

    private func folder(_ conversation: String) -> String { root + "/" + conversation }
    private func path(_ id: FileID) -> String { folder(id.conversation) + "/" + id.name }

    /// Opens a new file for its content.
    func create(_ id: FileID) throws(FileError) -> Int32 {
        mkdir(root, 0o750)
        mkdir(folder(id.conversation), 0o750)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = open(path(id) + ".part", flags, 0o640)
        guard descriptor >= 0 else { throw Self.failure() }
        return descriptor
    }

    /// Appends to a file on its way.
    func append(_ bytes: [UInt8], to descriptor: Int32) throws(FileError) {
        var start = 0
        while start < bytes.count {
            let written = bytes[start...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw Self.failure() }
            start += written
        }
    }

    /// Makes a complete file known.
    ///
    /// Content and facts are on the disk when this returns.
    func publish(_ file: StoredFile, _ descriptor: Int32) throws(FileError) {
        guard fsync(descriptor) == 0 else { throw Self.failure() }
        let path = path(file.id)
        let facts = open(path + ".json.part", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o640)
        guard facts >= 0 else { throw Self.failure() }
        defer { close(facts) }
        try append(file.json.encoded(), to: facts)
        guard fsync(facts) == 0, rename(path + ".part", path) == 0,
            rename(path + ".json.part", path + ".json") == 0
        else { throw Self.failure() }
        syncFolder(file.id.conversation)
    }

    private func syncFolder(_ conversation: String) {
        let descriptor = open(folder(conversation), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Forgets a file that was not completed.
    func discard(_ id: FileID) {
        for ending in [".part", ".json.part", ""] { unlink(path(id) + ending) }
    }

    /// What is known of a file; nil when there is none.
    func find(_ id: FileID) -> StoredFile? {
        let descriptor = open(path(id) + ".json", O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard let bytes = readPiece(descriptor, at: 0, count: 16_384), let json = try? JSON.parse(bytes)
        else {
            return nil
        }
        return StoredFile(id, json)
    }

    /// Opens a file's content; nil when there is none.
    func openContent(_ id: FileID) -> Int32? {
        let descriptor = open(path(id), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        return descriptor >= 0 ? descriptor : nil
    }

    /// A piece of a file's content, empty at its end; nil when it cannot be read.
    func readPiece(_ descriptor: Int32, at offset: Int, count: Int) -> [UInt8]? {
        var result = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            result = pread(descriptor, buffer.baseAddress, count, off_t(offset))
            filled = max(0, result)
        }
        return result < 0 ? nil : bytes
    }

    /// Bytes that the files of a conversation take, those on their way included.
    func used(by conversation: String) -> Int {
        names(in: folder(conversation)).filter { !$0.hasSuffix(".json") }.reduce(0) { sum, name in
            var facts = stat()
            return lstat(folder(conversation) + "/" + name, &facts) == 0 ? sum + Int(facts.st_size) : sum
        }
    }

    /// Removes all files of a conversation.
    func remove(conversation: String) {
        guard FileID.isPlain(conversation) else { return }
        for name in names(in: folder(conversation)) { unlink(folder(conversation) + "/" + name) }
        rmdir(folder(conversation))
    }

    /// The conversations that have files.
    func conversations() -> [String] { names(in: root).filter(FileID.isPlain) }

    /// Removes what was on its way when a server died.
    func removeUnfinished() {
        for conversation in conversations() {
            let all = Set(names(in: folder(conversation)))
            for name in all
            where name.hasSuffix(".part") || !name.contains(".") && !all.contains(name + ".json") {
                unlink(folder(conversation) + "/" + name)
            }
        }
    }

    private func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    private static func failure() -> FileError {
        FileError(errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? .full : .unavailable)
    }
}

extension StoredFile {
    fileprivate var json: JSON {
        [
            "name": .string(name), "size": .integer(size), "type": .string(type), "user": .string(user),
            "created_at": .integer(createdAt.milliseconds),
        ]
    }

    fileprivate init?(_ id: FileID, _ json: JSON) {
        guard let name = json["name"]?.text, case .integer(let size)? = json["size"],
            let type = json["type"]?.text, let user = json["user"]?.text,
            case .integer(let created)? = json["created_at"]
        else { return nil }
        self.init(
            id: id, name: name, size: size, type: type, user: user,
            createdAt: Timestamp(milliseconds: created))
    }
}
