// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Intents
import WireProtocols

extension AssistantLinker {
    mutating func linkFlows() {
        for name in names.flowOrder {
            guard let (config, _) = names.flows.values[name] else { continue }
            var linker = FlowLinker(name: name, config: config, owner: self)
            let flow = linker.link()
            self = linker.owner
            parts.flows[name] = flow
        }
    }
}

/// Links one flow and flattens its steps into a program with jumps.
struct FlowLinker {
    let name: String
    let config: FlowConfig
    var owner: AssistantLinker
    private var scope: TypeScope
    private var program: [Instruction] = []
    /// Paths looked up anywhere in the flow, to tell slots that nobody reads.
    private var paths: [[String]] = []
    /// Slots and saved names that a step gives a value.
    private var assigned: Set<String> = []

    init(name: String, config: FlowConfig, owner: AssistantLinker) {
        self.name = name
        self.config = config
        self.owner = owner
        scope = owner.scope
    }

    private var user: String { "the flow '\(name)'" }

    mutating func link() -> Flow {
        checkSlotNames(config.slots)
        scope = scope.with(
            "slots", .object(config.slots.map { .init(name: $0.name.value, type: type(of: $0.value)) }))
        declareSaved(config.steps)
        let slots = config.slots.map { link($0) }
        link(config.steps)
        checkSlotsUsed()
        checkSavedUsed(config.steps)
        return Flow(name: name, slots: slots, program: program, hash: sha256(Array(config.fingerprint.utf8)))
    }

    // MARK: - Slots

    private mutating func checkSlotNames(_ slots: [Named<SlotConfig>]) {
        for slot in slots {
            slot.value.entity.map {
                _ = owner.names.entities.resolve($0, for: "the slot '\(slot.name.value)'", &owner.findings)
            }
            checkSlotNames(slot.value.each ?? [])
        }
    }

    private func type(of slot: SlotConfig) -> ValueType {
        if let each = slot.each {
            return .list(.object(each.map { .init(name: $0.name.value, type: type(of: $0.value)) }))
        }
        let one = slot.entity.map { owner.valueType(ofEntity: $0.value) } ?? .any
        return slot.list.value ? .list(one) : one
    }

    private mutating func link(_ slot: Named<SlotConfig>) -> Slot {
        let config = slot.value
        let user = "the slot '\(slot.name.value)'"
        say(config.ask, for: user)
        say(config.more, for: user)
        config.when.map { check($0) }
        checkShape(config, user)
        return Slot(
            name: slot.name.value, kind: kind(config), ask: config.ask?.reference, when: config.when,
            attempts: config.attempts?.value, otherwise: config.otherwise.map { outcome($0, for: user) },
            isSensitive: config.sensitive.value, listensFreely: config.listen != nil)
    }

    private mutating func kind(_ config: SlotConfig) -> Slot.Kind {
        if let each = config.each {
            return .group(each.map { link($0) }, more: config.more?.reference ?? .named("anything_else"))
        }
        let entity = config.entity?.value ?? "text"
        return config.list.value ? .list(entity: entity) : .single(entity: entity)
    }

    private mutating func checkShape(_ config: SlotConfig, _ user: String) {
        if config.each != nil, !config.list.value {
            owner.findings.error(
                "slot-each-list", at: config.anchor, "\(user) has 'each', which is for lists",
                help: "add 'list: true'")
        }
        if config.otherwise != nil, config.attempts == nil {
            owner.findings.error(
                "slot-otherwise", at: config.anchor, "'otherwise' of \(user) never applies",
                help: "say after how many answers: attempts: 3")
        }
        if config.attempts != nil, config.ask == nil {
            owner.findings.error(
                "slot-attempts", at: config.anchor, "\(user) counts attempts, but is never asked for",
                help: "add the question: ask: ...")
        }
    }

