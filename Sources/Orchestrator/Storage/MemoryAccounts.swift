// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Accounts and keys in memory.
struct MemoryAccounts {
    struct Reset {
        var user: String
        var expires: Timestamp
    }

    var users: [String: UserRecord] = [:]
    var idsByKey: [String: String] = [:]
    var keys: [String: KeyRecord] = [:]
    var resets: [String: Reset] = [:]
    /// The number of the last change of a user's or key's rights.
    var changes: [String: Int] = [:]
    var count = 0

    mutating func touch(_ id: String) {
        count += 1
        changes[id] = count
    }

    func changed(after mark: Int) -> [String] {
        changes.filter { $0.value > mark }.sorted { $0.value < $1.value }.map(\.key)
    }
}

extension MemoryStore: AccountStore {
    package func addUser(_ user: UserRecord) async throws(StorageError) {
        try withAccounts { (accounts) throws(StorageError) in
            let key = UserRecord.key(user.name)
            guard accounts.idsByKey[key] == nil, accounts.users[user.id] == nil else {
                throw StorageError.nameTaken
            }
            accounts.users[user.id] = user
            accounts.idsByKey[key] = user.id
        }
    }

    package func user(id: String) async throws(StorageError) -> UserRecord? {
        try withAccounts { $0.users[id] }
    }

    package func user(named name: String) async throws(StorageError) -> UserRecord? {
        try withAccounts { accounts in accounts.idsByKey[UserRecord.key(name)].flatMap { accounts.users[$0] }
        }
    }

    package func users(after name: String?, limit: Int) async throws(StorageError) -> [UserRecord] {
        try withAccounts { accounts in
            let start = name.map(UserRecord.key) ?? ""
            return accounts.idsByKey.filter { $0.key > start }.sorted { $0.key < $1.key }.prefix(limit)
                .compactMap { accounts.users[$0.value] }
        }
    }

    package func noteLogin(of id: String, at: Timestamp) async throws(StorageError) {
        try change(id, counts: false) { $0.lastLogin = at }
    }

    package func setPassword(_ hash: String, of id: String, tokensFrom: Timestamp) async throws(StorageError)
    {
        try change(id) {
            $0.passwordHash = hash
            $0.tokensFrom = tokensFrom
        }
        try withAccounts { accounts in accounts.resets = accounts.resets.filter { $0.value.user != id } }
    }

    package func setDisabled(
        _ isDisabled: Bool, of id: String, tokensFrom: Timestamp
    ) async throws(StorageError) {
        try change(id) {
            $0.isDisabled = isDisabled
            $0.tokensFrom = tokensFrom
        }
    }

    package func addReset(_ hash: String, of id: String, expires: Timestamp) async throws(StorageError) {
        try withAccounts { (accounts) throws(StorageError) in
            guard accounts.users[id] != nil else { throw StorageError.noAccount }
            accounts.resets[hash] = MemoryAccounts.Reset(user: id, expires: expires)
        }
    }

    package func resetUser(_ hash: String, now: Timestamp) async throws(StorageError) -> String? {
        try withAccounts { $0.resets[hash].flatMap { $0.expires > now ? $0.user : nil } }
    }

    package func resetPassword(
        _ hash: String, to passwordHash: String, now: Timestamp, tokensFrom: Timestamp
    ) async throws(StorageError) -> String? {
        guard let id = try await resetUser(hash, now: now) else { return nil }
        try await setPassword(passwordHash, of: id, tokensFrom: tokensFrom)
        return id
    }

    package func addKey(_ key: KeyRecord) async throws(StorageError) {
        try withAccounts { accounts in
            accounts.keys[key.id] = key
            accounts.touch(key.id)
        }
    }

    package func keys() async throws(StorageError) -> [KeyRecord] {
        try withAccounts { $0.keys.values.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) } }
    }

    package func revokeKey(_ id: String, at: Timestamp) async throws(StorageError) {
        try withAccounts { (accounts) throws(StorageError) in
            guard let key = accounts.keys[id], key.revokedAt == nil else { throw StorageError.noKey }
            accounts.keys[id]?.revokedAt = at
            accounts.touch(id)
        }
    }

    package func noteUse(of keys: [String: Timestamp]) async throws(StorageError) {
        try withAccounts { accounts in for (id, at) in keys { accounts.keys[id]?.lastUsedAt = at } }
    }

    package func accountChanges(after mark: Int) async throws(StorageError) -> AccountChanges {
        try withAccounts { accounts in
            let ids = accounts.changed(after: mark)
            return AccountChanges(
                mark: accounts.count,
                users: ids.compactMap { accounts.users[$0] }.map {
                    AccountChanges.User(id: $0.id, isDisabled: $0.isDisabled, tokensFrom: $0.tokensFrom)
                }, keys: ids.compactMap { accounts.keys[$0] })
        }
    }

    private func change(
        _ id: String, counts: Bool = true, _ body: (inout UserRecord) -> Void
    ) throws(StorageError) {
        try withAccounts { (accounts) throws(StorageError) in
            guard var user = accounts.users[id] else { throw StorageError.noAccount }
            body(&user)
            accounts.users[id] = user
            if counts { accounts.touch(id) }
        }
    }

    private func withAccounts<Value: Sendable>(
        _ body: (inout MemoryAccounts) throws(StorageError) -> Value
    ) throws(StorageError) -> Value {
        try probeNow()
        return try accounts.withLock { (accounts) throws(StorageError) -> Value in try body(&accounts) }
    }
}
