// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// A command's flags and positional arguments, checked against what the command takes.
struct Arguments {
    /// One flag of a command.
    struct Flag {
        var name: String
        /// What stands for its value in `--help`; nil for a switch.
        var value: String?
        var summary: String
    }

    private(set) var values: [String: String] = [:]
    private(set) var switches: Set<String> = []
    private(set) var positional: [String] = []

    /// Reads `--name value`, `--name=value` and switches.
    /// - Throws: ``UsageError`` for a flag the command does not have, with the nearest one.
    init(_ words: [String], flags: [Flag], positional limit: Int) throws(UsageError) {
        var words = words[...]
        while let word = words.popFirst() {
            guard word.hasPrefix("--"), word != "--" else {
                positional.append(word)
                continue
            }
            let parts = word.dropFirst(2).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false
            ).map(String.init)
            guard let flag = flags.first(where: { $0.name == parts[0] }) else {
                throw Self.unknown(parts[0], flags)
            }
            if flag.value == nil {
                guard parts.count == 1 else { throw UsageError("--\(flag.name) takes no value") }
                switches.insert(flag.name)
            } else {
                guard let value = parts.count == 2 ? parts[1] : words.popFirst() else {
                    throw UsageError("--\(flag.name) needs a value: --\(flag.name) \(flag.value ?? "")")
                }
                values[flag.name] = value
            }
        }
        if positional.count > limit { throw UsageError("'\(positional[limit])' is one argument too many") }
    }

    private static func unknown(_ name: String, _ flags: [Flag]) -> UsageError {
        let near = nearestName(to: name, in: flags.map(\.name)).map { "; did you mean '--\($0)'?" } ?? ""
        return UsageError("there is no flag '--\(name)'\(near)")
    }
}

/// A command line that cannot be carried out as written; exit code 2.
struct UsageError: Error {
    let message: String
    init(_ message: String) { self.message = message }
}

/// How a command ended, as its exit code (DESIGN 4).
enum ExitCode: Int32 {
    case ok = 0
    case problems = 1
    case usage = 2
    case testsFailed = 3
    case cannotStart = 4
}
