// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// What a conversation remembers of its dialogue between turns.
package struct DialogueState: Sendable, Equatable {
    /// The flow the person is in.
    package var open: OpenFlow?
    /// Flows that were interrupted, outermost first.
    package var suspended: [OpenFlow] = []
    /// Intents of which the person was asked which is meant, in the order of the question.
    package var candidates: [String] = []
    /// When something happened that an escalation rule may count; the newest last.
    private(set) var events: [EscalationRule.Counter: [Timestamp]] = [:]
    /// How often each line of `otherwise` has answered in a row.
    private(set) var otherwise: [Int: Int] = [:]

    /// Where providers that keep conversations themselves have this one, by their names.
    package var threads: [String: String] = [:]

    private static let maxEvents = 32
    /// More interrupted flows than this are not kept: the outermost is given up.
    static let maxSuspended = 3

    /// A dialogue in which nothing has been said.
    package init() {}

    init(events: [EscalationRule.Counter: [Timestamp]], otherwise: [Int: Int]) {
        self.events = events
        self.otherwise = otherwise
    }

    /// The bundle that pins the open flow's revision; nil while no flow is open.
    package var revision: String? { open?.assistant ?? suspended.last?.assistant }

    /// Notes that something happened.
    package mutating func count(_ counter: EscalationRule.Counter, at instant: Timestamp) {
        events[counter] = Array(((events[counter] ?? []) + [instant]).suffix(Self.maxEvents))
    }

    /// How often it happened, in all or since an instant.
    package func count(of counter: EscalationRule.Counter, since: Timestamp?) -> Int {
        (events[counter] ?? []).count { instant in since.map { instant >= $0 } ?? true }
    }

    /// Forgets what was counted, as once its rule has applied.
    package mutating func resetCount(_ counter: EscalationRule.Counter) { events[counter] = nil }

    /// Notes that a line of `otherwise` has answered.
    package mutating func otherwiseUsed(_ index: Int) { otherwise[index, default: 0] += 1 }

    /// How often that line has answered in a row.
    package func otherwiseTimes(_ index: Int) -> Int { otherwise[index] ?? 0 }

    /// Ends the row, since the person was understood.
    package mutating func otherwiseReset() { otherwise = [:] }

    /// Leaves all flows, as when people take over.
    package mutating func dropFlows() {
        open = nil
        suspended = []
    }

    mutating func suspend(_ flow: OpenFlow) {
        suspended = Array((suspended + [flow]).suffix(Self.maxSuspended))
    }
}

/// A flow on its way.
package struct OpenFlow: Sendable, Equatable {
    /// What the next message is expected to answer.
    package enum Waiting: Sendable, Hashable {
        /// The question of a slot.
        case slot(String)
        /// The question of a slot of one item of a group.
        case part(group: String, item: Int, slot: String)
        /// Whether there is another item.
        case more(group: String)
        /// Which item of the `choose` at the position.
        case choice
        /// The `confirm` at the position.
        case confirmation
    }

    /// The flow's name.
    package var name: String
    /// The revision of the flow.
    package var hash: String
    /// The digest of the assistant it began with.
    package var assistant: String
    /// Tells this run of the flow from others: part of the idempotency key of its writes.
    package var run: String
    /// What was gathered.
    package var slots = JSONObject()
    /// What steps have saved.
    package var saved = JSONObject()
    /// The instruction that is next.
    package var position = 0
    /// What it waits for; nil only while it runs.
    package var waiting: Waiting?
    /// Answers to the present question that were not understood.
    package var attempts = 0
    /// Groups of which the person said that there is no more.
    package var closed: [String] = []
    /// Of what steps have saved, and as `slots.NAME` of slots that steps have set: the slots it was made from.
    package var origins: [String: [String]] = [:]
    /// Slots whose values stay in memory; where they are missing, the person is asked again.
    package var sensitive: Set<String> = []

    /// The beginning of a flow.
    package init(name: String, hash: String, assistant: String, run: String) {
        self.name = name
        self.hash = hash
        self.assistant = assistant
        self.run = run
    }

    /// Begins the steps anew with the slots as they are.
    mutating func restart() {
        saved = JSONObject()
        origins = origins.filter { $0.key.hasPrefix("slots.") }
        position = 0
        waiting = nil
        attempts = 0
    }

    mutating func clear(_ names: [String]) {
        for name in names { slots[name] = nil }
        closed.removeAll { names.contains($0) }
        forgetWhatCameFrom(Set(names))
        restart()
    }

    /// Forgets slots that steps have set from those: what was picked for a cardiologist means nothing to a dermatologist.
    mutating func forgetWhatCameFrom(_ names: Set<String>) {
        for name in names { origins["slots." + name] = nil }
        for (key, sources) in origins where key.hasPrefix("slots.") && !names.isDisjoint(with: sources) {
            slots[String(key.dropFirst("slots.".count))] = nil
            origins[key] = nil
        }
    }
}
