// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import Intents
import Orchestrator
import Testing

/// The faults of group C that need no server: hostile, broken and dangerous configuration is refused with its place.
struct HostileConfigurationTests {
    private func diagnostics(_ yaml: String, environment: [String: String] = [:]) -> [Diagnostic] {
        diagnostics(Array(yaml.utf8), environment: environment)
    }

    private func diagnostics(_ bytes: [UInt8], environment: [String: String] = [:]) -> [Diagnostic] {
        var tree = FixtureTree.base
        tree.put(bytes, as: "hostile")
        tree.environment = EnvironmentValues(
            environment.merging(["JWT_SECRET": "0123456789abcdef0123456789abcdef"]) { $1 })
        return tree.compiled().diagnostics
    }

    private func places(_ diagnostics: [Diagnostic]) -> [String] {
        diagnostics.map { "\($0.code) \($0.range.file):\($0.range.start.line):\($0.range.start.column)" }
    }

    private static let head = "kind: assistant\nversion: 1\nid: shop\nroles: [VISITOR]\n"
    private static let tail = "otherwise:\n  - { say: Please say that in other words. }\n"

    // MARK: - C02

    struct Bomb: Sendable, CustomTestStringConvertible {
        let name: String
        let yaml: String
        let place: String
        var testDescription: String { name }
    }

    private static let bombs: [Bomb] = [
        Bomb(
            name: "billion laughs",
            yaml: head + "settings:\n  a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
                + (1...9).map {
                    "  a\($0): &a\($0) [" + Array(repeating: "*a\($0 - 1)", count: 10).joined(separator: ", ")
                        + "]\n"
                }.joined(),
            place: "yaml-alias-limit bots/hostile.yaml:8:52"),
        Bomb(
            name: "a million aliases",
            yaml: head + "settings:\n  a: &a x\n  b: ["
                + Array(repeating: "*a", count: 1_000_000).joined(separator: ",") + "]\n",
            place: "yaml-alias-limit bots/hostile.yaml:7:3007"),
        Bomb(
            name: "an anchor that holds itself", yaml: head + "settings: &a { again: *a }\n",
            place: "yaml-alias-loop bots/hostile.yaml:5:23"),
        Bomb(
            name: "merge keys",
            yaml: head + "settings:\n  a: &a\n    b: c\n  d:\n    <<: *a\n",
            place: "yaml-merge-key bots/hostile.yaml:9:5"),
    ]

    @Test(arguments: bombs)
    func `C02 a bomb of aliases is refused at once with its place`(bomb: Bomb) {
        let clock = ContinuousClock()
        var found: [Diagnostic] = []
        let time = clock.measure { found = diagnostics(bomb.yaml) }
        #expect(places(found).contains(bomb.place), "\(places(found))")
        // 100 ms in a release build; a debug build on a busy machine is given ten times that.
        #expect(time < .seconds(1))
    }

    // MARK: - C03

    @Test func `C03 lists 10,000 deep are refused where they are too deep`() {
        let yaml = Self.head + "settings: { a: " + String(repeating: "[", count: 10_000) + "\n"
        #expect(places(diagnostics(yaml)) == ["yaml-depth bots/hostile.yaml:5:78"])
    }

    @Test func `C03 a scalar of 10 MiB is refused`() {
        let yaml = Self.head + "persona: " + String(repeating: "a", count: 10 << 20) + "\n"
        #expect(places(diagnostics(yaml)) == ["yaml-size bots/hostile.yaml:1:1"])
    }

    @Test func `C03 a million keys are refused`() {
        let keys = (0..<1_000_000).map { "\(String($0, radix: 36)):\n" }.joined()
        let codes = Set(diagnostics(keys).map(\.code))
        #expect(!codes.isDisjoint(with: ["yaml-node-limit", "yaml-size"]))
    }

    @Test(arguments: [
        ("name: Shop\nname: Store\n", "yaml-duplicate-key bots/hostile.yaml:6:1"),
        ("settings:\n\tcity: Leeds\n", "yaml-tab bots/hostile.yaml:6:1"),
        ("name: a\u{0}b\n", "yaml-control-character bots/hostile.yaml:5:8"),
    ])
    func `C03 duplicate keys, tabs and NUL are refused where they stand`(line: String, place: String) {
        #expect(places(diagnostics(Self.head + line + Self.tail)) == [place])
    }

