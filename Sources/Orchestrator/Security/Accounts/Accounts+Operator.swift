// SPDX-License-Identifier: Apache-2.0

/// What only the operator does, from the command line.
///
/// The store is changed; a running server notices (``AccountDirectory``).
extension Accounts {
    /// Who the audit trail says it was.
    package static let operatorID = "operator"
    /// Keys a server knows; more are refused, since all are kept in memory.
    package static let maxKeys = 10_000
    /// How long a reset token is good.
    package static let resetTime = Duration.seconds(24 * 3600)

    /// Shuts an account, or opens it again.
    package func setDisabled(_ isDisabled: Bool, of user: UserRecord) async throws(StorageError) {
        try await settings.store.setDisabled(
            isDisabled, of: user.id, tokensFrom: Self.nextSecond(settings.clock.now()))
        await audit(Self.operatorID, isDisabled ? "user-disabled" : "user-enabled", user.id, "ok")
    }

    /// A token by which that person sets a new password, once; the store has only its hash.
    package func makeReset(of user: UserRecord) async throws(StorageError) -> String {
        let token = "orr_" + String(APIKey().text.suffix(43))
        try await settings.store.addReset(
            APIKey.hash(token), of: user.id, expires: settings.clock.now() + Self.resetTime)
        await audit(Self.operatorID, "password-reset-made", user.id, "ok")
        return token
    }

    /// A new key; its text is not kept anywhere.
    package func addKey(
        name: String, role: String, assistants: [String]?, valid: Duration?
    ) async throws(StorageError) -> APIKey {
        let known = try await settings.store.keys().filter { $0.revokedAt == nil }.count
        guard known < Self.maxKeys else {
            throw StorageError(.full, "there are \(known) keys already; revoke those that nobody uses")
        }
        let now = settings.clock.now()
        let key = APIKey()
        try await settings.store.addKey(
            key.record(
                name: name, role: role, assistants: assistants, now: now, expires: valid.map { now + $0 }))
        await audit(Self.operatorID, "key-added", key.id, "ok")
        return key
    }

    /// Takes a key back.
    package func revokeKey(_ id: String) async throws(StorageError) {
        try await settings.store.revokeKey(id, at: settings.clock.now())
        await audit(Self.operatorID, "key-revoked", id, "ok")
    }
}