    private mutating func checkSlotsUsed() {
        let read = Set(paths.filter { $0.first == "slots" }.compactMap { $0.dropFirst().first })
        let readsAll = paths.contains { $0 == ["slots"] }
        for slot in config.slots {
            if !readsAll, !read.contains(slot.name.value) {
                owner.findings.error(
                    "slot-unused", at: slot.name.range,
                    "nothing in \(user) uses the slot '\(slot.name.value)'",
                    help: "use it as '${slots.\(slot.name.value)}', or remove it")
            }
            if slot.value.ask == nil, takesAnyText(slot.value), !assigned.contains(slot.name.value) {
                owner.findings.error(
                    "slot-unfilled", at: slot.name.range, "nothing fills the slot '\(slot.name.value)'",
                    help: "add the question: ask: ...")
            }
        }
    }

    // Free text is never picked out of a sentence: only a question or a step can fill it.
    private func takesAnyText(_ slot: SlotConfig) -> Bool {
        guard let entity = slot.entity, let kind = owner.parts.entities[entity.value]?.kind else {
            return false
        }
        if case .text = kind { return true }
        return false
    }

    // MARK: - Names saved by steps

    private static let reserved: Set<String> = [
        "slots", "settings", "user", "conversation", "assistant", "now", "item", "input",
    ]

    private mutating func declareSaved(_ steps: [StepConfig]) {
        for step in steps {
            if let save = step.save { declare(save, step) }
            for member in (step.set ?? []) + (step.setMissing ?? []) {
                assigned.insert(member.name.value)
                if !config.slots.contains(where: { $0.name.value == member.name.value }),
                    scope.roots[member.name.value] == nil
                {
                    scope = scope.with(member.name.value, scope.type(of: member.value))
                }
            }
            declareSaved(step.then)
            declareSaved(step.otherwise)
            declareSaved(step.steps)
        }
    }

    private mutating func declare(_ save: Located<String>, _ step: StepConfig) {
        if Self.reserved.contains(save.value) {
            owner.findings.error(
                "save-reserved", at: save.range,
                "'\(save.value)' has a meaning of its own and cannot be a name to save under",
                help: "choose another name")
            return
        }
        let type =
            step.call.flatMap { owner.names.actions[$0.value]?.output?.value } ?? step.choose.map {
                scope.itemType(of: $0)
            } ?? .any
        scope = scope.with(save.value, type)
    }

    // A name that is set and never read is most likely a slot misspelt; a result that nobody reads does no harm.
    private mutating func checkSavedUsed(_ steps: [StepConfig]) {
        let read = Set(paths.compactMap(\.first))
        let slots = config.slots.map(\.name.value)
        for step in steps {
            for name in ((step.set ?? []) + (step.setMissing ?? [])).map(\.name)
            where !slots.contains(name.value) && !read.contains(name.value) {
                owner.findings.error(
                    "saved-unused", at: name.range,
                    "nothing in \(user) reads '\(name.value)', which this step sets",
                    help: nearestName(to: name.value, in: slots + read).map { "did you mean '\($0)'?" }
                        ?? "read it as '${\(name.value)}', or remove it")
            }
            if let save = step.save, step.call != nil, !read.contains(save.value),
                !Self.reserved.contains(save.value)
            {
                owner.findings.warning(
                    "saved-unused", at: save.range, "nothing in \(user) reads '\(save.value)'",
                    help: "read it as '${\(save.value)}', or remove 'save'")
            }
            checkSavedUsed(step.then)
            checkSavedUsed(step.otherwise)
            checkSavedUsed(step.steps)
        }
    }

    // MARK: - Steps

    private mutating func link(_ steps: [StepConfig]) { for step in steps { link(step) } }

    private mutating func link(_ step: StepConfig) {
        checkKeys(step)
        switch step.verb {
        case "call": program.append(.call(call(step)))
        case "choose": program.append(.choose(choice(step)))
        case "say":
            say(step.say, for: user)
            step.say.map { program.append(.say($0.reference)) }
        case "confirm":
            say(step.confirm, for: user)
            step.confirm.map {
                program.append(
                    .confirm(.init(ask: $0.reference, ifNo: step.ifNo.map { outcome($0, for: user) })))
            }
        case "set": program.append(.set(members(step.set ?? [])))
        case "default": program.append(.setMissing(members(step.setMissing ?? [])))
        case "clear": program.append(.clear(slots(step.clear ?? [])))
        case "if": branch(step)
        case "repeat_while": loop(step)
        case "alert": step.alert.map { program.append(.alert(owner.alert($0, for: user))) }
        case "audit": step.audit.map { program.append(.audit($0.value)) }
        case "handoff":
            owner.handoff(step.handoff, for: user)
            step.handoff.map { program.append(.handoff(queue: $0.value)) }
        default: program.append(.end)
        }
    }

