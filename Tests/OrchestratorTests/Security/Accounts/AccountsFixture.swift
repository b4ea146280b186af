// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing

@testable import Orchestrator

/// Accounts over a store in memory, with cheap hashes and a clock that stands still.
struct AccountsFixture: Sendable {
    static let password = "correct horse"
    let store = MemoryStore()
    let clock = ManualClock("2026-03-09T10:00:00.500Z")
    let directory: AccountDirectory
    let accounts: Accounts
    var server = ServerSettings()
    var limits = Limits()

    init() throws {
        directory = AccountDirectory(store: store)
        var settings = AccountsSettings(
            store: store, hasher: try PasswordHasher(threads: 1, cost: 4), directory: directory)
        settings.clock = clock
        accounts = Accounts(settings)
    }

    func draft(_ name: String, _ password: String = password, email: String? = nil) -> AccountDraft {
        AccountDraft(name: name, password: password, email: email, role: "PATIENT", minimum: 8)
    }

    func add(_ name: String) async throws -> UserRecord {
        try await accounts.add(draft(name), by: Accounts.operatorID)
    }

    func login(_ name: String, _ password: String = password, peer: String = "10.0.0.1") async throws
        -> UserRecord
    {
        try await accounts.login(name, password: password, peer: peer, server, limits: limits)
    }

    /// What was written into the audit trail, oldest first.
    func audit() async throws -> [String] {
        try await store.latestAudit(limit: 100).map { "\($0.actor) \($0.action) \($0.subject) \($0.outcome)" }
    }
}
