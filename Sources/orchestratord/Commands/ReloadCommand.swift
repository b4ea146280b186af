// SPDX-License-Identifier: Apache-2.0
import Foundation
import Orchestrator
import WireProtocols

/// Asks the running server to take the files as they are.
enum ReloadCommand: Command {
    static let name = "reload"
    static let summary = "have the running server take the files as they are now"
    static let flags: [Arguments.Flag] = [
        .init(name: "dry-run", value: nil, summary: "only say what would come of it"), .format,
    ]

    static func run(_ arguments: Arguments) throws(UsageError) -> ExitCode {
        try ControlClient.ask(
            ["command": "reload", "dry_run": .bool(arguments.switches.contains("dry-run"))], arguments
        ) { answer in
            if let text = answer["text"]?.text, !text.isEmpty { complain(text) }
            let outcome = answer["outcome"]?.text ?? "unknown"
            output(
                "\(outcome): revision \(answer["revision"]?.text ?? "?") in \(answer["milliseconds"]?.double.map { String(format: "%.1f", $0) } ?? "?") ms"
            )
            return outcome == "rejected" ? .problems : .ok
        }
    }
}

/// Shows what the running server runs on.
enum StatusCommand: Command {
    static let name = "status"
    static let summary = "show what the running server runs on, and the last reloads"
    static let flags: [Arguments.Flag] = [.format]

    static func run(_ arguments: Arguments) throws(UsageError) -> ExitCode {
        try ControlClient.ask(["command": "status"], arguments) { answer in
            let isStale = answer["config"]?.text == "stale"
            output(
                "revision \(answer["revision"]?.text ?? "?")\(isStale ? ", and the files on disk are refused" : "")"
            )
            for report in (answer["history"]?.list ?? []).prefix(10) {
                let fields = ["at", "trigger", "outcome", "revision"].compactMap { report[$0]?.text }
                output(
                    "  " + fields.joined(separator: "  ")
                        + "  \(report["errors"]?.int ?? 0) errors, \(report["warnings"]?.int ?? 0) warnings")
            }
            if let problems = answer["problems"]?.text { output("\n" + problems) }
            return .ok
        }
    }
}

extension Arguments.Flag {
    /// `--format` of commands whose output is data.
    static let format = Arguments.Flag(name: "format", value: "FORMAT", summary: "text or json (text)")
}

/// Talks to the control socket of the server that runs on a tree.
enum ControlClient {
    static func ask(_ request: JSON, _ arguments: Arguments, show: (JSON) -> ExitCode) throws(UsageError)
        -> ExitCode
    {
        let format = arguments.values["format"] ?? "text"
        guard ["text", "json"].contains(format) else {
            throw UsageError("--format is text or json, not '\(format)'")
        }
        let loaded = try LoadedTree(arguments)
        let answer: JSON
        do { answer = try ControlSocket.ask(path(loaded), request) } catch {
            complain(error.message)
            return .cannotStart
        }
        guard format == "json" else { return show(answer) }
        output(answer.encodedText)
        return answer["outcome"]?.text == "rejected" ? .problems : .ok
    }

    // The files may be broken just now, which is when one asks; the socket's place is read as far as it can be.
    private static func path(_ loaded: LoadedTree) -> String {
        let result = SnapshotCompiler(folder: loaded.reader.name).controlPath(
            loaded.reader.read(), environment: loaded.environment)
        return result.path(in: loaded.reader.base)
    }
}