    private mutating func checkKeys(_ step: StepConfig) {
        guard let verb = step.verb else { return }
        for key in step.keys {
            guard let verbs = StepConfig.qualifiers[key.value], !verbs.contains(verb) else { continue }
            owner.findings.error(
                "step-key", at: key.range, "'\(key.value)' does not belong to a step with '\(verb)'",
                help: "it belongs to \(quotedList(verbs))")
        }
    }

    private mutating func call(_ step: StepConfig) -> Instruction.Call {
        let action = step.call ?? Located("", at: step.anchor)
        let input = members(step.with)
        let config = owner.names.actions.resolve(action, for: user, &owner.findings)
        if let config { checkInput(step, config, action) }
        let backend = config.flatMap { owner.names.backends[$0.backend.value] }
        let own = Set(((config?.http.errors ?? []) + (backend?.errors ?? [])).map(\.value.value))
        var errors: [String: Outcome] = [:]
        for entry in step.ifError {
            let standard = [
                "conflict", "not_found", "forbidden", "unavailable", "timeout", "bad_input", "any",
            ]
            let known = standard + own.subtracting(standard).sorted()
            if !known.contains(entry.name.value) {
                owner.findings.error(
                    "error-unknown", at: entry.name.range,
                    "the action '\(action.value)' has no error '\(entry.name.value)'",
                    help: nearestName(to: entry.name.value, in: known).map { "did you mean '\($0)'?" }
                        ?? "the errors are \(quotedList(known))")
            }
            errors[entry.name.value] = outcome(entry.value, for: user)
        }
        return .init(
            action: action.value, input: input, save: step.save?.value,
            ifEmpty: step.ifEmpty.map { outcome($0, for: user) }, ifError: errors)
    }

    private mutating func checkInput(_ step: StepConfig, _ action: ActionConfig, _ name: Located<String>) {
        let declared = action.input.map(\.name.value)
        var meant: Set<String> = []
        for member in step.with where !declared.contains(member.name.value) {
            nearestName(to: member.name.value, in: declared).map { _ = meant.insert($0) }
            owner.findings.error(
                "input-unknown", at: member.name.range,
                "the action '\(name.value)' takes no '\(member.name.value)'",
                help: nearestName(to: member.name.value, in: declared).map { "did you mean '\($0)'?" }
                    ?? (declared.isEmpty ? "it takes no input" : "it takes \(quotedList(declared))"))
        }
        let missing = declared.filter { input in
            !meant.contains(input) && !step.with.contains { $0.name.value == input }
        }
        if !missing.isEmpty {
            owner.findings.error(
                "input-missing", at: name.range,
                "the action '\(name.value)' also needs \(quotedList(missing))",
                help: "add \(missing.map { "\($0): ..." }.joined(separator: ", ")) under 'with:'")
        }
        if step.save != nil, action.output == nil {
            owner.findings.error(
                "save-nothing", at: step.save?.range ?? name.range,
                "the action '\(name.value)' returns nothing to save",
                help: "declare its 'output', or remove 'save'")
        }
    }

    private mutating func choice(_ step: StepConfig) -> Instruction.Choice {
        let items = step.choose ?? Template([])
        check(items)
        checkIsList(items, at: step.anchor)
        say(step.say, for: user)
        let itemScope = scope.with("item", scope.itemType(of: items))
        step.show.map { show in
            itemScope.check(show, &owner.findings)
            paths += show.expressions.map(\.path)
        }
        for (key, isMissing) in [("show", step.show == nil), ("save", step.save == nil)] where isMissing {
            owner.findings.error(
                "key-missing", at: step.anchor, "a step with 'choose' needs the key '\(key)'",
                help: key == "show"
                    ? "say how an item reads: show: \"${item.name}\""
                    : "say where the picked item is kept: save: pick")
        }
        return .init(
            items: items, say: step.say?.reference, show: step.show ?? Template([]),
            save: step.save?.value ?? "",
            limit: step.limit.value, ifNone: step.ifNone.map { outcome($0, for: user) },
            takesSingle: step.single.value == "take")
    }

