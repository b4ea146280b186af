// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Orchestrator
import WireProtocols

/// People's accounts.
enum UserCommand: Command {
    static let name = "user"
    static let summary = "accounts: user add|list|disable|enable|password [NAME]"
    static let operands = ["ACTION", "[NAME]"]
    static let flags: [Arguments.Flag] = [
        .init(name: "role", value: "ROLE", summary: "add: the role, as declared in server.yaml"),
        .init(name: "email", value: "ADDRESS", summary: "add: the person's e-mail address"),
        .init(
            name: "reset", value: nil,
            summary: "password: print a token with which the person sets it, once, within 24 hours"),
        .format,
    ]
    private static let actions = ["add", "list", "disable", "enable", "password"]

    static func run(_ arguments: Arguments) async throws(UsageError) -> ExitCode {
        let action = try arguments.action(of: actions)
        if action == "list" {
            return try await OpenedStore.with(arguments) { (opened) throws(CommandError) in
                try await list(opened, asJSON: arguments.isJSON)
            }
        }
        guard arguments.positional.count == 2 else { throw UsageError("user \(action) needs a name") }
        let name = arguments.positional[1]
        return try await OpenedStore.with(arguments) { (opened) throws(CommandError) in
            switch action {
            case "add": try await add(name, arguments, opened)
            case "password": try await password(name, resets: arguments.switches.contains("reset"), opened)
            default: try await setDisabled(action == "disable", name, opened)
            }
        }
    }

    private static func add(
        _ name: String, _ arguments: Arguments, _ opened: OpenedStore
    ) async throws(CommandError) {
        guard let role = arguments.values["role"] else {
            throw CommandError(.usage, "user add needs --role ROLE")
        }
        try opened.check(role: role)
        let draft = AccountDraft(
            name: name, password: try PasswordPrompt.read(), email: arguments.values["email"], role: role,
            minimum: opened.server.minPassword)
        do throws(AccountError) {
            output(try await opened.accounts.add(draft, by: Accounts.operatorID).id)
        } catch {
            throw CommandError(error)
        }
    }

    private static func password(
        _ name: String, resets: Bool, _ opened: OpenedStore
    ) async throws(CommandError) {
        let user = try await opened.user(name)
        if resets {
            do throws(StorageError) { output(try await opened.accounts.makeReset(of: user)) } catch {
                throw CommandError(error)
            }
            return
        }
        let password = try PasswordPrompt.read()
        do throws(AccountError) {
            try AccountDraft.check(password: password, minimum: opened.server.minPassword)
            _ = try await opened.accounts.setPassword(password, of: user, by: Accounts.operatorID)
        } catch {
            throw CommandError(error)
        }
    }

    private static func setDisabled(
        _ isDisabled: Bool, _ name: String, _ opened: OpenedStore
    ) async throws(CommandError) {
        let user = try await opened.user(name)
        do throws(StorageError) { try await opened.accounts.setDisabled(isDisabled, of: user) } catch {
            throw CommandError(error)
        }
    }

    private static func list(_ opened: OpenedStore, asJSON: Bool) async throws(CommandError) {
        var last: String?
        repeat {
            let users: [UserRecord]
            do throws(StorageError) { users = try await opened.store.users(after: last, limit: 500) } catch {
                throw CommandError(error)
            }
            for user in users {
                let login = user.lastLogin?.iso8601 ?? "never"
                output(
                    asJSON
                        ? user.json.encodedText
                        : "\(user.id)  \(user.role)\(user.isDisabled ? "  disabled" : "")  last login \(login)  \(user.name)"
                )
            }
            last = users.last?.name
        } while last != nil
    }
}

extension UserRecord {
    /// One line of `user list --format json`.
    fileprivate var json: JSON {
        [
            "id": .string(id), "name": .string(name), "email": email.map { .string($0) } ?? .null,
            "role": .string(role), "disabled": .bool(isDisabled), "created_at": .string(createdAt.iso8601),
            "last_login": lastLogin.map { .string($0.iso8601) } ?? .null,
        ]
    }
}

extension Arguments {
    /// The first operand, which says what a command with several is to do.
    func action(of actions: [String]) throws(UsageError) -> String {
        guard let action = positional.first else {
            throw UsageError("say what to do: \(actions.joined(separator: ", "))")
        }
        guard actions.contains(action) else {
            let near = nearestName(to: action, in: actions).map { "; did you mean '\($0)'?" } ?? ""
            throw UsageError("'\(action)' is none of \(actions.joined(separator: ", "))\(near)")
        }
        let format = values["format"] ?? "text"
        guard ["text", "json"].contains(format) else {
            throw UsageError("--format is text or json, not '\(format)'")
        }
        return action
    }

    /// True with `--format json`.
    var isJSON: Bool { values["format"] == "json" }
}
