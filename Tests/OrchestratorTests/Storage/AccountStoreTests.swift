// SPDX-License-Identifier: Apache-2.0

import CSQLite
import Testing
import WireProtocols

@testable import Orchestrator

/// What every store must do with accounts and keys.
@Suite(.timeLimit(.minutes(1)))
struct AccountStoreTests {
    private func at(_ milliseconds: Int) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    private func user(_ id: String, _ name: String) -> UserRecord {
        UserRecord(
            id: id, name: name, email: "\(id)@example.org", passwordHash: "h-\(id)", role: "PATIENT",
            createdAt: at(1))
    }

    @Test(arguments: StoreKind.allCases)
    func `an account is found by its id and its name, however that is written`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let ann = user("u1", "Ann É")
            try await store.addUser(ann)
            #expect(try await store.user(id: "u1") == ann)
            #expect(try await store.user(named: "ann e\u{301}") == ann)
            #expect(try await store.user(named: "bob") == nil)
            #expect(try await store.user(id: "u2") == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a name is one account's`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.addUser(user("u1", "ann"))
            await #expect(throws: StorageError.nameTaken) { try await store.addUser(user("u2", "ANN")) }
            #expect(try await store.user(id: "u2") == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `accounts are listed by name, page by page`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            for name in ["cid", "ann", "bob"] { try await store.addUser(user(name, name)) }
            #expect(try await store.users(after: nil, limit: 2).map(\.name) == ["ann", "bob"])
            #expect(try await store.users(after: "BOB", limit: 2).map(\.name) == ["cid"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `logins are remembered and change nobody's rights`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.addUser(user("u1", "ann"))
            try await store.noteLogin(of: "u1", at: at(7))
            #expect(try await store.user(id: "u1")?.lastLogin == at(7))
            #expect(try await store.accountChanges(after: 0) == AccountChanges(mark: 0, users: [], keys: []))
            await #expect(throws: StorageError.noAccount) { try await store.noteLogin(of: "u2", at: at(7)) }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `changes of rights are told once to whoever asks from a mark`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.addUser(user("u1", "ann"))
            try await store.addUser(user("u2", "bob"))
            try await store.setDisabled(true, of: "u2", tokensFrom: at(1000))
            try await store.setPassword("new", of: "u1", tokensFrom: at(2000))
            let first = try await store.accountChanges(after: 0)
            #expect(first.mark == 2)
            #expect(
                first.users == [
                    .init(id: "u2", isDisabled: true, tokensFrom: at(1000)),
                    .init(id: "u1", isDisabled: false, tokensFrom: at(2000)),
                ])
            #expect(try await store.user(id: "u1")?.passwordHash == "new")
            try await store.setDisabled(false, of: "u2", tokensFrom: at(3000))
            let second = try await store.accountChanges(after: first.mark)
            #expect(second.mark == 3)
            #expect(second.users == [.init(id: "u2", isDisabled: false, tokensFrom: at(3000))])
            #expect(try await store.accountChanges(after: 3).mark == 3)
            await #expect(throws: StorageError.noAccount) {
                try await store.setDisabled(true, of: "u9", tokensFrom: at(1))
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a reset token works once, in its time, and not after another change`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.addUser(user("u1", "ann"))
            for hash in ["r1", "r2"] { try await store.addReset(hash, of: "u1", expires: at(100)) }
            #expect(try await store.resetUser("r1", now: at(99)) == "u1")
            #expect(try await store.resetUser("r1", now: at(100)) == nil)
            #expect(try await store.resetPassword("r1", to: "new", now: at(100), tokensFrom: at(1)) == nil)
            #expect(try await store.resetPassword("r1", to: "new", now: at(99), tokensFrom: at(1)) == "u1")
            #expect(try await store.user(id: "u1")?.passwordHash == "new")
            #expect(try await store.resetPassword("r1", to: "x", now: at(99), tokensFrom: at(1)) == nil)
            #expect(try await store.resetUser("r2", now: at(99)) == nil)
            await #expect(throws: StorageError.noAccount) {
                try await store.addReset("r3", of: "u9", expires: at(100))
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `keys are listed, used and taken back once`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            var key = KeyRecord(
                id: "ork_1", hash: "h1", name: "portal", role: "ADMIN", assistants: ["patient"],
                createdAt: at(1), expiresAt: at(9))
            try await store.addKey(key)
            #expect(try await store.keys() == [key])
            #expect(
                try await store.accountChanges(after: 0) == AccountChanges(mark: 1, users: [], keys: [key]))
            try await store.noteUse(of: ["ork_1": at(5), "ork_9": at(5)])
            try await store.revokeKey("ork_1", at: at(6))
            (key.lastUsedAt, key.revokedAt) = (at(5), at(6))
            #expect(try await store.keys() == [key])
            #expect(try await store.accountChanges(after: 1).keys == [key])
            await #expect(throws: StorageError.noKey) { try await store.revokeKey("ork_1", at: at(7)) }
            await #expect(throws: StorageError.noKey) { try await store.revokeKey("ork_2", at: at(7)) }
        }
    }

    @Test func `more changes than one page are all told`() async throws {
        try await StoreKind.sqlite.withStore { store in
            for index in 0..<1005 {
                try await store.addKey(
                    KeyRecord(
                        id: "k\(index)", hash: "h\(index)", name: "n", role: "ADMIN", createdAt: at(index)))
            }
            let first = try await store.accountChanges(after: 0)
            #expect(first.keys.count == 1000)
            #expect(first.mark == 1000)
            let second = try await store.accountChanges(after: first.mark)
            #expect(second.keys.map(\.id) == (1000..<1005).map { "k\($0)" })
            #expect(second.mark == 1005)
        }
    }

    @Test func `a database of the first schema gets the tables and keeps its rows`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/test.db"
            let old = try SQLiteConnection(
                path: path, flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, busyTimeout: .zero)
            try old.execute("PRAGMA journal_mode = WAL")
            try SQLiteSchema.migrate(old, steps: Array(SQLiteSchema.migrations.prefix(1)))
            try old.execute("INSERT INTO flow_revisions VALUES ('h1', '{}', 1)")
            let store = try SQLiteStore(path: path, settings: StoreSettings(.sqlite(path: path)))
            #expect(try await store.revision("h1") == [:])
            try await store.addUser(user("u1", "ann"))
            #expect(try await store.user(named: "ann")?.id == "u1")
            await store.close()
        }
    }
}
