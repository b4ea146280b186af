// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import Glibc
import Testing

@testable import Orchestrator

struct TreeReaderTests {
    let tree: TemporaryTree

    init() throws { tree = try TemporaryTree() }

    @Test func `all files of all folders are read, sorted by path`() throws {
        try FileManager.default.createDirectory(atPath: tree.bots + "/lib", withIntermediateDirectories: true)
        try tree.write("lib/a.yaml", "kind: library")
        try tree.write("notes.md", "text")
        let found = tree.reader.read()
        #expect(found.files.map(\.path) == ["bots/hello.yaml", "bots/lib/a.yaml", "bots/server.yaml"])
        #expect(found.texts.map(\.path) == ["bots/notes.md"])
        #expect(found.diagnostics.isEmpty)
    }

    @Test(arguments: [
        ".hello.yaml.swp", "hello.yaml~", "#hello.yaml#", ".#hello.yaml", "4913", "hello.yaml.bak",
    ])
    func `what editors leave behind is not read`(name: String) throws {
        try tree.write(name, "kind: nonsense")
        #expect(tree.reader.read().files.map(\.path) == ["bots/hello.yaml", "bots/server.yaml"])
    }

    @Test func `examples and presets are trees of their own`() throws {
        for folder in ["examples", "presets"] {
            try FileManager.default.createDirectory(
                atPath: tree.bots + "/" + folder, withIntermediateDirectories: true)
            try tree.write(folder + "/x.yaml", "kind: assistant")
        }
        #expect(tree.reader.read().files.count == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a FIFO is refused without being opened`() throws {
        #expect(mkfifo(tree.bots + "/pipe.yaml", 0o600) == 0)
        let found = tree.reader.read()
        #expect(found.diagnostics.map(\.message) == ["'bots/pipe.yaml' is not a regular file"])
        #expect(found.files.count == 2)
    }

    @Test func `a link out of the tree is refused, one inside it is read`() throws {
        #expect(symlink("/etc/passwd", tree.bots + "/out.yaml") == 0)
        #expect(symlink("hello.yaml", tree.bots + "/in.yaml") == 0)
        let found = tree.reader.read()
        #expect(found.diagnostics.map(\.message) == ["'bots/out.yaml' is a link that leads out of bots/"])
        #expect(found.files.map(\.path) == ["bots/hello.yaml", "bots/in.yaml", "bots/server.yaml"])
    }

    @Test func `a file over four mebibytes is refused`() throws {
        try tree.write("big.yaml", String(repeating: "#", count: 4 << 20 + 1))
        #expect(tree.reader.read().diagnostics.map(\.message) == ["'bots/big.yaml' is larger than 4 MiB"])
    }

    @Test func `a preset stands in place of the server file and adds its folder`() throws {
        try FileManager.default.createDirectory(
            atPath: tree.bots + "/presets/chat", withIntermediateDirectories: true)
        try tree.write("presets/chat.yaml", TemporaryTree.server)
        try tree.write("presets/chat/extra.yaml", TemporaryTree.assistant("extra", says: "Yo!"))
        try tree.write("presets/other.yaml", "kind: server")
        let reader = TreeReader(root: tree.bots, preset: "chat")
        #expect(
            reader.read().files.map(\.path) == [
                "bots/hello.yaml", "bots/presets/chat.yaml", "bots/presets/chat/extra.yaml",
            ])
        #expect(reader.presets == ["chat", "other"])
        #expect(reader.serverFile == "bots/presets/chat.yaml")
        #expect(TreeReader(root: tree.bots).serverFile == "bots/server.yaml")
        let loaded = try LoadedConfiguration(
            reader: reader, environment: EnvironmentValues([:]), allowsRemote: false)
        #expect(loaded.snapshot.parts.assistants.keys.sorted() == ["extra", "hello"])
    }

    @Test func `an unset variable of a preset is a note, a mistake in it an error`() throws {
        try FileManager.default.createDirectory(
            atPath: tree.bots + "/presets", withIntermediateDirectories: true)
        try tree.write(
            "presets/chat.yaml",
            """
            kind: server
            version: 1
            storage: { url: "memory:" }
            roles: { anonymous: {} }
            auth: { issuers: { local: { secret: "${env.NOT_SET}" } } }
            colour: blue
            """)
        let reader = TreeReader(root: tree.bots, preset: "chat")
        let result = SnapshotCompiler().compile(
            reader.read(), environment: EnvironmentValues([:]), fits: false)
        let findings = result.ofPreset(reader).map { "\($0.severity) \($0.code)" }
        #expect(findings.sorted() == ["error key-unknown", "note env-unset"])
    }
}
