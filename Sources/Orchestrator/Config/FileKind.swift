// SPDX-License-Identifier: Apache-2.0
import WireProtocols

/// What a file under `bots/` holds, told by its key `kind`.
enum FileKind: String, CaseIterable, Sendable {
    case server, routing, library, assistant, records, knowledge, overlay, tests

    /// One sentence for the schema and for `--help`.
    var summary: String {
        switch self {
        case .server: "Listeners, channels, roles, tokens, storage, limits and reload; one in a tree."
        case .routing: "Providers and the routes that choose among them."
        case .library:
            "Entities, actions, safety families, queues, responses, intents and flows that assistants share."
        case .assistant: "One assistant: who it talks to, what it understands, what it does and says."
        case .records: "Collections and rows of the embedded backend."
        case .knowledge: "Named sets of Markdown or text files that can be searched."
        case .overlay: "Values changed at run time through an API; written by the server."
        case .tests: "Conversations with expectations."
        }
    }

    /// Declares `kind` and `version`, which every file begins with.
    static func declare(in map: MapReader, _ kind: FileKind) {
        _ = map.required("kind", .word([kind.rawValue]), kind.summary)
        _ = map.required("version", .integer(1...1), "The version of the configuration language: 1.")
    }
}
