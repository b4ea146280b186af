// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import Orchestrator

/// Shows everything wrong with a tree, offline.
enum ValidateCommand: Command {
    static let name = "validate"
    static let summary = "show all problems of the YAML files"
    static let flags: [Arguments.Flag] = [
        .init(name: "format", value: "FORMAT", summary: "text, json or sarif (text)"),
        .init(name: "show-defaults", value: nil, summary: "list every key with its default instead"),
    ]

    static func run(_ arguments: Arguments) throws(UsageError) -> ExitCode {
        if arguments.switches.contains("show-defaults") {
            output(SchemaWriter.defaults(), terminator: "")
            return .ok
        }
        let format = arguments.values["format"] ?? "text"
        guard ["text", "json", "sarif"].contains(format) else {
            throw UsageError("--format is text, json or sarif, not '\(format)'")
        }
        let loaded = try LoadedTree(arguments)
        var result = Self.check(loaded)
        let certificates = CertificateFiles(base: loaded.reader.base, clock: SystemWallClock())
        result.diagnostics = (result.diagnostics + certificates.problems(of: result.tls)).sorted()
        show(result, format)
        return result.diagnostics.contains { $0.severity == .error } ? .problems : .ok
    }

    /// The tree's problems, and those that its presets have besides.
    private static func check(_ loaded: LoadedTree) -> CompileResult {
        var reader = loaded.reader
        // One for all: most of what a preset reads was read for the tree.
        let compiler = SnapshotCompiler(folder: reader.name)
        var result = compiler.compile(
            reader.read(), environment: loaded.environment, fits: false)
        guard reader.preset == nil else { return result }
        for preset in reader.presets {
            reader.preset = preset
            let own = compiler.compile(
                reader.read(), environment: loaded.environment, fits: false)
            let known = Set(result.diagnostics)
            result.diagnostics += own.ofPreset(reader).filter { !known.contains($0) }
            result.sources.merge(own.sources) { first, _ in first }
        }
        result.diagnostics.sort()
        return result
    }

    private static func show(_ result: CompileResult, _ format: String) {
        let renderer = DiagnosticRenderer(
            sources: result.sources.map { SourceText(file: $0.key, text: $0.value) })
        switch format {
        case "json": output(renderer.json(result.diagnostics))
        case "sarif": output(renderer.sarif(result.diagnostics))
        default: output(result.diagnostics.isEmpty ? "no problems" : renderer.text(result.diagnostics))
        }
    }
}

/// The tree that `--bots` names, and the environment its `${env...}` see.
struct LoadedTree {
    let reader: TreeReader
    let environment: EnvironmentValues

    init(_ arguments: Arguments) throws(UsageError) {
        let path = arguments.values["bots"] ?? "bots"
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            throw UsageError("there is no folder '\(path)'; name the folder with the YAML files: --bots DIR")
        }
        let preset = arguments.values["preset"]
        reader = TreeReader(root: path, preset: preset)
        if let preset, !reader.presets.contains(preset) {
            let known = reader.presets
            throw UsageError(
                "there is no preset '\(preset)'; "
                    + (known.isEmpty
                        ? "\(path)/presets/ holds none" : "there is \(known.joined(separator: ", "))"))
        }
        environment = EnvironmentValues.load(
            file: reader.base + "/.env", process: ProcessInfo.processInfo.environment)
    }

    /// The environment with `.env` as it is now.
    var currentEnvironment: EnvironmentValues {
        EnvironmentValues.load(file: reader.base + "/.env", process: ProcessInfo.processInfo.environment)
    }
}
