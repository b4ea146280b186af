// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Glibc

/// The program: picks the command and turns its outcome into an exit code.
@main
struct Orchestratord {
    private static var commands: [any Command.Type] {
        [
            ServeCommand.self, ValidateCommand.self, ChatCommand.self, ParseCommand.self,
            EvaluateCommand.self, ExplainCommand.self, ReloadCommand.self,
            StatusCommand.self, SchemaCommand.self, TokenCommand.self,
            UserCommand.self, KeyCommand.self,
            ProvidersCommand.self,
            ImportCommand.self,
        ]
    }

    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        let words = Array(CommandLine.arguments.dropFirst())
        exit(await run(words).rawValue)
    }

    private static func run(_ words: [String]) async -> ExitCode {
        guard let name = words.first, !["--help", "-h", "help"].contains(name) else {
            output(overview, terminator: "")
            return words.isEmpty ? .usage : .ok
        }
        guard let command = commands.first(where: { $0.name == name }) else {
            let near =
                nearestName(to: name, in: commands.map { $0.name }).map { "; did you mean '\($0)'?" } ?? ""
            complain("there is no command '\(name)'\(near)\nsee: orchestratord --help")
            return .usage
        }
        do {
            if words.contains("--help") || words.contains("-h") {
                output(command.help, terminator: "")
                return .ok
            }
            let arguments = try Arguments(
                Array(words.dropFirst()), flags: command.allFlags, positional: command.operands.count)
            return try await command.run(arguments)
        } catch {
            complain("\(error.message)\nsee: orchestratord \(name) --help")
            return .usage
        }
    }

    private static var overview: String {
        let width = commands.map { $0.name.count }.max() ?? 0
        let lines = commands.map {
            "  \($0.name)\(String(repeating: " ", count: width + 2 - $0.name.count))\($0.summary)"
        }
        return
            "Runs chat assistants that are plain YAML files.\n\nusage: orchestratord COMMAND [flags]\n\n\(lines.joined(separator: "\n"))\n\nEach command has its own --help.\n"
    }
}
