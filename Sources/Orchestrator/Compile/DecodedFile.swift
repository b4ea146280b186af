// SPDX-License-Identifier: Apache-2.0
package import Diagnostics
import YAMLTree

/// What one file under `bots/` says, typed and located but not yet linked to the others.
enum FileConfig: Sendable {
    case server(ServerConfig)
    case routing(RoutingConfig)
    case library(LibraryConfig)
    case assistant(AssistantConfig)
    case records(RecordsConfig)
    case knowledge(KnowledgeConfig)
    case overlay(OverlayConfig)
    case tests(TestsConfig)
}

/// One file after decoding: kept by digest, so that only what changed is read again.
package final class DecodedFile: Sendable {
    /// The path as people know it: `bots/patient.yaml`.
    package let path: String
    /// SHA-256 of the bytes and of the environment values they ask for, hexadecimal.
    package let digest: String
    /// The text, for showing lines of it.
    package let source: String
    /// What is wrong with the file by itself.
    package let diagnostics: [Diagnostic]
    let config: FileConfig?
    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
    /// Keys that are missing, unreadable or misspelt: what they would have declared is not reported as missing.
    let missedKeys: Set<String>
    /// Names whose value could not be read.
    let unreadNames: Set<SourceRange>

    init(
        path: String, digest: String, source: String, diagnostics: [Diagnostic], config: FileConfig?,
        missedKeys: Set<String> = [], unreadNames: Set<SourceRange> = []
    ) {
        self.path = path
        self.digest = digest
        self.source = source
        self.diagnostics = diagnostics
        self.config = config
        self.missedKeys = missedKeys
        self.unreadNames = unreadNames
    }
}

/// Turns the bytes of one file into its typed form.
enum FileDecoder {
    static func decode(_ file: TreeFile, environment: EnvironmentValues) -> DecodedFile {
        let source = String(decoding: file.bytes, as: UTF8.self)
        let (root, problems) = YAMLReader.read(file.bytes, file: file.path)
        guard let root else {
            return DecodedFile(
                path: file.path, digest: file.digest, source: source, diagnostics: problems, config: nil)
        }
        let context = DecodeContext(file: file.path, source: source, environment: environment)
        let traps = YAMLTraps.check(root, source)
        let config = kind(of: root, context).flatMap { decode(root, as: $0, context) }
        let values = context.usedVariables.sorted().map { "\($0)=\(environment[$0] ?? "")" }
        let digest =
            values.isEmpty ? file.digest : sha256(Array((file.digest + values.joined(separator: "\n")).utf8))
        return DecodedFile(
            path: file.path, digest: digest, source: source,
            diagnostics: problems + traps + context.diagnostics.filter { !isEcho($0, of: traps, in: root) },
            config: config,
            missedKeys: context.missedKeys, unreadNames: context.unreadNames)
    }

    // What a trap has torn apart is reported once, as the trap: the keys and values it left behind are not real.
    private static func isEcho(_ diagnostic: Diagnostic, of traps: [Diagnostic], in root: YAMLNode) -> Bool {
        traps.contains { trap in
            guard trap.severity == .error else { return false }
            let torn = innermostBrackets(in: root, around: trap.range.start) ?? trap.range
            return torn.start <= diagnostic.range.start && diagnostic.range.start < torn.end
        }
    }

    private static func innermostBrackets(in node: YAMLNode, around place: SourcePosition) -> SourceRange? {
        guard node.range.start <= place, place <= node.range.end else { return nil }
        switch node.content {
        case .scalar: return nil
        case .sequence(let items, _):
            return items.lazy.compactMap { innermostBrackets(in: $0, around: place) }.first
        case .mapping(let entries, let isFlow):
            let inner = entries.lazy.compactMap { innermostBrackets(in: $0.value, around: place) }.first
            return inner ?? (isFlow ? node.range : nil)
        }
    }

    private static func kind(of root: YAMLNode, _ context: DecodeContext) -> FileKind? {
        let kinds = FileKind.allCases.map(\.rawValue)
        guard root.entries != nil else {
            context.key = "the file"
            context.report(
                "file-shape", at: context.firstLine(of: root.range),
                "a file under bots/ is keys with values, of which the first is 'kind'",
                help: "begin with:\nkind: assistant\nversion: 1")
            return nil
        }
        guard let node = root["kind"] else {
            let near = root.entries?.compactMap(\.key.text).first { nearestName(to: $0, in: ["kind"]) != nil }
            let place =
                root.entries?.first { $0.key.text == near }?.key.range
                ?? context.firstLine(of: root.entries?.first?.key.range ?? root.range)
            context.report(
                "kind-missing", at: near == nil ? (root.entries?.first?.key.range ?? root.range) : place,
                near.map { "'\($0)' is not a key, and the file has no 'kind'" } ?? "the file has no 'kind'",
                help: near == nil
                    ? "begin with 'kind: ' and one of \(quotedList(kinds))" : "did you mean 'kind'?")
            return nil
        }
        guard let text = node.text, let kind = FileKind(rawValue: text) else {
            context.report(
                "kind-unknown", at: context.firstLine(of: node.range),
                node.text.map { "'\(shortened($0))' is not a kind of file" } ?? "'kind' wants one word",
                help: nearestName(to: node.text ?? "", in: kinds).map { "did you mean '\($0)'?" }
                    ?? "the kinds are \(quotedList(kinds))")
            return nil
        }
        return kind
    }

    private static func decode(_ root: YAMLNode, as kind: FileKind, _ context: DecodeContext) -> FileConfig? {
        switch kind {
        case .server: Codec.object(ServerConfig.self).read(root, context).map { .server($0) }
        case .routing: Codec.object(RoutingConfig.self).read(root, context).map { .routing($0) }
        case .library: Codec.object(LibraryConfig.self).read(root, context).map { .library($0) }
        case .assistant: Codec.object(AssistantConfig.self).read(root, context).map { .assistant($0) }
        case .records: Codec.object(RecordsConfig.self).read(root, context).map { .records($0) }
        case .knowledge: Codec.object(KnowledgeConfig.self).read(root, context).map { .knowledge($0) }
        case .overlay: Codec.object(OverlayConfig.self).read(root, context).map { .overlay($0) }
        case .tests: Codec.object(TestsConfig.self).read(root, context).map { .tests($0) }
        }
    }
}
