// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Synchronization

/// Tokens whose signature and claims were checked already.
///
/// A client sends the same token with each request; checking it anew costs more than the rest of the request. What
/// may change meanwhile is not cached: the end of its time, and the rights of its account, are looked at each time.
/// A new snapshot begins an empty cache. Two halves bound it: when the young one is full it becomes the old one, and
/// what is used again comes back.
final class TokenCache: Sendable {
    /// A digest, so that memory holds no token.
    struct Key: Hashable, Sendable {
        private let words: (UInt64, UInt64, UInt64, UInt64)

        init(_ token: String) {
            var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
            var token = token
            token.withUTF8 { bytes in
                withUnsafeMutableBytes(of: &words) { digest in
                    _ = SHA256(
                        bytes.baseAddress, bytes.count, digest.bindMemory(to: UInt8.self).baseAddress)
                }
            }
            self.words = words
        }

        static func == (left: Key, right: Key) -> Bool { left.words == right.words }
        // The digest is as good as random already.
        func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
    }

    private struct State {
        var snapshot: Snapshot?
        var young: [Key: Identity] = [:]
        var old: [Key: Identity] = [:]
    }

    private let half: Int
    private let state = Mutex(State())

    /// Keeps at most that many tokens.
    init(limit: Int = 8192) { half = max(1, limit / 2) }

    /// Who the token proves, as found out under that snapshot.
    func identity(_ key: Key, _ snapshot: Snapshot) -> Identity? {
        state.withLock { state in
            guard state.snapshot === snapshot else { return nil }
            if let identity = state.young[key] { return identity }
            guard let identity = state.old[key] else { return nil }
            insert(identity, key, &state)
            return identity
        }
    }

    /// Remembers who a token proves under that snapshot.
    func remember(_ identity: Identity, _ key: Key, _ snapshot: Snapshot) {
        state.withLock { state in
            if state.snapshot !== snapshot { state = State(snapshot: snapshot) }
            insert(identity, key, &state)
        }
    }

    /// How many are kept.
    var count: Int { state.withLock { $0.young.count + $0.old.count } }

    private func insert(_ identity: Identity, _ key: Key, _ state: inout State) {
        if state.young.count >= half {
            state.old = state.young
            state.young = [:]
        }
        state.old[key] = nil
        state.young[key] = identity
    }
}
