// SPDX-License-Identifier: Apache-2.0
import Foundation
import Orchestrator
import WireProtocols

/// Measures understanding on labelled lines.
enum EvaluateCommand: Command {
    static let name = "evaluate"
    static let summary = "measure understanding on lines of {\"text\", \"intent\"}; intent null: out of scope"
    static let operands = ["[FILE]"]
    static let flags =
        UnderstandingFlags.all + [
            .init(name: "format", value: "FORMAT", summary: "text, json or svg (text)"),
            .init(name: "picture", value: "FILE", summary: "also write the picture, as SVG, to FILE"),
            .init(name: "timing", value: nil, summary: "also measure fitting and understanding"),
        ]

    static func run(_ arguments: Arguments) throws(UsageError) -> ExitCode {
        let format = arguments.values["format"] ?? "text"
        guard ["text", "json", "svg"].contains(format) else {
            throw UsageError("--format is text, json or svg, not '\(format)'")
        }
        var lines = InputLines()
        if let path = arguments.positional.first {
            guard let file = FileHandle(forReadingAtPath: path) else {
                throw UsageError("the file '\(path)' cannot be read")
            }
            lines = InputLines(descriptor: file.fileDescriptor, owner: file)
        }
        guard let understanding = try UnderstandingFlags.load(arguments) else { return .problems }
        guard var report = report(understanding, &lines) else { return .problems }
        if arguments.switches.contains("timing") { report.timing = understanding.timing(of: report.texts) }
        switch format {
        case "json": output(report.json.encodedText)
        case "svg": output(report.svg, terminator: "")
        default: output(report.text)
        }
        if let path = arguments.values["picture"] {
            guard FileManager.default.createFile(atPath: path, contents: Data(report.svg.utf8)) else {
                complain("the picture could not be written to '\(path)'")
                return .problems
            }
        }
        return .ok
    }

    private static func report(_ understanding: AssistantUnderstanding, _ lines: inout InputLines)
        -> EvaluationReport?
    {
        var report = EvaluationReport()
        var unknown: Set<String> = []
        var number = 0
        while let line = lines.next() {
            number += 1
            if line.allSatisfy(\.isWhitespace) { continue }
            do {
                let labelled = try LabelledUtterance(line: line)
                if let intent = labelled.intent, understanding.assistant.parts.intents[intent] == nil {
                    unknown.insert(intent)
                }
                report.add(labelled, as: understanding)
            } catch {
                complain(
                    "line \(number) \(error.reason); a line is {\"text\": \"...\", \"intent\": \"...\" or null}"
                )
                return nil
            }
        }
        for intent in unknown.sorted() {
            complain(
                "warning: '\(understanding.assistant.id)' has no intent '\(intent)', so its lines count as wrong"
            )
        }
        return report
    }
}
