// SPDX-License-Identifier: Apache-2.0
import Orchestrator

/// Makes a token for trying things.
enum TokenCommand: Command {
    static let name = "token"
    static let summary = "make a token for trying things"
    static let flags: [Arguments.Flag] = [
        .init(name: "role", value: "ROLE", summary: "the role, as declared in server.yaml"),
        .init(name: "user", value: "ID", summary: "the user id"),
        .init(name: "name", value: "NAME", summary: "the person's name"),
        .init(
            name: "issuer", value: "NAME",
            summary: "the issuer; the first that can carry the role when left out"),
    ]

    static func run(_ arguments: Arguments) throws(UsageError) -> ExitCode {
        guard let role = arguments.values["role"], let user = arguments.values["user"], !user.isEmpty else {
            throw UsageError("token needs --role ROLE and --user ID")
        }
        let loaded = try LoadedTree(arguments)
        let result = SnapshotCompiler(folder: loaded.reader.name).compile(
            loaded.reader.read(), environment: loaded.environment)
        guard let server = result.parts?.server else {
            complain("the configuration has problems; see: orchestratord validate")
            return .problems
        }
        guard server.roles[role] != nil else {
            throw UsageError(
                "there is no role '\(role)'; there is \(server.roles.keys.sorted().joined(separator: ", "))")
        }
        guard let signer = TokenSigner.first(of: server, for: role, named: arguments.values["issuer"]) else {
            complain(
                "no issuer\(arguments.values["issuer"].map { " '\($0)'" } ?? "") can sign a token for \(role); see auth.issuers in server.yaml"
            )
            return .problems
        }
        output(
            signer.sign(user: user, role: role, name: arguments.values["name"], now: SystemWallClock().now()))
        return .ok
    }
}
