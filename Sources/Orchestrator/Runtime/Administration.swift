// SPDX-License-Identifier: Apache-2.0
import Diagnostics
package import WireProtocols

/// What operators ask of a running server, over the control socket and the native API.
package struct Administration: AdminControl {
    let reloader: Reloader
    let snapshots: SnapshotStore
    let accounts: AccountDirectory

    /// Takes the files as they are; `text` shows the problems with their lines.
    package func reload(dryRun: Bool) async -> JSON {
        let report = await reloader.reload(trigger: "command", dryRun: dryRun)
        var answer = report.json.members ?? JSONObject()
        answer["diagnostics"] = report.findings
        answer["text"] = .string(report.text)
        return .object(answer)
    }

    /// The revision being served and the last 50 attempts, newest first.
    package func status() async -> JSON {
        let reports = await reloader.reports
        let parts = snapshots.current().parts
        let isStale = await reloader.state == "stale"
        return [
            "revision": .string(snapshots.current().revision), "config": .string(isStale ? "stale" : "ok"),
            "assistants": .array(parts.assistants.keys.sorted().map { .string($0) }),
            "history": .array(reports.map(\.json)),
            "problems": isStale
                ? reports.first { $0.outcome == .rejected }.map { .string($0.text) } ?? .null : .null,
        ]
    }

    /// What is wrong or doubtful in the files, as the last attempt saw them.
    package func diagnostics() async -> JSON {
        ["diagnostics": await reloader.reports.first?.findings ?? []]
    }

    /// Takes what a command changed about accounts and keys.
    private func refreshAccounts() async -> JSON {
        do throws(StorageError) {
            try await accounts.refresh()
            return ["outcome": "applied"]
        } catch {
            return ["error": .string(error.message)]
        }
    }

    /// Answers one request of the control socket.
    func answer(_ request: JSON) async -> JSON {
        switch request["command"]?.text {
        case "reload": await reload(dryRun: request["dry_run"]?.flag ?? false)
        case "status": await status()
        case "accounts": await refreshAccounts()
        default: ["error": "the control socket answers 'reload', 'status' and 'accounts'"]
        }
    }
}
