// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What every request must know of accounts and keys, without asking the store: whose tokens prove nothing any more,
/// and which keys there are.
///
/// The store counts changes of rights. The server asks for those behind its mark every second, and at once when it
/// made one itself or a command says so; hence a command, or another server on the same store, is heard in time.
/// In memory are all keys, and only those users whose rights were ever changed.
package final class AccountDirectory: Sendable {
    private struct State {
        var mark = 0
        var users: [String: AccountChanges.User] = [:]
        var keysByHash: [String: KeyRecord] = [:]
        var hashesByID: [String: String] = [:]
        var observers: [@Sendable () -> Void] = []
        /// Uses that the store does not know of yet.
        var used: [String: Timestamp] = [:]
    }

    /// How often the store is asked.
    static let interval = Duration.seconds(1)
    /// A key's last use is kept to the minute: a write for each request would cost more than the request.
    static let useStep = Duration.seconds(60)

    private let state = Mutex(State())
    private let store: any AccountStore

    /// Knows nothing before the first ``refresh()``.
    package init(store: any AccountStore) { self.store = store }

    /// Asks the store what was changed; observers are told when something was.
    package func refresh() async throws(StorageError) {
        var isChanged = false
        while true {
            let mark = state.withLock(\.mark)
            let changes = try await store.accountChanges(after: mark)
            guard changes.mark != mark else { break }
            take(changes)
            isChanged = true
        }
        guard isChanged else { return }
        for observer in state.withLock(\.observers) { observer() }
    }

    /// To be called after each change: what sockets depend on may be gone.
    package func observe(_ observer: @escaping @Sendable () -> Void) {
        state.withLock { $0.observers.append(observer) }
    }

    /// Keeps asking, and writes down when keys were used.
    ///
    /// Ends when its task is cancelled. A store that cannot be asked is asked again; until then what was known counts.
    package func run(_ delay: any Delay) async {
        while (try? await delay.wait(Self.interval)) != nil {
            try? await refresh()
            let used = state.withLock { state in
                defer { state.used = [:] }
                return state.used
            }
            if !used.isEmpty { try? await store.noteUse(of: used) }
        }
    }

    /// Throws when the account was disabled, or its password changed, since the token was made.
    func check(_ identity: Identity) throws(TokenError) {
        let rights = state.withLock { $0.users.isEmpty ? nil : $0.users[identity.user] }
        guard let rights else { return }
        if rights.isDisabled { throw TokenError(.revoked) }
        guard let start = rights.tokensFrom else { return }
        guard let issued = identity.issued, issued >= start else { throw TokenError(.revoked) }
    }

    /// The key of that text, if it is good now; its use is remembered.
    func key(_ text: String, now: Timestamp) throws(TokenError) -> KeyRecord {
        let hash = APIKey.hash(text)
        guard let key = state.withLock({ $0.keysByHash[hash] }) else { throw TokenError(.unknownKey) }
        if key.revokedAt != nil { throw TokenError(.revoked) }
        if let end = key.expiresAt, end <= now { throw TokenError(.expired) }
        guard key.lastUsedAt.map({ now - $0 >= Self.useStep }) ?? true else { return key }
        state.withLock { state in
            state.keysByHash[hash]?.lastUsedAt = now
            state.used[key.id] = now
        }
        return key
    }

    private func take(_ changes: AccountChanges) {
        state.withLock { state in
            state.mark = changes.mark
            for user in changes.users { state.users[user.id] = user }
            for key in changes.keys {
                if let old = state.hashesByID[key.id] { state.keysByHash[old] = nil }
                state.hashesByID[key.id] = key.hash
                state.keysByHash[key.hash] = key
            }
        }
    }
}
