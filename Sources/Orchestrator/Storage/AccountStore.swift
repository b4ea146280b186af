// SPDX-License-Identifier: Apache-2.0

/// Where accounts and keys are kept, beside the conversations.
///
/// Several programs may change them at once: the server, and the commands `user` and `key`. Each change of somebody's
/// rights gets the next number of one counter, so that a server finds what it has not seen (``accountChanges(after:)``).
///
/// Every implementation passes the same tests (`AccountStoreTests`).
package protocol AccountStore: Sendable {
    /// Stores a new account; `conflict` when the name is taken.
    func addUser(_ user: UserRecord) async throws(StorageError)

    /// The account of that id.
    func user(id: String) async throws(StorageError) -> UserRecord?

    /// The account of that name, however it is capitalised.
    func user(named name: String) async throws(StorageError) -> UserRecord?

    /// Accounts in the order of their names, after one.
    func users(after name: String?, limit: Int) async throws(StorageError) -> [UserRecord]

    /// Remembers a login.
    func noteLogin(of id: String, at: Timestamp) async throws(StorageError)

    /// Changes a password; earlier tokens and open resets of that user prove nothing any more.
    func setPassword(_ hash: String, of id: String, tokensFrom: Timestamp) async throws(StorageError)

    /// Shuts an account, or opens it again; tokens made before prove nothing either way.
    func setDisabled(_ isDisabled: Bool, of id: String, tokensFrom: Timestamp) async throws(StorageError)

    /// Keeps the hash of a reset token.
    func addReset(_ hash: String, of id: String, expires: Timestamp) async throws(StorageError)

    /// Whose password that reset token may change now.
    func resetUser(_ hash: String, now: Timestamp) async throws(StorageError) -> String?

    /// Changes a password by a reset token, which is used up; nil when it is none, or no more.
    func resetPassword(
        _ hash: String, to passwordHash: String, now: Timestamp, tokensFrom: Timestamp
    ) async throws(StorageError) -> String?

    /// Stores a new key.
    func addKey(_ key: KeyRecord) async throws(StorageError)

    /// All keys, oldest first.
    func keys() async throws(StorageError) -> [KeyRecord]

    /// Takes a key back; `notFound` when there is none, or it was taken back already.
    func revokeKey(_ id: String, at: Timestamp) async throws(StorageError)

    /// Remembers when keys were last used.
    func noteUse(of keys: [String: Timestamp]) async throws(StorageError)

    /// What was changed since a mark; at most 1,000 users and 1,000 keys, ask again until the mark stays.
    func accountChanges(after mark: Int) async throws(StorageError) -> AccountChanges
}

/// Everything a server keeps.
package typealias AnyStore = ConversationStore & RecordStore & AccountStore

extension StorageError {
    static let noAccount = StorageError(.notFound, "there is no such account")
    static let nameTaken = StorageError(.conflict, "the name is taken")
    static let noKey = StorageError(.notFound, "there is no such key")
}
