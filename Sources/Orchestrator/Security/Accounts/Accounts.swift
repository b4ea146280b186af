// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What accounts are wired to.
package struct AccountsSettings: Sendable {
    /// Where accounts are kept.
    package var store: any AccountStore
    /// The audit trail.
    package var audit: any ConversationStore
    /// Looks at passwords.
    package var hasher: PasswordHasher
    /// What requests know of accounts.
    package var directory: AccountDirectory
    /// What time it is.
    package var clock: any WallClock = SystemWallClock()
    /// Where a lost audit row is told.
    package var log: any LogSink = SilentLog()

    /// Accounts in that store, with the machine's clock.
    package init(
        store: any AccountStore & ConversationStore, hasher: PasswordHasher, directory: AccountDirectory
    ) {
        self.store = store
        audit = store
        self.hasher = hasher
        self.directory = directory
    }
}

/// People's accounts: made, proven by a password, changed.
///
/// Whoever asks is counted by address, and by account and address together: a stranger can use up his own tries on
/// somebody's account, never that person's. Everything that fails costs the same work, known name or not.
package final class Accounts: Sendable {
    let settings: AccountsSettings
    private let attempts = RequestLimiter()
    /// Refusals that were audited, so that a flood of them does not fill the trail.
    private let audited = RequestLimiter()

    /// Accounts on these parts.
    package init(_ settings: AccountsSettings) { self.settings = settings }

    /// Who proves to be somebody: their account as it was before this login.
    package func login(
        _ name: String, password: String, peer: String, _ server: ServerSettings, limits: Limits
    ) async throws(AccountError) -> UserRecord {
        let now = settings.clock.now()
        try await count(name, peer: peer, limits, now: now)
        if let admin = server.admin, admin.matches(name, password) {
            // The same work as for everybody else, so that the time does not tell the address from others.
            _ = try await compare(password, nil)
            await audit(Self.adminID, "login", Self.adminID, "ok")
            return admin.record(now: now)
        }
        let user = try await stored { () throws(StorageError) in
            try await settings.store.user(named: name)
        }
        guard try await compare(password, user?.passwordHash), let user, !user.isDisabled else {
            await audit("anonymous", "login", user?.id ?? "unknown", user == nil ? "unknown-user" : "refused")
            throw .wrongCredentials
        }
        try await stored { () throws(StorageError) in try await settings.store.noteLogin(of: user.id, at: now)
        }
        await audit(user.id, "login", user.id, "ok")
        return user
    }

    /// A new account.
    package func register(_ draft: AccountDraft, peer: String, limits: Limits) async throws(AccountError)
        -> UserRecord
    {
        let now = settings.clock.now()
        try draft.check()
        try await count("", peer: peer, limits, now: now)
        // Before the hash: telling that a name is taken is the contract, and hashing for it would be for nothing.
        guard
            try await stored({ () throws(StorageError) in try await settings.store.user(named: draft.name) })
                == nil
        else { throw .nameTaken }
        return try await add(draft, by: nil)
    }

    /// A new account, made by the operator.
    package func add(_ draft: AccountDraft, by actor: String?) async throws(AccountError) -> UserRecord {
        try draft.check()
        let user = UserRecord(
            id: RandomID.uuid(), name: draft.name, email: draft.email,
            passwordHash: try await hash(draft.password), role: draft.role, createdAt: settings.clock.now())
        do { try await settings.store.addUser(user) } catch {
            throw error.kind == .conflict ? .nameTaken : .store(error)
        }
        await audit(actor ?? user.id, "user-added", user.id, "ok")
        return user
    }

    /// Changes a password by the old one; tokens made before prove nothing any more.
    package func changePassword(
        of id: String, from old: String, to new: String, minimum: Int, peer: String, limits: Limits
    ) async throws(AccountError) -> UserRecord {
        let now = settings.clock.now()
        try AccountDraft.check(password: new, minimum: minimum)
        try await count(id, peer: peer, limits, now: now)
        let user = try await stored { () throws(StorageError) in try await settings.store.user(id: id) }
        guard try await compare(old, user?.passwordHash), let user, !user.isDisabled else {
            await audit(id, "password-changed", id, "refused")
            throw .wrongCredentials
        }
        return try await setPassword(new, of: user, by: id)
    }

    /// Sets a password without the old one: the operator's way.
    package func setPassword(
        _ password: String, of user: UserRecord, by actor: String
    ) async throws(AccountError) -> UserRecord {
        let hash = try await hash(password)
        let start = Self.nextSecond(settings.clock.now())
        try await stored { () throws(StorageError) in
            try await settings.store.setPassword(hash, of: user.id, tokensFrom: start)
        }
        try await stored { () throws(StorageError) in try await settings.directory.refresh() }
        await audit(actor, "password-changed", user.id, "ok")
        var changed = user
        (changed.passwordHash, changed.tokensFrom) = (hash, start)
        return changed
    }

    /// Changes a password by a reset token, once.
    package func resetPassword(
        _ token: String, to new: String, minimum: Int, peer: String, limits: Limits
    ) async throws(AccountError) -> UserRecord {
        let now = settings.clock.now()
        try AccountDraft.check(password: new, minimum: minimum)
        try await count("", peer: peer, limits, now: now)
        let digest = APIKey.hash(token)
        // Asked first, so that guesses cost the server no hash.
        guard
            try await stored({ () throws(StorageError) in try await settings.store.resetUser(digest, now: now)
            })
                != nil
        else { throw .resetUnknown }
        let hash = try await hash(new)
        let start = Self.nextSecond(now)
        let id = try await stored { () throws(StorageError) in
            try await settings.store.resetPassword(digest, to: hash, now: now, tokensFrom: start)
        }
        guard let id,
            let user = try await stored({ () throws(StorageError) in try await settings.store.user(id: id) })
        else { throw .resetUnknown }
        try await stored { () throws(StorageError) in try await settings.directory.refresh() }
        await audit(id, "password-reset", id, "ok")
        return user
    }

    /// The account of that id.
    package func user(_ id: String) async throws(AccountError) -> UserRecord? {
        try await stored { () throws(StorageError) in try await settings.store.user(id: id) }
    }
}

