// SPDX-License-Identifier: Apache-2.0

import Intents
import WireProtocols

/// One utterance on its way through the open flow and the intents.
struct DialogueTurn: Sendable {
    let context: DialogueContext
    let utterance: String
    let decision: IntentDecision?
    var state: DialogueState
    var result = DialogueResult()
    var random: SeededGenerator

    init(_ context: DialogueContext, utterance: String, decision: IntentDecision?, state: DialogueState) {
        self.context = context
        self.utterance = utterance
        self.decision = decision
        self.state = state
        random = SeededGenerator(context.seed)
    }

    mutating func run() async {
        guard let machine = await openMachine() else { return await followIntent() }
        await answer(machine)
    }

    // MARK: The open flow

    private mutating func answer(_ machine: FlowMachine) async {
        var machine = machine
        let other = otherIntent(than: machine.flow.name)
        let isStrong = (other?.score ?? 0) >= DialogueEngine.strongScore
        let slot = machine.awaitedSlot
        if CancelWord.isCancel(utterance), !isAboutCancelling(machine) { return await cancel(machine) }
        let isFree = slot?.listensFreely ?? false
        switch machine.answer(utterance, strongIntent: isStrong && !isFree) {
        case .goOn:
            if slot?.isSensitive == true { machine.result.utteranceIsSensitive = true }
            await proceed(machine)
        case .outcome(let outcome):
            let progress = await machine.advance(after: outcome)
            await settle(machine, progress)
        case .cancelled: await cancel(machine)
        case .nothing(let reason):
            if let other, !isFree, !isBareYesOrNo, isStrong || !isFragment {
                // The value may stand beside the question.
                if slot?.isSensitive == true, let entity = slot?.entity {
                    let matches = machine.matches(in: utterance, answering: entity)
                    if matches.contains(where: { $0.entity == entity }) {
                        machine.result.utteranceIsSensitive = true
                    }
                }
                return await digress(to: other.intent, from: machine)
            }
            if slot?.isSensitive == true { machine.result.utteranceIsSensitive = true }
            await askAgain(machine, reason)
        }
    }

    // It answers something, if not this; no intent is behind it.
    private var isBareYesOrNo: Bool { YesNo.parse(utterance)?.remainder.isEmpty ?? false }

    // "any", "5 days": a word or two is an attempt at the answer unless it is plainly something else, such as "help".
    // Leaving the flow on a guess would put the next "yes" to another question.
    private var isFragment: Bool { utterance.split(whereSeparator: \.isWhitespace).count <= 2 }

    // "Cancel it" answers the question whether to cancel something; "never mind" stops even there.
    private func isAboutCancelling(_ machine: FlowMachine) -> Bool {
        machine.open.waiting == .confirmation && machine.isAboutCancelling
            && ReplyCues(utterance).words.contains("cancel")
    }

    private mutating func askAgain(_ machine: FlowMachine, _ reason: String) async {
        var machine = machine
        machine.open.attempts += 1
        machine.result.isUnderstood = false
        if let slot = machine.awaitedSlot, let attempts = slot.attempts, machine.open.attempts >= attempts {
            guard let outcome = slot.otherwise else { return await cancel(machine) }
            // The slot stays empty, so going on would only ask again.
            if machine.follow(outcome) == .end { return await settle(machine, .ended) }
            machine.open.attempts = 0
            if outcome.clear.isEmpty {
                machine.ask()
                return keep(machine)
            }
            return await proceed(machine)
        }
        machine.askAgain(reason)
        keep(machine)
    }

    private mutating func cancel(_ machine: FlowMachine) async {
        var machine = machine
        machine.say(.named(BuiltinResponse.cancelled))
        await settle(machine, .ended)
    }

    private mutating func proceed(_ machine: FlowMachine) async {
        var machine = machine
        let progress = await machine.advance()
        await settle(machine, progress)
    }

    /// Takes over what a flow has said and caused; one that has ended makes way for the one it interrupted.
    private mutating func settle(_ machine: FlowMachine, _ progress: FlowMachine.Progress) async {
        keep(machine)
        guard progress == .ended else { return }
        state.open = state.suspended.popLast()
        await resumeOpenFlow()
    }

    private mutating func keep(_ machine: FlowMachine) {
        result = machine.result
        random = machine.random
        state.open = machine.open
    }

    /// Says that an interrupted flow goes on, and asks its question.
    mutating func resumeOpenFlow() async {
        guard var machine = await openMachine() else { return }
        guard machine.open.waiting != nil else { return await proceed(machine) }
        machine.askAgain(BuiltinResponse.resumeFlow)
        keep(machine)
    }

    // MARK: Intents

    private func otherIntent(than flow: String) -> IntentMatch? {
        guard let name = decision?.intent, let intent = context.assistant.parts.intents[name] else {
            return nil
        }
        if case .flow(flow) = intent.handler { return nil }
        return IntentMatch(intent: name, score: decision?.score ?? 0)
    }

