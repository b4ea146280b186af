// SPDX-License-Identifier: Apache-2.0
package import Diagnostics
package import Intents
import Synchronization

/// The outcome of compiling a tree: everything wrong with it, and what to run on when nothing is.
package struct CompileResult: Sendable {
    /// The compiled tree; nil when there is an error.
    package var parts: Snapshot.Parts?
    /// All findings, sorted by file, line, column.
    package var diagnostics: [Diagnostic]
    /// The texts of all files by path, for showing lines of them.
    package var sources: [String: String]
    /// The certificates and keys it names, also when there is an error.
    package var tls: [TLSFiles] = []
}

/// Compiles trees, remembering what did not change since the last one.
///
/// A file is decoded again when its digest changed; an assistant is linked again when its own file or anything
/// global (libraries, server, routing, records) changed; models are fitted again when their examples changed.
/// So a save among a hundred assistants costs one of each.
package final class SnapshotCompiler: Sendable {
    private struct Linked {
        var digest: String
        var linker: AssistantLinker
    }

    /// All that a model is fitted from: the same key is the same model.
    private struct ModelKey: Hashable {
        let examples: [IntentExamples]
        let outOfScope: [String]

        init(_ origins: AssistantOrigins) { (examples, outOfScope) = (origins.examples, origins.outOfScope) }
    }

    private struct Cache {
        var files: [String: DecodedFile] = [:]
        var assistants: [String: (key: String, findings: LinkFindings, linked: Linked)] = [:]
        var compiled: [String: Assistant] = [:]
        var models: [ModelKey: IntentModel] = [:]
        var floors = SafetyFloors()
        var environment = EnvironmentValues([:])
    }

    private let cache = Mutex(Cache())
    private let folder: String
    private let words: @Sendable () -> WordVectors?

    /// A compiler of trees in a folder of that name; `words` is asked for when the first model is fitted.
    package init(folder: String = "bots", words: @escaping @Sendable () -> WordVectors? = { nil }) {
        self.folder = folder
        self.words = words
    }

    /// Compiles a tree.
    ///
    /// With `fits: false` models are left out and `parts` is nil: for checking only. A `purpose` other than serving
    /// looks past what does not matter for it.
    package func compile(
        _ tree: SourceTree, environment: EnvironmentValues, fits: Bool = true,
        purpose: CompilePurpose = .serving
    ) -> CompileResult {
        cache.withLock { cache in
            var run = Run(
                cache: cache, folder: folder, tree: tree, environment: environment, purpose: purpose,
                words: words)
            let result = run.compile(fits: fits)
            cache = run.cache
            return result
        }
    }

    /// Where the control socket of a tree is, relative to the folder that holds it, even when the tree has problems.
    package func controlPath(_ tree: SourceTree, environment: EnvironmentValues) -> String {
        for file in tree.files {
            guard case .server(let config)? = FileDecoder.decode(file, environment: environment).config else {
                continue
            }
            return config.reload?.control.value ?? ReloadSettings().control
        }
        return ReloadSettings().control
    }

    private struct Run {
        var cache: Cache
        let folder: String
        let tree: SourceTree
        let environment: EnvironmentValues
        let purpose: CompilePurpose
        let words: @Sendable () -> WordVectors?
        var findings = LinkFindings()

        mutating func compile(fits: Bool) -> CompileResult {
            let files = decode()
            var index = TreeIndex(files, &findings)
            index.floors = cache.floors
            checkServer(index)
            var parts = Snapshot.Parts()
            parts.server =
                index.server.map {
                    ServerLinker(
                        config: $0.config, index: index, texts: tree.isRevision ? nil : tree.texts,
                        folder: folder
                    ).link(&findings)
                }
                ?? ServerSettings()
            let routing = RoutingLinker(index: index)
            parts.providers = routing.providers(&findings)
            parts.routes = routing.routes(&findings)
            parts.prices = routing.prices()
            parts.queues = routing.queues(&findings)
            (parts.collections, parts.seeds) = RecordsLinker(index: index).link(&findings)
            if !tree.isRevision {
                parts.knowledge = KnowledgeLinker(index: index, texts: tree.texts, folder: folder).link(
                    &findings)
            }
            TestsLinker(index: index).link(&findings)
            parts.overlays = TestsLinker(index: index).overlays()
            parts.tests = TestsLinker(index: index).tests()
            let assistants = linkAssistants(index)
            UnusedNames(index: index).check(files, &findings)
            let diagnostics = purpose.judge(sorted(files), files: filesThatMatter(assistants))
            let sources = Dictionary(files.map { ($0.path, $0.source) }) { first, _ in first }
            let hasErrors = diagnostics.contains { $0.severity == .error }
            guard fits, !hasErrors else {
                return CompileResult(
                    parts: nil, diagnostics: diagnostics, sources: sources, tls: parts.server.allTLS)
            }
            parts.diagnostics = diagnostics
            parts.sources = sources
            parts.digest = sha256(
                Array(files.map { $0.path + $0.digest }.joined(separator: "\n").utf8)
                    + tree.texts.flatMap { Array(($0.path + $0.digest).utf8) })
            fit(assistants, into: &parts)
            return CompileResult(parts: parts, diagnostics: diagnostics, sources: sources)
        }

        private mutating func decode() -> [DecodedFile] {
            if cache.environment != environment { cache.files = [:] }
            cache.environment = environment
            let old = cache.files
            let files = tree.files.map { file in
                if let known = old[file.path + file.digest] { return known }
                return FileDecoder.decode(file, environment: environment)
            }
            cache.files = Dictionary(zip(tree.files, files).map { ($0.path + $0.digest, $1) }) { first, _ in
                first
            }
            return files
        }

        private mutating func checkServer(_ index: TreeIndex) {
            guard index.server == nil, !tree.files.contains(where: { $0.path.hasSuffix("/server.yaml") })
            else { return }
            findings.error(
                "server-missing", at: .top(of: "\(folder)/server.yaml"), "the tree has no server file",
                help: "add \(folder)/server.yaml with 'kind: server'")
        }

        private mutating func linkAssistants(_ index: TreeIndex) -> [Linked] {
            let globals = tree.files.filter { file in
                !index.assistants.values.values.contains { $0.value.file.path == file.path }
            }
            let common = sha256(
                Array(
                    globals.map { $0.path + (cache.files[$0.path + $0.digest]?.digest ?? $0.digest) }.joined(
                        separator: "\n"
                    ).utf8))
            var kept: [String: (key: String, findings: LinkFindings, linked: Linked)] = [:]
            for (id, (assistant, _)) in index.assistants.values.sorted(by: { $0.key < $1.key }) {
                let key = sha256(Array((common + assistant.file.path + assistant.file.digest).utf8))
                if let known = cache.assistants[id], known.key == key {
                    kept[id] = known
                } else {
                    var linker = AssistantLinker(assistant.config, file: assistant.file, index: index)
                    linker.link()
                    kept[id] = (key, linker.findings, Linked(digest: key, linker: linker))
                }
                kept[id].map { findings.merge($0.findings) }
            }
            cache.assistants = kept
            findings.nameAssistants(kept.values.map { ($0.linked.linker, $0.findings) })
            return kept.keys.sorted().compactMap { kept[$0]?.linked }
        }

        private mutating func fit(_ assistants: [Linked], into parts: inout Snapshot.Parts) {
            var compiled: [String: Assistant] = [:]
            var models: [ModelKey: IntentModel] = [:]
            for linked in assistants where purpose.includes(assistant: linked.linker.parts.id) {
                let linker = linked.linker
                let key = ModelKey(linker.parts.origins)
                let model =
                    models[key] ?? cache.models[key]
                    ?? IntentModel(key.examples, outOfScope: key.outOfScope, words: words())
                models[key] = model
                compiled[linked.digest] =
                    cache.compiled[linked.digest]
                    ?? Assistant(
                        linker.parts,
                        safety: linker.compiledFloor(),
                        model: model,
                        recognizer: EntityRecognizer(linker.entitiesInOrder),
                        digest: linked.digest)
                parts.assistants[linker.parts.id] = compiled[linked.digest]
            }
            cache.compiled = compiled
            cache.models = models
        }

        private func filesThatMatter(_ assistants: [Linked]) -> Set<String>? {
            assistants.first { purpose.includes(assistant: $0.linker.parts.id) }
                .map { Set($0.linker.names.files.map(\.path)) }
        }

        private func sorted(_ files: [DecodedFile]) -> [Diagnostic] {
            let cascade = Cascade(files, linked: findings.diagnostics)
            let linked = findings.diagnostics.filter { !cascade.isEcho($0) }
            return Set(tree.diagnostics + files.flatMap(\.diagnostics) + Cascade.merged(linked)).sorted()
        }
    }
}
