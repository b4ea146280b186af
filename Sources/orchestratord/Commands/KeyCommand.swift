// SPDX-License-Identifier: Apache-2.0
import Orchestrator
import WireProtocols

/// Long-lived keys for programs.
enum KeyCommand: Command {
    static let name = "key"
    static let summary = "long-lived API keys: key add|list|revoke [NAME|ID]"
    static let operands = ["ACTION", "[NAME|ID]"]
    static let flags: [Arguments.Flag] = [
        .init(name: "role", value: "ROLE", summary: "add: the role, as declared in server.yaml"),
        .init(name: "assistants", value: "ID,...", summary: "add: the only assistants it may use"),
        .init(
            name: "expires", value: "TIME",
            summary: "add: how long it is good, as in 90d; for ever when left out"),
        .format,
    ]

    static func run(_ arguments: Arguments) async throws(UsageError) -> ExitCode {
        let action = try arguments.action(of: ["add", "list", "revoke"])
        let name = arguments.positional.count > 1 ? arguments.positional[1] : nil
        guard action == "list" || name != nil else {
            throw UsageError(
                action == "add" ? "key add needs a name: what the key is for" : "key revoke needs an id")
        }
        return try await OpenedStore.with(arguments) { (opened) throws(CommandError) in
            switch action {
            case "add": try await add(name ?? "", arguments, opened)
            case "revoke": try await revoke(name ?? "", opened)
            default: try await list(opened, asJSON: arguments.isJSON)
            }
        }
    }

    private static func add(
        _ name: String, _ arguments: Arguments, _ opened: OpenedStore
    ) async throws(CommandError) {
        guard let role = arguments.values["role"] else {
            throw CommandError(.usage, "key add needs --role ROLE")
        }
        try opened.check(role: role)
        let assistants = arguments.values["assistants"]?.split(separator: ",").map(String.init)
        for assistant in assistants ?? [] where opened.snapshot.assistants[assistant] == nil {
            throw CommandError(.usage, "--assistants: there is no assistant '\(assistant)'")
        }
        let valid = arguments.values["expires"].flatMap(Duration.init(written:))
        guard valid != nil || arguments.values["expires"] == nil else {
            throw CommandError(.usage, "--expires is a length of time with its unit, as in 90d")
        }
        do throws(StorageError) {
            let key = try await opened.accounts.addKey(
                name: name, role: role, assistants: assistants, valid: valid)
            output(key.text)
            complain("\(key.id): kept as a hash only, so this is the one time it is shown")
        } catch {
            throw CommandError(error)
        }
    }

    private static func revoke(_ id: String, _ opened: OpenedStore) async throws(CommandError) {
        do throws(StorageError) { try await opened.accounts.revokeKey(id) } catch {
            throw CommandError(error)
        }
    }

    private static func list(_ opened: OpenedStore, asJSON: Bool) async throws(CommandError) {
        let keys: [KeyRecord]
        do throws(StorageError) { keys = try await opened.store.keys() } catch { throw CommandError(error) }
        for key in keys { output(asJSON ? key.json.encodedText : key.line) }
    }
}

extension KeyRecord {
    fileprivate var line: String {
        let end =
            revokedAt.map { "revoked \($0.iso8601)" } ?? expiresAt.map { "until \($0.iso8601)" } ?? "no end"
        let scope = assistants.map { "  only " + $0.joined(separator: ",") } ?? ""
        return "\(id)  \(role)\(scope)  \(end)  last used \(lastUsedAt?.iso8601 ?? "never")  \(name)"
    }

    /// One line of `key list --format json`.
    fileprivate var json: JSON {
        [
            "id": .string(id), "name": .string(name), "role": .string(role),
            "assistants": assistants.map { .array($0.map { .string($0) }) } ?? .null,
            "created_at": .string(createdAt.iso8601),
            "expires_at": expiresAt.map { .string($0.iso8601) } ?? .null,
            "revoked_at": revokedAt.map { .string($0.iso8601) } ?? .null,
            "last_used_at": lastUsedAt.map { .string($0.iso8601) } ?? .null,
        ]
    }
}