    private mutating func checkIsList(_ items: Template, at place: SourceRange) {
        let type = scope.type(of: .template(items))
        if case .any = type { return }
        guard !type.isList else { return }
        owner.findings.error(
            "choose-list", at: items.expressions.first?.range ?? place,
            "'choose' wants a list, which this is not", help: "name a list: choose: \"${found}\"")
    }

    private mutating func branch(_ step: StepConfig) {
        guard let condition = step.condition else { return }
        check(condition)
        let start = program.count
        program.append(.jump(0))
        link(step.then)
        if step.otherwise.isEmpty {
            program[start] = .branch(condition, otherwise: program.count)
            return
        }
        let leave = program.count
        program.append(.jump(0))
        program[start] = .branch(condition, otherwise: program.count)
        link(step.otherwise)
        program[leave] = .jump(program.count)
    }

    private mutating func loop(_ step: StepConfig) {
        guard let condition = step.repeatWhile else { return }
        check(condition)
        let start = program.count
        program.append(.jump(0))
        link(step.steps)
        program.append(.jump(start))
        program[start] = .branch(condition, otherwise: program.count)
    }

    private mutating func outcome(_ config: OutcomeConfig, for user: String) -> Outcome {
        say(config.say, for: user)
        owner.handoff(config.handoff, for: user)
        return Outcome(
            say: config.say?.reference, clear: slots(config.clear), handoff: config.handoff?.value,
            isEnd: config.end.value)
    }

    private mutating func slots(_ names: [Located<String>]) -> [String] {
        var symbols = Symbols<Void>("slot")
        var ignored = LinkFindings()
        config.slots.forEach { symbols.declare($0.name, (), &ignored) }
        names.forEach { _ = symbols.resolve($0, for: user, &owner.findings) }
        return names.map(\.value)
    }

    // MARK: - Values

    private mutating func members(_ members: [Named<ValueTemplate>]) -> [ValueTemplate.Member] {
        members.map {
            scope.check($0.value, &owner.findings)
            paths += $0.value.paths
            return .init(name: $0.name.value, value: $0.value)
        }
    }

    private mutating func check(_ template: Template) {
        scope.check(template, &owner.findings)
        paths += template.expressions.map(\.path)
    }

    private mutating func check(_ condition: Condition) {
        scope.check(condition, &owner.findings)
        paths += condition.tests.map(\.path)
        for test in condition.tests { checkChoices(test) }
    }

    // What a slot of a choice can be is known: anything else would never hold.
    private mutating func checkChoices(_ test: Condition.Test) {
        guard test.path.count == 2, test.path[0] == "slots",
            let entity = config.slots.first(where: { $0.name.value == test.path[1] })?.value.entity,
            let known = owner.names.entities[entity.value]?.choice?.map(\.name.value)
        else { return }
        let values: [JSON]
        switch test.kind {
        case .equals(let value): values = [value]
        case .isOneOf(let list): values = list
        case .isPresent, .isAbove, .isBelow: return
        }
        for (number, value) in values.enumerated() {
            guard let word = value.text, !known.contains(word) else { continue }
            owner.findings.error(
                "choice-unknown", at: number < test.valueRanges.count ? test.valueRanges[number] : test.range,
                "the entity '\(entity.value)' has no value '\(shortened(word))'",
                help: nearestName(to: word, in: known).map { "did you mean '\($0)'?" }
                    ?? "its values are \(quotedList(known))")
        }
    }

    private mutating func say(_ say: SayConfig?, for user: String) {
        owner.say(say, in: scope, for: user)
        switch say {
        case .text(let template, _): paths += template.expressions.map(\.path)
        case .response(let response): paths += response.paths
        case .named(let name): paths += owner.names.responses[name.value]?.paths ?? []
        case nil: break
        }
    }
}

extension ResponseConfig {
    /// Every path that the response looks up.
    var paths: [[String]] {
        texts.flatMap { $0.expressions.map(\.path) } + (data?.paths ?? [])
            + buttons.flatMap {
                ($0.label.expressions + ($0.each?.expressions ?? [])).map(\.path) + ($0.value?.paths ?? [])
            }
    }
}
