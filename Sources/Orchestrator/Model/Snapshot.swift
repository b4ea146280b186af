// SPDX-License-Identifier: Apache-2.0
package import Diagnostics

/// Everything under `bots/`, compiled and valid: what the server runs on until the next one is swapped in.
package final class Snapshot: Sendable {
    /// The parts of a snapshot, as the compiler fills them in.
    package struct Parts: Sendable {
        package var server = ServerSettings()
        package var assistants: [String: Assistant] = [:]
        package var queues: [String: Queue] = [:]
        package var providers: [String: ProviderSettings] = [:]
        package var routes: [String: Route] = [:]
        /// What overlays say, by channel.
        package var overlays: [String: ChannelAI] = [:]
        /// By model.
        package var prices: [String: ModelPrice] = [:]
        package var collections: [String: RecordCollection] = [:]
        package var seeds: [RecordSeed] = []
        package var knowledge: [String: [KnowledgeFile]] = [:]
        /// Conversations with expectations, in file order.
        package var tests: [ConversationTest] = []
        /// Warnings and notes of the tree; a snapshot has no errors.
        package var diagnostics: [Diagnostic] = []
        /// SHA-256 over all files, hexadecimal.
        package var digest = ""
        /// The YAML files by path: stored under `digest` while a conversation's flow needs them.
        package var sources: [String: String] = [:]

        package init() {}
    }

    /// What it holds.
    package let parts: Parts
    /// Counts the snapshots of this process from 1; shown as `r12-3fa9` with the first digits of the digest.
    package let number: Int
    /// `r12-3fa9`.
    package let revision: String
    /// Who watches over what people of a role write to each other: of the assistants for that role that have safety
    /// families, the first by name.
    let watchers: [String: Assistant]

    /// A snapshot of these parts.
    package init(_ parts: Parts, number: Int) {
        self.parts = parts
        self.number = number
        revision = "r\(number)-\(parts.digest.prefix(4))"
        let watching = parts.assistants.values.filter { !$0.parts.families.isEmpty }
        let pairs = watching.flatMap { assistant in assistant.parts.roles.map { ($0, assistant) } }
        watchers = Dictionary(pairs) { $0.id < $1.id ? $0 : $1 }
    }

    /// An assistant by its id.
    package func assistant(_ id: String) -> Assistant? { parts.assistants[id] }
}

/// One text file of a knowledge set.
package struct KnowledgeFile: Sendable, Hashable {
    /// Its path relative to `bots/`.
    package var path: String
    /// Its text.
    package var text: String

    /// A file of a knowledge set.
    package init(path: String, text: String) {
        self.path = path
        self.text = text
    }
}

/// Where a conversation waits for people.
package struct Queue: Sendable {
    /// What happens when nobody claims in time, in order.
    package enum Fallback: Sendable {
        case say(ResponseReference)
        case handoff(queue: String)
        /// The assistant has the conversation again.
        case end
    }

    /// The queue's name, unique in the tree.
    package var name: String
    /// Staff roles that may claim.
    package var roles: [String]
    /// Opening hours; nil is always open.
    package var hours: OpeningHours?
    /// How long a conversation waits before `otherwise`.
    package var claimWithin: Duration
    /// What then happens; ends in `end` or in a queue that ends.
    package var otherwise: [Fallback]

    /// A queue of these parts.
    package init(
        name: String, roles: [String], hours: OpeningHours?, claimWithin: Duration, otherwise: [Fallback]
    ) {
        self.name = name
        self.roles = roles
        self.hours = hours
        self.claimWithin = claimWithin
        self.otherwise = otherwise
    }
}

/// `Mon-Fri 08:00-18:00 Europe/London`.
package struct OpeningHours: Sendable, Hashable {
    /// ISO weekdays, 1 = Monday ...
    ///
    /// 7 = Sunday.
    package var weekdays: Set<Int>
    /// Minutes after midnight, from inclusive, to exclusive.
    package var minutes: Range<Int>
    /// IANA name.
    package var timezone: String

    /// Hours on those weekdays.
    package init(weekdays: Set<Int>, minutes: Range<Int>, timezone: String) {
        self.weekdays = weekdays
        self.minutes = minutes
        self.timezone = timezone
    }
}
