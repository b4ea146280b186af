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
    /// Keys that were probably meant by unknown ones: what they would have declared is not reported as missing.
    let missedKeys: Set<String>

    init(
        path: String, digest: String, source: String, diagnostics: [Diagnostic], config: FileConfig?,
        missedKeys: Set<String> = []
    ) {
        self.path = path
        self.digest = digest
        self.source = source
        self.diagnostics = diagnostics
        self.config = config
        self.missedKeys = missedKeys
    }
}

/// Turns the bytes of one file into its typed form.
enum FileDecoder {
    static func decode(_ file: TreeFile, environment: EnvironmentValues) -> DecodedFile {
        let source = String(decoding: file.bytes, as: UTF8.self)
        let (root, problems) = YAMLReader.read(file.bytes, file: file.path)
        guard let root else {
            return DecodedFile(path: file.path, digest: file.digest, source: source, diagnostics: problems, config: nil)
        }
        let context = DecodeContext(file: file.path, source: source, environment: environment)
        problems.forEach(context.report)
        let traps = YAMLTraps.check(root, source)
        traps.forEach(context.report)
        let config = kind(of: root, context).flatMap { decode(root, as: $0, context) }
        let values = context.usedVariables.sorted().map { "\($0)=\(environment[$0] ?? "")" }
        let digest = values.isEmpty ? file.digest : sha256(Array((file.digest + values.joined(separator: "\n")).utf8))
        return DecodedFile(
            path: file.path, digest: digest, source: source, diagnostics: context.diagnostics, config: config,
            missedKeys: context.missedKeys)
    }

    private static func kind(of root: YAMLNode, _ context: DecodeContext) -> FileKind? {
        let kinds = FileKind.allCases.map(\.rawValue)
        guard root.entries != nil else {
            context.key = "the file"
            context.report("file-shape", at: context.firstLine(of: root.range), "a file under bots/ is keys with values, of which the first is 'kind'", help: "begin with:\nkind: assistant\nversion: 1")
            return nil
        }
        guard let node = root["kind"] else {
            let near = root.entries?.compactMap(\.key.text).first { nearestName(to: $0, in: ["kind"]) != nil }
            let place = root.entries?.first { $0.key.text == near }?.key.range ?? context.firstLine(of: root.entries?.first?.key.range ?? root.range)
            context.report(
                "kind-missing", at: near == nil ? (root.entries?.first?.key.range ?? root.range) : place, near.map { "'\($0)' is not a key, and the file has no 'kind'" } ?? "the file has no 'kind'",
                help: near == nil ? "begin with 'kind: ' and one of \(quotedList(kinds))" : "did you mean 'kind'?")
            return nil
        }
        guard let text = node.text, let kind = FileKind(rawValue: text) else {
            context.report(
                "kind-unknown", at: context.firstLine(of: node.range), "'\(shortened(node.text ?? "this"))' is not a kind of file",
                help: nearestName(to: node.text ?? "", in: kinds).map { "did you mean '\($0)'?" } ?? "the kinds are \(quotedList(kinds))")
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