    private mutating func followIntent() async {
        if let picked = pickedCandidate() { return await follow(picked) }
        if let pair = context.assistant.parts.didYouMean?.candidates(decision?.ranking ?? []) {
            return askWhich(pair)
        }
        guard let name = decision?.intent, let intent = context.assistant.parts.intents[name] else {
            // A flow that was outdated has spoken already.
            if result.replies.isEmpty {
                result.outcome = .notUnderstood(ranking: decision?.ranking ?? [])
                result.isUnderstood = false
            }
            return
        }
        await follow(intent)
    }

    // The question counts for the next message alone.
    private mutating func pickedCandidate() -> Intent? {
        let offered = state.candidates.compactMap { context.assistant.parts.intents[$0] }
        state.candidates = []
        guard !offered.isEmpty else { return nil }
        return Selection.parse(utterance, labels: offered.map(\.label)).map { offered[$0] }
    }

    private mutating func askWhich(_ names: [String]) {
        let offered = names.compactMap { context.assistant.parts.intents[$0] }
        guard let rule = context.assistant.parts.didYouMean, offered.count == 2 else { return }
        state.candidates = names
        let scope = context.scope().adding("first", .string(offered[0].label))
            .adding("second", .string(offered[1].label))
        var question = ResponseBook(current: context.assistant).reply(rule.say, in: scope, random: &random)
        question.buttons =
            question.buttons
            ?? .array(
                offered.map { ["type": "choose", "label": .string($0.label), "value": .string($0.label)] })
        result.replies.append(question)
    }

    private mutating func follow(_ intent: Intent) async {
        result.intent = intent.name
        switch intent.handler {
        case .say(let reference): say(reference)
        case .handoff(let queue): result.effects.append(.handoff(queue: queue))
        case .route(let name): result.outcome = .route(name)
        case .flow(let name): await begin(name)
        }
    }

    private mutating func say(_ reference: ResponseReference) {
        let context = context
        let book = ResponseBook(current: context.assistant)
        result.replies.append(book.reply(reference, in: context.scope(), random: &random))
    }

    private mutating func begin(_ name: String) async {
        guard let flow = context.assistant.parts.flows[name] else {
            return say(.named(BuiltinResponse.failed))
        }
        let open = OpenFlow(
            name: name, hash: flow.hash, assistant: context.assistant.digest,
            run: RandomID.uuid(using: &random))
        var machine = machine(flow, open, ResponseBook(current: context.assistant))
        let filled = machine.fill(machine.matches(in: utterance, answering: nil))
        machine.note(filled)
        await proceed(machine)
    }

    private mutating func digress(to intent: String, from machine: FlowMachine) async {
        guard let target = context.assistant.parts.intents[intent] else {
            return await askAgain(machine, BuiltinResponse.slotAgain)
        }
        keep(machine)
        switch target.handler {
        case .flow(let name):
            await interrupt(machine.open, with: name, intent: intent)
        case .say, .route:
            await follow(target)
            var machine = machine
            machine.result = DialogueResult()
            machine.random = random
            machine.askAgain(nil)
            if result.outcome == .answered {
                result.replies += machine.result.replies
            } else {
                result.followUp = machine.result.replies
            }
            random = machine.random
        case .handoff: await follow(target)
        }
    }

    // A flow that is itself interrupted is taken up again rather than begun a second time.
    private mutating func interrupt(_ open: OpenFlow, with name: String, intent: String) async {
        result.intent = intent
        guard let index = state.suspended.lastIndex(where: { $0.name == name }) else {
            state.suspend(open)
            return await begin(name)
        }
        let earlier = state.suspended.remove(at: index)
        state.suspend(open)
        state.open = earlier
        await resumeOpenFlow()
    }

    // MARK: Revisions

    /// The open flow with the definition it began with; nil when there is none any more.
    private mutating func openMachine() async -> FlowMachine? {
        guard let open = state.open else { return nil }
        let current = context.assistant
        if let flow = current.parts.flows[open.name], flow.hash == open.hash {
            return machine(flow, open, ResponseBook(current: current))
        }
        if let pinned = await context.pinned(open.assistant), let flow = pinned.parts.flows[open.name],
            flow.hash == open.hash
        {
            return machine(flow, open, ResponseBook(current: current, pinned: pinned))
        }
        return await restartOutdated(open)
    }

    // Its slots are kept; the flow as it is now begins with them, and the utterance fills what it can.
    private mutating func restartOutdated(_ open: OpenFlow) async -> FlowMachine? {
        say(.named(BuiltinResponse.flowOutdated))
        guard let flow = context.assistant.parts.flows[open.name] else {
            state.open = state.suspended.popLast()
            return await openMachine()
        }
        var fresh = OpenFlow(
            name: open.name, hash: flow.hash, assistant: context.assistant.digest,
            run: RandomID.uuid(using: &random))
        let names = Set(flow.slots.map(\.name))
        fresh.slots = JSONObject(open.slots.members.filter { names.contains($0.name) })
        fresh.closed = open.closed.filter(names.contains)
        var machine = machine(flow, fresh, ResponseBook(current: context.assistant))
        _ = machine.fill(machine.matches(in: utterance, answering: nil))
        return machine
    }

    private func machine(_ flow: Flow, _ open: OpenFlow, _ book: ResponseBook) -> FlowMachine {
        FlowMachine(flow, open: open, book: book, context: context, random: random, result: result)
    }
}
