// SPDX-License-Identifier: Apache-2.0

extension SQLiteStore: AccountStore {
    package func addUser(_ user: UserRecord) async throws(StorageError) {
        try await write { (connection) throws(StorageError) in try AccountSQL.insert(user, in: connection) }
    }

    package func user(id: String) async throws(StorageError) -> UserRecord? {
        try await read { (connection) throws(StorageError) in try AccountSQL.user(id: id, in: connection) }
    }

    package func user(named name: String) async throws(StorageError) -> UserRecord? {
        let key = UserRecord.key(name)
        return try await read { (connection) throws(StorageError) in
            try AccountSQL.user(key: key, in: connection)
        }
    }

    package func users(after name: String?, limit: Int) async throws(StorageError) -> [UserRecord] {
        let key = name.map(UserRecord.key) ?? ""
        return try await read { (connection) throws(StorageError) in
            try AccountSQL.users(after: key, limit: limit, in: connection)
        }
    }

    package func noteLogin(of id: String, at: Timestamp) async throws(StorageError) {
        try await write { (connection) throws(StorageError) in
            let changed = try connection.run(
                "UPDATE users SET last_login = ? WHERE id = ?", .time(at), .text(id))
            guard changed > 0 else { throw StorageError.noAccount }
        }
    }

    package func setPassword(_ hash: String, of id: String, tokensFrom: Timestamp) async throws(StorageError)
    {
        try await write { (connection) throws(StorageError) in
            try AccountSQL.setPassword(hash, of: id, tokensFrom: tokensFrom, in: connection)
        }
    }

    package func setDisabled(
        _ isDisabled: Bool, of id: String, tokensFrom: Timestamp
    ) async throws(StorageError) {
        try await write { (connection) throws(StorageError) in
            try AccountSQL.setDisabled(isDisabled, of: id, tokensFrom: tokensFrom, in: connection)
        }
    }

    package func addReset(_ hash: String, of id: String, expires: Timestamp) async throws(StorageError) {
        try await write { (connection) throws(StorageError) in
            guard try AccountSQL.user(id: id, in: connection) != nil else { throw StorageError.noAccount }
            try connection.run(
                "INSERT INTO password_resets (hash, user, expires_at) VALUES (?, ?, ?)", .text(hash),
                .text(id), .time(expires))
        }
    }

    package func resetUser(_ hash: String, now: Timestamp) async throws(StorageError) -> String? {
        try await read { (connection) throws(StorageError) in
            try AccountSQL.resetUser(hash, now: now, in: connection)
        }
    }

    package func resetPassword(
        _ hash: String, to passwordHash: String, now: Timestamp, tokensFrom: Timestamp
    ) async throws(StorageError) -> String? {
        try await write { (connection) throws(StorageError) in
            guard let id = try AccountSQL.resetUser(hash, now: now, in: connection) else { return nil }
            try AccountSQL.setPassword(passwordHash, of: id, tokensFrom: tokensFrom, in: connection)
            return id
        }
    }

    package func addKey(_ key: KeyRecord) async throws(StorageError) {
        try await write { (connection) throws(StorageError) in try AccountSQL.insert(key, in: connection) }
    }

    package func keys() async throws(StorageError) -> [KeyRecord] {
        try await read { (connection) throws(StorageError) in try AccountSQL.keys(in: connection) }
    }

    package func revokeKey(_ id: String, at: Timestamp) async throws(StorageError) {
        try await write { (connection) throws(StorageError) in
            try AccountSQL.revoke(id, at: at, in: connection)
        }
    }

    package func noteUse(of keys: [String: Timestamp]) async throws(StorageError) {
        try await write { (connection) throws(StorageError) in
            for (id, at) in keys {
                try connection.run(
                    "UPDATE api_keys SET last_used_at = ? WHERE id = ?", .time(at), .text(id))
            }
        }
    }

    package func accountChanges(after mark: Int) async throws(StorageError) -> AccountChanges {
        try await read { (connection) throws(StorageError) in
            try AccountSQL.changes(after: mark, in: connection)
        }
    }
}