    @Test func `C03 text that is not UTF-8 is refused, a byte order mark is not`() {
        let bytes = Array(Self.head.utf8)
        #expect(
            places(diagnostics(bytes + [0x61, 0x3A, 0x20, 0xC3, 0x28])) == ["yaml-utf8 bots/hostile.yaml:5:4"]
        )
        #expect(
            places(diagnostics([0xFF, 0xFE] + bytes.flatMap { [$0, 0] })) == [
                "yaml-encoding bots/hostile.yaml:1:1"
            ])
        #expect(diagnostics([0xEF, 0xBB, 0xBF] + bytes + Array(Self.tail.utf8)) == [])
    }

    // MARK: - C05

    @Test(arguments: ["(a+)+$", "(.*)*x"])
    func `C05 a pattern that would hang other engines is linear here`(source: String) throws {
        let yaml =
            Self.head + "intents:\n  order:\n    patterns:\n      - '\(source)'\n    say: Of course.\n"
            + Self.tail
        #expect(diagnostics(yaml) == [])
        let pattern = try Pattern(source)
        let message = String(repeating: "a", count: 10_000) + "!"
        let time = ContinuousClock().measure { _ = pattern.firstMatch(in: message) }
        #expect(time < .milliseconds(100))
    }

    // MARK: - C06

    @Test(arguments: [
        ("key-unknown", "key-unknown bots/key-unknown.yaml:5:1"),
        ("type-wrong", "type-wrong bots/type-wrong.yaml:5:7"),
        ("provider-unknown", "provider-unknown bots/routing.yaml:8:21"),
        ("route-cycle", "route-cycle bots/routing.yaml:6:3"),
        ("queue-unknown", "queue-unknown bots/queue-unknown.yaml:6:45"),
        ("name-twice--assistant", "name-twice bots/name-twice--assistant.yaml:3:5"),
    ])
    func `C06 what does not fit together is refused with file and line`(name: String, place: String) throws {
        let fixture = try #require(InvalidTree.all.first { $0.name == name })
        var tree = FixtureTree.base
        for (number, part) in fixture.parts.enumerated() {
            tree.put(part, as: number == 0 ? name : "\(name)-\(number + 1)")
        }
        let result = SnapshotCompiler().compile(SourceTree(tree.files), environment: tree.environment)
        #expect(result.parts == nil)
        #expect(places(result.diagnostics).contains(place))
    }

    // MARK: - C11

    @Test func `C11 a secret in plain text is refused and never shown`() throws {
        let fixture = try #require(InvalidTree.all.first { $0.name == "secret-literal" })
        let expected = try #require(fixture.expected)
        #expect(expected.contains("secret-literal"))
        let renderer = DiagnosticRenderer(sources: [SourceText]())
        var tree = FixtureTree.base
        tree.put(fixture.bytes, as: "secret")
        #expect(!renderer.json(tree.compiled().diagnostics).contains("hunter2"))
    }

    @Test
    func
        `C11 a variable is looked up once: what it holds is not looked up again, and only the environment is`()
    {
        let persona: (String) -> String = { Self.head + "persona: \"\($0)\"\n" + Self.tail }
        let environment = ["A": "${env.B}", "B": "secret of B"]
        #expect(diagnostics(persona("${env.A}"), environment: environment) == [])
        #expect(
            places(diagnostics(persona("${file:/etc/shadow}"))) == ["template-syntax bots/hostile.yaml:5:11"])
        #expect(places(diagnostics(persona("${env.ABSENT}"))) == ["env-unset bots/hostile.yaml:5:17"])
        #expect(places(diagnostics(persona("${A}"))) == ["path-unknown bots/hostile.yaml:5:13"])
    }

    // MARK: - C13

    @Test func `C13 a tree in which an emergency would go unseen cannot be loaded`() throws {
        var tree = FixtureTree.base
        let place = try #require(tree.files.firstIndex { $0.path == "bots/desk.yaml" })
        let text = String(decoding: tree.files[place].bytes, as: UTF8.self)
        tree.set("bots/desk.yaml", Array(text.components(separatedBy: "safety:\n")[0].utf8))
        let result = SnapshotCompiler().compile(SourceTree(tree.files), environment: tree.environment)
        #expect(result.parts == nil)
        #expect(places(result.diagnostics) == ["safety-missing bots/patient.yaml:6:9"])
    }

    @Test func `a tree without a server file is refused`() {
        var tree = FixtureTree.base
        tree.files.removeAll { $0.path == "bots/server.yaml" }
        #expect(places(tree.compiled().diagnostics).contains("server-missing bots/server.yaml:1:1"))
    }
}