// MARK: the parts

extension Accounts {
    /// Who `auth.admin` is in tokens and in the audit trail.
    static let adminID = "admin-1"

    /// Token times are whole seconds: what was made in this one must count as made before.
    static func nextSecond(_ now: Timestamp) -> Timestamp {
        Timestamp(milliseconds: (now.seconds + 1) * 1000)
    }

    /// Counts a try, by address and by account and address.
    private func count(
        _ account: String, peer: String, _ limits: Limits, now: Timestamp
    ) async throws(AccountError) {
        let logins = limits.logins
        let perAddress = RequestLimit(max: logins.perAddress, per: logins.per)
        var decision = attempts.admit("address " + peer, perAddress, now: now)
        if case .admitted = decision, !account.isEmpty {
            let perAccount = RequestLimit(max: logins.perAccount, per: logins.per)
            decision = attempts.admit(UserRecord.key(account) + " " + peer, perAccount, now: now)
        }
        guard case .refused(let quota) = decision else { return }
        if case .admitted = audited.admit(peer, RequestLimit(max: 1, per: logins.per), now: now) {
            await audit("anonymous", "login", "unknown", "rate-limited")
        }
        throw .limited(retryAfter: quota.reset)
    }

    private func compare(_ password: String, _ hash: String?) async throws(AccountError) -> Bool {
        do throws(PasswordError) { return try await settings.hasher.verify(password, against: hash) } catch {
            throw AccountError(error)
        }
    }

    private func hash(_ password: String) async throws(AccountError) -> String {
        do throws(PasswordError) { return try await settings.hasher.hash(password) } catch {
            throw AccountError(error)
        }
    }

    private func stored<Value>(
        _ body: () async throws(StorageError) -> Value
    ) async throws(AccountError) -> Value {
        do throws(StorageError) { return try await body() } catch { throw .store(error) }
    }

    /// Writes an audit row; a lost one is told, and stops nobody from logging in.
    func audit(_ actor: String, _ action: String, _ subject: String, _ outcome: String) async {
        let row = AuditRecord(
            at: settings.clock.now(), actor: actor, action: action, subject: subject, outcome: outcome)
        do { try await settings.audit.appendAudit([row]) } catch {
            settings.log.log(.error, "audit-unstored", error.message)
        }
    }
}
