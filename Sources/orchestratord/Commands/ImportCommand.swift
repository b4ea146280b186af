// SPDX-License-Identifier: Apache-2.0
import Foundation
import Orchestrator

/// Takes over the configuration of another system.
enum ImportCommand: Command {
    static let name = "import"
    static let summary = "turn the configuration of another system into YAML"
    static let operands = ["assistants-json", "FILE"]
    static let flags: [Arguments.Flag] = [
        .init(name: "to", value: "DIR", summary: "where the files are written (bots)")
    ]

    static func run(_ arguments: Arguments) throws(UsageError) -> ExitCode {
        guard arguments.positional.count == 2, arguments.positional[0] == "assistants-json" else {
            throw UsageError("import needs what to import and from where: import assistants-json FILE")
        }
        guard let data = FileManager.default.contents(atPath: arguments.positional[1]) else {
            throw UsageError("'\(arguments.positional[1])' cannot be read")
        }
        do throws(AssistantsImport.Problem) {
            let imported = try AssistantsImport(Array(data))
            return write(imported, to: arguments.values["to"] ?? "bots")
        } catch {
            complain("\(arguments.positional[1]): \(error.message)")
            return .problems
        }
    }

    private static func write(_ imported: AssistantsImport, to folder: String) -> ExitCode {
        let paths = imported.files.map { "\(folder)/\($0.name)" }
        if let taken = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) {
            complain("\(taken) is there already; move it away first")
            return .problems
        }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for (path, file) in zip(paths, imported.files) {
                try Data(file.text.utf8).write(to: URL(fileURLWithPath: path))
            }
        } catch {
            complain("the files cannot be written to \(folder): \(error.localizedDescription)")
            return .problems
        }
        output(paths.joined(separator: "\n"))
        output("write into the widget's channel: assistants: \(imported.channel)")
        return .ok
    }
}
