// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WireProtocols

/// The files an assistant was made of when a conversation's flow began.
package struct FlowBundle: Sendable, Hashable {
    /// The assistant's id.
    package var assistant: String
    /// The assistant's digest.
    package var digest: String
    /// The YAML files by path.
    package var sources: [String: String]
}

/// Finds the revision of an assistant that an open flow began with, so that an edit does not change its
/// steps.
///
/// In memory: what was served lately. In the store, under the snapshot's digest its files, and under the
/// assistant's digest the name of that snapshot: they survive a restart. At most 64 of each, for 24 hours
/// after their last use.
package final class FlowRevisions: Sendable {
    static let maxCount = 64
    static let keep = Duration.seconds(24 * 3600)

    private struct State {
        var assistants: [String: (assistant: Assistant, at: Timestamp)] = [:]
        /// Digests of assistants whose bundle this process has stored.
        var pinned: Set<String> = []
    }

    private let state = Mutex(State())
    private let store: any ConversationStore
    private let clock: any WallClock
    private let recompile: @Sendable (FlowBundle) async -> Assistant?

    init(_ settings: ServiceSettings) {
        store = settings.store
        clock = settings.clock
        recompile = settings.recompile
    }

    /// The assistant of that digest; nil when it is too old or no longer compiles.
    package func assistant(_ digest: String) async -> Assistant? {
        let now = clock.now()
        let known: Assistant? = state.withLock { state in
            state.assistants[digest]?.at = now
            return state.assistants[digest]?.assistant
        }
        if let known { return known }
        guard let bundle = await bundle(digest), let compiled = await recompile(bundle) else { return nil }
        remember(compiled)
        return compiled
    }

    /// Keeps a snapshot's assistants at hand; called with the one that a reload has just replaced.
    package func remember(_ snapshot: Snapshot) async {
        for assistant in snapshot.parts.assistants.values {
            remember(assistant)
            // Young again from the moment on which it is no longer the current one.
            if state.withLock({ $0.pinned.contains(assistant.digest) }) {
                try? await put(assistant, of: snapshot, at: clock.now())
            }
        }
        _ = try? await store.pruneRevisions(before: clock.now() - Self.keep, keeping: Self.maxCount * 2)
    }

    /// Stores what a flow left open will need after a restart: once for each revision.
    func pin(_ dialogue: DialogueState, of assistant: Assistant, in snapshot: Snapshot, at now: Timestamp)
        async
    {
        guard dialogue.revision != nil else { return }
        let isNew = state.withLock { $0.pinned.insert(assistant.digest).inserted }
        guard isNew else { return }
        do {
            try await put(assistant, of: snapshot, at: now)
        } catch {
            // The flow itself can go on; only a restart after an edit would begin it anew. The next turn
            // tries again.
            state.withLock { _ = $0.pinned.remove(assistant.digest) }
        }
    }

    private func put(_ assistant: Assistant, of snapshot: Snapshot, at now: Timestamp)
        async throws(StorageError)
    {
        let sources = snapshot.parts.sources.sorted { $0.key < $1.key }
            .map { JSONObject.Member(name: $0.key, value: .string($0.value)) }
        try await store.putRevision(snapshot.parts.digest, body: .object(JSONObject(sources)), at: now)
        let pointer: JSON = ["assistant": .string(assistant.id), "snapshot": .string(snapshot.parts.digest)]
        try await store.putRevision(assistant.digest, body: pointer, at: now)
    }

    private func bundle(_ digest: String) async -> FlowBundle? {
        guard let pointer = try? await store.revision(digest), let id = pointer["assistant"]?.text,
            let snapshot = pointer["snapshot"]?.text, let files = try? await store.revision(snapshot)
        else { return nil }
        var sources: [String: String] = [:]
        for file in files.members?.members ?? [] { sources[file.name] = file.value.text }
        return FlowBundle(assistant: id, digest: digest, sources: sources)
    }

    private func remember(_ assistant: Assistant) {
        let now = clock.now()
        state.withLock { state in
            state.assistants[assistant.digest] = (assistant, now)
            state.assistants = state.assistants.filter { $0.value.at >= now - Self.keep }
            guard state.assistants.count > Self.maxCount,
                let oldest = state.assistants.min(by: { $0.value.at < $1.value.at })
            else { return }
            state.assistants[oldest.key] = nil
        }
    }
}
