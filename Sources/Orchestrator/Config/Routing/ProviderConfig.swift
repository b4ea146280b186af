// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import YAMLTree

/// One provider; which keys it takes depends on its type.
struct ProviderConfig: ConfigMap {
    static let title = "a provider"

    let type: Located<String>
    let sets: [Located<String>]
    let minimumScore: Located<Double>
    let passages: Located<Int>
    let url: Located<String>?
    let path: Located<String>
    let key: Located<Secret>?
    let model: Located<String>?
    let api: Located<String>
    let assistantID: Located<String>?
    let isStreamed: Located<Bool>
    let headers: [Named<Located<String>>]
    let trust: Located<String>?
    let connect: Located<Duration>
    let concurrency: Located<Int>
    let queue: Located<Int>
    let queueWait: Located<Duration>
    let says: [Located<String>]
    /// The keys the author wrote, with their places.
    let written: [String: SourceRange]
    let anchor: SourceRange

    private static let own = [
        "sets", "minimum_score", "passages", "url", "path", "key", "model", "api", "assistant_id", "stream",
        "headers", "trust", "connect", "concurrency", "queue", "queue_wait", "says",
    ]

    // A table of keys: long, and without a branch.
    init(_ map: MapReader) {
        type = map.required("type", .word(ProviderType.all.map(\.name)), "What kind of provider it is.")
        sets = map.optional("sets", .list(.name()), "`knowledge`: the sets it searches.") ?? []
        minimumScore = map.value(
            "minimum_score", .number(0...1), default: "0.25",
            "`knowledge`: passages that fit less well, 0 to 1, are no answer.")
        passages = map.value(
            "passages", .integer(1...20), default: "3", "`knowledge`: at most so many passages are cited.")
        url = map.optional("url", .text, "The address; empty switches it off. Default: the vendor's.")
        path = map.value(
            "path", .text, default: "/api/v1/chat/ai-response", "`context-http`: what follows the address.")
        key = map.optional("key", .secret, "The key at the vendor; empty switches the provider off.")
        model = map.optional("model", .text, "The model, where a route names none.")
        api = map.value(
            "api", .word(["chat", "responses"]), default: "chat",
            "`openai`: which of the two interfaces is spoken.")
        assistantID = map.optional(
            "assistant_id", .text, "`openai-assistants`: the assistant there; empty switches it off.")
        isStreamed = map.value(
            "stream", .boolean, default: "false",
            "`context-http`: the answer is asked for as an event stream.")
        headers =
            map.optional(
                "headers", .names(.text, rule: .free), "Sent with each request, such as `X-Title`.") ?? []
        trust = map.optional("trust", .text, "A PEM file of certificates to trust in place of the system's.")
        connect = map.value("connect", .duration, default: "1s", "Time to connect.")
        concurrency = map.value("concurrency", .integer(1...10_000), default: "64", "Questions at once.")
        queue = map.value(
            "queue", .integer(0...10_000), default: "64",
            "Questions that wait for a place; one more is turned away as `overloaded`.")
        queueWait = map.value(
            "queue_wait", .duration, default: "2s", "How long a question waits for a place.")
        says = map.optional("says", .list(.text), "`scripted`: what it answers, in turn.") ?? []
        written = Dictionary(
            Self.own.filter(map.has).map { ($0, map.range(of: $0)) }, uniquingKeysWith: { first, _ in first })
        anchor = map.anchor
    }
}
