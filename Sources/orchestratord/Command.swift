// SPDX-License-Identifier: Apache-2.0
import Glibc

/// One of the program's commands.
protocol Command {
    /// What is typed.
    static var name: String { get }
    /// One line for the list of commands.
    static var summary: String { get }
    /// Positional arguments as shown in `--help`: `ASSISTANT`.
    static var operands: [String] { get }
    static var flags: [Arguments.Flag] { get }
    static func run(_ arguments: Arguments) async throws(UsageError) -> ExitCode
}

extension Command {
    static var operands: [String] { [] }

    /// `--bots` and `--help`, which every command has.
    static var allFlags: [Arguments.Flag] {
        flags + [
            .init(name: "bots", value: "DIR", summary: "the folder with the YAML files (bots)"),
            .init(
                name: "preset", value: "NAME", summary: "read presets/NAME.yaml in place of server.yaml"),
            .init(name: "help", value: nil, summary: "show this"),
        ]
    }

    static var help: String {
        let usage = (["orchestratord", name] + operands + ["[flags]"]).joined(separator: " ")
        let width = allFlags.map { $0.name.count + ($0.value?.count ?? -1) + 1 }.max() ?? 0
        let lines = allFlags.map { flag in
            let written = "--\(flag.name)" + (flag.value.map { " \($0)" } ?? "")
            return "  \(written)\(String(repeating: " ", count: width + 4 - written.count))\(flag.summary)"
        }
        return "\(summary)\n\nusage: \(usage)\n\n\(lines.joined(separator: "\n"))\n"
    }
}

/// Writes to standard output; what is data goes there.
func output(_ text: String, terminator: String = "\n") { write(text + terminator, to: STDOUT_FILENO) }

/// Writes to standard error; what is for people goes there.
func complain(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

/// Writes bytes to standard output.
func output(bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

private func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

private func write(_ bytes: [UInt8], to descriptor: Int32) {
    var bytes = bytes[...]
    while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return }  // a closed pipe: nobody reads any more
        bytes = bytes.dropFirst(count)
    }
}
