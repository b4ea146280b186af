// SPDX-License-Identifier: Apache-2.0
import Orchestrator
import WireProtocols

/// Understands one utterance per line.
enum ParseCommand: Command {
    static let name = "parse"
    static let summary = "understand one utterance per line of standard input, as JSON lines"
    static let flags: [Arguments.Flag] = UnderstandingFlags.all

    static func run(_ arguments: Arguments) throws(UsageError) -> ExitCode {
        guard let understanding = try UnderstandingFlags.load(arguments) else { return .problems }
        var lines = InputLines()
        var out: [UInt8] = []
        while let line = lines.next() {
            understanding.read(line).json.encode(into: &out)
            out.append(UInt8(ascii: "\n"))
            // Whoever waits for the answer to a line gets it before the next is read.
            if out.count >= 1 << 16 || !lines.hasMoreAtHand {
                output(bytes: out)
                out.removeAll(keepingCapacity: true)
            }
        }
        output(bytes: out)
        return .ok
    }
}
