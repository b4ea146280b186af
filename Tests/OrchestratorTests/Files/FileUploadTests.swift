// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Orchestrator

struct FileUploadTests {
    private let root = FileManager.default.temporaryDirectory.appendingPathComponent(RandomID.uuid()).path
    private let store: FileStore
    private let now = Timestamp(milliseconds: 1_773_050_400_000)
    private let type = "multipart/form-data; boundary=b"
    private static let pdf = Array("%PDF-1.7\n".utf8)

    init() { store = FileStore(root: root) }

    private func body(_ content: [UInt8], name: String = "report.pdf", field: String = "file") -> [UInt8] {
        Array("--b\r\nContent-Disposition: form-data; name=\"\(field)\"; filename=\"\(name)\"\r\n\r\n".utf8)
            + content + Array("\r\n--b--\r\n".utf8)
    }

    private func receive(
        _ body: [UInt8], into conversation: String = "c1", rules: FileRules = FileRules(), piece: Int = 7_000
    ) async throws(FileError) -> StoredFile {
        var rest = body[...]
        return try await FileUpload.receive(
            type, conversation: conversation, user: "p1", rules: rules, into: store, now: now
        ) {
            let next = rest.prefix(piece)
            rest = rest.dropFirst(piece)
            return next.isEmpty ? nil : Array(next)
        }
    }

    private func refusal(_ body: [UInt8], rules: FileRules = FileRules()) async -> FileError.Kind? {
        do throws(FileError) {
            _ = try await receive(body, rules: rules)
            return nil
        } catch { return error.kind }
    }

    private var onDisk: [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: root)) ?? []).filter { $0.contains("/") }
    }

    private func content(_ id: FileID) async -> [UInt8]? {
        var all: [UInt8] = []
        let isWhole = await store.read(id) {
            all += $0
            return true
        }
        return isWhole ? all : nil
    }

    @Test func `a file is stored as it was sent and found by its id`() async throws {
        let sent = Self.pdf + (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let file = try await receive(body(sent, name: "Über uns.pdf"))
        #expect(file.name == "Über uns.pdf")
        #expect(file.size == sent.count)
        #expect(file.type == "application/pdf")
        #expect(await store.find(file.id) == file)
        #expect(await content(file.id) == sent)
        #expect(Set(onDisk) == ["c1/\(file.id.name)", "c1/\(file.id.name).json"])
    }

    @Test(arguments: [1, 3, 1_000])
    func `it does not matter how the body was cut`(piece: Int) async throws {
        let file = try await receive(body(Self.pdf + [13, 10, 45, 45]), piece: piece)
        #expect(await content(file.id) == Self.pdf + [13, 10, 45, 45])
    }

    @Test func `a file of just the limit is taken and one byte more is not`() async {
        var rules = FileRules()
        rules.maxBytes = 1_000
        let full = Self.pdf + [UInt8](repeating: 0, count: 1_000 - Self.pdf.count)
        #expect(await refusal(body(full), rules: rules) == nil)
        #expect(await refusal(body(full + [0]), rules: rules) == .tooLarge)
        #expect(onDisk.count == 2)
    }

    @Test func `the files of a conversation have a limit together`() async throws {
        var rules = FileRules()
        rules.conversationBytes = 25
        _ = try await receive(body(Self.pdf), rules: rules)
        _ = try await receive(body(Self.pdf), rules: rules)
        #expect(await refusal(body(Self.pdf), rules: rules) == .quota)
        #expect(onDisk.count == 4)
        _ = try await receive(body(Self.pdf), into: "c2", rules: rules)
    }

    @Test(arguments: [
        ("X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*", FileError.Kind.type),
        ("PK\u{3}\u{4}zip", .type), ("<html><script>alert(1)</script>", .type), ("MZ program", .type),
        ("", .empty),
    ])
    func `content of no type that is taken is refused whatever it is called`(
        content: String, kind: FileError.Kind
    ) async {
        #expect(await refusal(body(Array(content.utf8))) == kind)
        #expect(onDisk == [])
    }

    @Test func `a large file of the wrong type is refused before it has all come`() async {
        var asked = 0
        let body = body([UInt8](repeating: 65, count: 1_000_000))
        do throws(FileError) {
            _ = try await FileUpload.receive(
                type, conversation: "c1", user: "p1", rules: FileRules(), into: store, now: now
            ) {
                asked += 1
                return Array(body[(asked * 1_000 - 1_000)..<(asked * 1_000)])
            }
        } catch { #expect(error.kind == .type) }
        #expect(asked == 1)
        #expect(onDisk == [])
    }

    @Test(arguments: ["", "a\u{0}b.pdf", "a\u{7F}.pdf", String(repeating: "a", count: 256)])
    func `a name that no file system would like is refused`(name: String) async {
        #expect(await refusal(body(Self.pdf, name: name)) == .name)
        #expect(onDisk == [])
    }

    @Test(arguments: ["../../etc/passwd", "/etc/passwd", "..\\x", "a/b.pdf", "<script>.pdf", "a\\\"b.pdf"])
    func `a name is kept as data and never becomes a path`(name: String) async throws {
        let file = try await receive(body(Self.pdf, name: name))
        #expect(onDisk.allSatisfy { $0.hasPrefix("c1/" + file.id.name) })
        #expect(
            await store.find(file.id)?.name == name.replacing("\\\"", with: "\"").replacing("\\x", with: "x"))
    }

    @Test func `a body that never ends or holds no file leaves nothing`() async {
        #expect(await refusal(Array(body(Self.pdf).dropLast(8))) == .malformed)
        #expect(await refusal(body(Self.pdf, field: "other")) == .malformed)
        #expect(await refusal(body(Self.pdf).dropLast(9) + [13, 10] + body(Self.pdf)) == .malformed)
        #expect(await refusal([]) == .malformed)
        #expect(onDisk == [])
    }

    @Test(arguments: ["..", "../x", "a/b", "", "a b", String(repeating: "a", count: 65), "a%2e"])
    func `a conversation whose id is no plain name has no folder`(conversation: String) async {
        do throws(FileError) {
            _ = try await receive(body(Self.pdf), into: conversation)
            Issue.record("taken")
        } catch { #expect(error.kind == .malformed) }
    }

    @Test(arguments: ["c1", "c1.", ".x", "c1.x.y", "../c1.x", "c1./etc", "c1.\u{0}", "c1.x%2F", "c1.ü"])
    func `an id that was never given is no file`(id: String) { #expect(FileID(id) == nil) }

    @Test func `what was on its way when the server died is removed at the next start`() async throws {
        let file = try await receive(body(Self.pdf))
        for name in ["dead.part", "dead.json.part", "dead"] {
            _ = FileManager.default.createFile(atPath: root + "/c1/" + name, contents: Data())
        }
        await store.begin()
        #expect(Set(onDisk) == ["c1/\(file.id.name)", "c1/\(file.id.name).json"])
    }

    @Test func `a conversation that is gone takes its files with it`() async throws {
        let kept = try await receive(body(Self.pdf), into: "kept")
        let gone = try await receive(body(Self.pdf), into: "gone")
        await store.sweep { $0 == "gone" }
        #expect(await store.find(kept.id) == kept)
        #expect(await store.find(gone.id) == nil)
        #expect(onDisk.allSatisfy { $0.hasPrefix("kept/") })
    }

    @Test func `a link in the folder is not followed`() async throws {
        let file = try await receive(body(Self.pdf))
        let path = root + "/c1/" + file.id.name
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/etc/passwd")
        #expect(await content(file.id) == nil)
    }
}
