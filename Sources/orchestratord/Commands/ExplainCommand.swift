// SPDX-License-Identifier: Apache-2.0
import Orchestrator
import WireProtocols

/// Shows why one message is answered as it is.
enum ExplainCommand: Command {
    static let name = "explain"
    static let summary = "why a message is answered as it is: stage by stage, with the YAML lines"
    static let operands = ["MESSAGE"]
    static let flags =
        UnderstandingFlags.all + [.init(name: "format", value: "FORMAT", summary: "text or json (text)")]

    static func run(_ arguments: Arguments) throws(UsageError) -> ExitCode {
        guard let message = arguments.positional.first else { throw UsageError("explain needs a message") }
        let format = arguments.values["format"] ?? "text"
        guard ["text", "json"].contains(format) else {
            throw UsageError("--format is text or json, not '\(format)'")
        }
        guard let understanding = try UnderstandingFlags.load(arguments) else { return .problems }
        let explanation = understanding.explain(message)
        output(format == "json" ? explanation.json.encodedText : explanation.text)
        return .ok
    }
}
