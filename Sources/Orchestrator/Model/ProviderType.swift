// SPDX-License-Identifier: Apache-2.0

/// A kind of provider: which keys it takes, and what it can do.
package struct ProviderType: Sendable, Hashable {
    /// What a provider of a type can do; shown by `providers check`.
    package enum Capability: String, Sendable, Hashable, CaseIterable {
        /// Gives its answer piece by piece.
        case streaming
        /// Sees the conversation so far.
        case history
        /// Can go on with an answer that another began.
        case resume
        /// Calls the actions it is offered.
        case tools
        /// Reports the tokens it used.
        case usage
        /// Says what its answer rests on.
        case sources
        /// Keeps the conversation itself.
        case threads
    }

    /// The word for it in `type:`.
    package let name: String
    /// The keys beside `type` that mean something to it.
    package let keys: Set<String>
    /// The keys it cannot do without.
    package let requiredKeys: Set<String>
    /// The address where none is written.
    package let url: String
    /// What it can do.
    package let capabilities: Set<Capability>

    /// The type of that name; nil when this build has none.
    package static func named(_ name: String) -> ProviderType? { all.first { $0.name == name } }

    /// Words for whose service a provider is, whatever type it is reached with.
    package static let vendors: Set<String> = ["openai", "anthropic", "google", "azure"]

    private static let reach: Set<String> = [
        "url", "headers", "trust", "connect", "concurrency", "queue", "queue_wait",
    ]

    /// All types of this build, in the order they are shown.
    package static let all = [
        ProviderType(
            name: "openai", keys: reach.union(["key", "model", "api"]), requiredKeys: [],
            url: "https://api.openai.com/v1",
            capabilities: [.streaming, .history, .resume, .tools, .usage]),
        ProviderType(
            name: "openai-assistants", keys: reach.union(["key", "model", "assistant_id"]),
            requiredKeys: ["assistant_id"], url: "https://api.openai.com/v1",
            capabilities: [.streaming, .usage, .threads]),
        ProviderType(
            name: "anthropic", keys: reach.union(["key", "model"]), requiredKeys: [],
            url: "https://api.anthropic.com",
            capabilities: [.streaming, .history, .resume, .tools, .usage]),
        ProviderType(
            name: "google", keys: reach.union(["key", "model"]), requiredKeys: [],
            url: "https://generativelanguage.googleapis.com/v1beta",
            capabilities: [.streaming, .history, .resume, .tools, .usage]),
        ProviderType(
            name: "context-http", keys: reach.union(["key", "path", "stream"]), requiredKeys: ["url"],
            url: "", capabilities: [.streaming, .history, .sources]),
        ProviderType(
            name: "knowledge", keys: ["sets", "minimum_score", "passages"], requiredKeys: ["sets"], url: "",
            capabilities: [.sources]),
        ProviderType(
            name: "scripted", keys: ["says"], requiredKeys: ["says"], url: "",
            capabilities: [.streaming]),
    ]
}
