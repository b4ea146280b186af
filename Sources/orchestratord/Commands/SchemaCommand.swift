// SPDX-License-Identifier: Apache-2.0
import Foundation
import Orchestrator

/// Writes the JSON Schemas for editors, or checks that they are up to date.
enum SchemaCommand: Command {
    static let name = "schema"
    static let summary = "write schemas/*.json for YAML editors, or check that they are current"
    static let flags: [Arguments.Flag] = [
        .init(name: "check", value: nil, summary: "write nothing; exit 1 when a schema is stale"),
        .init(name: "to", value: "DIR", summary: "where the schemas are (schemas)"),
    ]

    static func run(_ arguments: Arguments) throws(UsageError) -> ExitCode {
        let folder = arguments.values["to"] ?? "schemas"
        let schemas = SchemaWriter.all()
        if arguments.switches.contains("check") { return check(schemas, folder) }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for (name, text) in schemas {
                try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"), options: .atomic)
            }
        } catch {
            complain("the schemas cannot be written to \(folder): \(error.localizedDescription)")
            return .problems
        }
        output("\(schemas.count) schemas written to \(folder)/")
        return .ok
    }

    private static func check(_ schemas: [(name: String, text: String)], _ folder: String) -> ExitCode {
        let stale = schemas.filter {
            FileManager.default.contents(atPath: "\(folder)/\($0.name)") != Data($0.text.utf8)
        }
        if stale.isEmpty { return .ok }
        complain(
            "stale: \(stale.map { "\(folder)/\($0.name)" }.joined(separator: ", "))\nrun: orchestratord schema"
        )
        return .problems
    }
}
