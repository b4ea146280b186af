// SPDX-License-Identifier: Apache-2.0

internal import Glibc
import WireProtocols

/// Takes one file of a `multipart/form-data` body to disk, piece by piece.
///
/// The part is called `file`; other parts are read over. Whatever goes wrong, nothing stays behind.
struct FileUpload {
    /// Other fields of a form are short.
    private static let maxOtherBytes = 65_536
    /// What a form may take besides the file.
    static let formBytes = 2 * maxOtherBytes + maxParts * MultipartParser.maxHeaderBytes
    /// For listeners whose dialect says itself that a file is too large: reading ends with its last byte that is taken.
    static let ownLimit = 1 << 40
    private static let maxParts = 16
    /// Longer names are refused, and such with control characters.
    static let maxNameBytes = 255

    private let store: FileStore
    private let rules: FileRules
    private let id: FileID
    private var parser: MultipartParser
    private var room: Int
    private var descriptor: Int32?
    private var isInFile = false
    private var name = ""
    private var size = 0
    private var otherBytes = 0
    private var sample: [UInt8] = []
    private var isComplete = false

    private init(
        _ store: FileStore, _ rules: FileRules, conversation: String, _ parser: MultipartParser, room: Int
    ) {
        self.store = store
        self.rules = rules
        self.parser = parser
        self.room = room
        id = FileID(conversation: conversation)
    }

    private mutating func take(_ bytes: [UInt8]) async throws(FileError) {
        var events: [MultipartEvent] = []
        do throws(MultipartError) { try parser.take(bytes, into: &events) } catch {
            throw FileError(.malformed)
        }
        for event in events {
            switch event {
            case .partBegan(let part): try await begin(part)
            case .content(let content): try await append(content)
            case .partEnded: isInFile = false
            case .finished: isComplete = true
            }
        }
    }

    private mutating func begin(_ part: MultipartPart) async throws(FileError) {
        guard part.name == "file" else { return }
        guard descriptor == nil, let name = part.fileName else { throw FileError(.malformed) }
        guard (1...Self.maxNameBytes).contains(name.utf8.count),
            !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw FileError(.name) }
        self.name = name
        isInFile = true
        descriptor = try await store.perform { [id] folder throws(FileError) in try folder.create(id) }
    }

    private mutating func append(_ content: [UInt8]) async throws(FileError) {
        guard isInFile, let descriptor else {
            otherBytes += content.count
            guard otherBytes <= Self.maxOtherBytes else { throw FileError(.malformed) }
            return
        }
        size += content.count
        guard size <= rules.maxBytes else { throw FileError(.tooLarge) }
        guard size <= room else { throw FileError(.quota) }
        if sample.count < FileType.sample {
            sample += content.prefix(FileType.sample - sample.count)
            if sample.count == FileType.sample { _ = try judge() }
        }
        try await store.perform { folder throws(FileError) in try folder.append(content, to: descriptor) }
    }

    private func judge() throws(FileError) -> String {
        guard let type = FileType(beginning: sample)?.rawValue, rules.types.contains(type) else {
            throw FileError(.type)
        }
        return type
    }

    private func finish(_ user: String, _ now: Timestamp) async throws(FileError) -> StoredFile {
        guard isComplete, let descriptor else { throw FileError(.malformed) }
        guard size > 0 else { throw FileError(.empty) }
        let file = StoredFile(id: id, name: name, size: size, type: try judge(), user: user, createdAt: now)
        try await store.perform { folder throws(FileError) in try folder.publish(file, descriptor) }
        return file
    }

    private func release(discarding: Bool) async {
        guard let descriptor else { return }
        close(descriptor)
        // Even when the pool is full: a leftover is removed at the next start.
        if discarding { _ = try? await store.perform { [id] folder throws(FileError) in folder.discard(id) } }
    }
}

extension FileUpload {
    /// Takes the file of a body that comes in pieces; `next` gives nil at its end.
    static func receive(
        _ contentType: String, conversation: String, user: String, rules: FileRules, into store: FileStore,
        now: Timestamp, next: () async throws(FileError) -> [UInt8]?
    ) async throws(FileError) -> StoredFile {
        guard FileID.isPlain(conversation),
            let parser = MultipartParser(contentType: contentType, maxParts: maxParts)
        else { throw FileError(.malformed) }
        let used = try await store.perform { folder throws(FileError) in folder.used(by: conversation) }
        let room = rules.conversationBytes - used
        var upload = FileUpload(store, rules, conversation: conversation, parser, room: room)
        do throws(FileError) {
            while let piece = try await next() { try await upload.take(piece) }
            let file = try await upload.finish(user, now)
            await upload.release(discarding: false)
            return file
        } catch {
            await upload.release(discarding: true)
            throw error
        }
    }
}
