// SPDX-License-Identifier: Apache-2.0

import Intents
import WireProtocols

/// Moves one open flow: fills its slots, asks for what is missing, and carries out its steps until it has to wait.
///
/// Before every step it asks for slots that are needed and not there; a value that changes later begins the steps anew,
/// which is safe because a write is carried out once for the same run, step and input.
struct FlowMachine: Sendable {
    /// What follows a step.
    enum Step: Sendable, Hashable {
        case next, wait, end
        case go(Int)
        /// Slots were cleared and the position is set.
        case again
    }

    /// Whether the flow waits for an answer or is over.
    enum Progress: Sendable, Hashable { case waiting, ended }

    private static let maxStepsPerTurn = 1000

    let flow: Flow
    let book: ResponseBook
    let context: DialogueContext
    var open: OpenFlow
    var random: SeededGenerator
    /// What this turn has said and caused so far.
    var result: DialogueResult

    init(
        _ flow: Flow, open: OpenFlow, book: ResponseBook, context: DialogueContext, random: SeededGenerator,
        result: DialogueResult
    ) {
        self.flow = flow
        self.open = open
        self.book = book
        self.context = context
        self.random = random
        self.result = result
        self.open.sensitive = sensitive
    }

    /// Goes on until an answer is needed or the flow is over.
    mutating func advance() async -> Progress {
        open.waiting = nil
        open.attempts = 0
        for _ in 0..<Self.maxStepsPerTurn {
            if let question = nextQuestion() {
                open.waiting = question
                ask()
                return .waiting
            }
            guard flow.program.indices.contains(open.position) else { return .ended }
            switch await carryOut(flow.program[open.position]) {
            case .next: open.position += 1
            case .go(let position): open.position = position
            case .again: break
            case .wait: return .waiting
            case .end: return .ended
            }
        }
        result.failedActions += 1
        say(.named(BuiltinResponse.backendDown))
        return .ended
    }

    var scope: Scope { context.scope(slots: open.slots, saved: open.saved) }

    /// Slots whose values must not be kept.
    var sensitive: Set<String> {
        Set(flow.slots.filter { $0.isSensitive || $0.parts.contains(where: \.isSensitive) }.map(\.name))
    }

    mutating func say(_ reference: ResponseReference) {
        let reply = reply(reference, in: scope)
        if reply != Reply(text: "") { result.replies.append(reply) }
    }

    mutating func reply(_ reference: ResponseReference, in scope: Scope) -> Reply {
        book.reply(reference, in: scope, random: &random, sensitive: sensitive)
    }

    /// What an outcome leads to: without `clear`, `handoff` and `end` the flow goes on.
    mutating func follow(_ outcome: Outcome) -> Step {
        if let reference = outcome.say { say(reference) }
        if let queue = outcome.handoff { result.effects.append(.handoff(queue: queue)) }
        if outcome.isEnd || outcome.handoff != nil { return .end }
        guard !outcome.clear.isEmpty else { return .next }
        open.clear(outcome.clear)
        return .again
    }

    /// Goes on after an outcome, from the step behind the present one.
    mutating func advance(after outcome: Outcome) async -> Progress {
        switch follow(outcome) {
        case .end: return .ended
        case .next: open.position += 1
        default: break
        }
        return await advance()
    }
}

extension Slot {
    /// The slots of one item of a group; none for any other slot.
    var parts: [Slot] { if case .group(let parts, _) = kind { parts } else { [] } }

    /// The entity of its values; nil for a group.
    var entity: String? {
        switch kind {
        case .single(let entity), .list(let entity): entity
        case .group: nil
        }
    }
}
