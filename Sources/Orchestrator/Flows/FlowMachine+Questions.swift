// SPDX-License-Identifier: Apache-2.0

import WireProtocols

extension FlowMachine {
    /// The first slot that is needed, can be asked for and has no value.
    func nextQuestion() -> OpenFlow.Waiting? {
        for slot in flow.slots where slot.ask != nil || !slot.parts.isEmpty {
            guard slot.when?.holds(in: scope) ?? true else { continue }
            if slot.parts.isEmpty {
                if open.slots[slot.name]?.isNothing ?? true { return .slot(slot.name) }
            } else if let question = question(ofGroup: slot) {
                return question
            }
        }
        return nil
    }

    // A group without an item has one of which nothing is known yet.
    private func question(ofGroup group: Slot) -> OpenFlow.Waiting? {
        let items = open.slots[group.name]?.list ?? []
        if items.isEmpty, open.closed.contains(group.name) { return nil }
        for (index, item) in (items.isEmpty ? [[:]] : items).enumerated() {
            let missing = group.parts.first { part in
                part.ask != nil && item[part.name]?.isNothing ?? true
                    && part.when?.holds(in: scope.adding("item", item)) ?? true
            }
            if let missing { return .part(group: group.name, item: index, slot: missing.name) }
        }
        return open.closed.contains(group.name) || items.isEmpty ? nil : .more(group: group.name)
    }

    /// Says the question that is waited for.
    mutating func ask() {
        if let question = question() { result.replies.append(question) }
    }

    /// Says the question again, after a sentence that says why.
    mutating func askAgain(_ reason: String?) {
        guard let question = question() else { return }
        let label = JSON.string(flow.name.replacing("_", with: " "))
        let preface = reason.map { reply(.named($0), in: scope.adding("label", label)) }
        result.replies.append(preface.map { question.preceded(by: $0) } ?? question)
    }

    /// The question that is waited for.
    mutating func question() -> Reply? {
        switch open.waiting {
        case .slot(let name): return slot(name)?.ask.map { reply($0, in: scope) }
        case .part(let group, let item, let name):
            let value = open.slots[group]?.list.flatMap { $0.indices.contains(item) ? $0[item] : nil } ?? [:]
            let part = slot(group)?.parts.first { $0.name == name }
            return part?.ask.map {
                reply($0, in: scope.adding("item", value).adding("n", .integer(item + 1)))
            }
        case .more(let group):
            guard case .group(_, let more) = slot(group)?.kind else { return nil }
            return reply(more, in: scope)
        case .choice, .confirmation: return stepQuestion()
        case nil: return nil
        }
    }

    func slot(_ name: String) -> Slot? { flow.slots.first { $0.name == name } }

    /// The choice at the present position.
    var choice: Instruction.Choice? {
        guard flow.program.indices.contains(open.position),
            case .choose(let choice) = flow.program[open.position]
        else {
            return nil
        }
        return choice
    }

    /// The confirmation at the present position.
    var confirmation: Instruction.Confirmation? {
        guard flow.program.indices.contains(open.position),
            case .confirm(let ask) = flow.program[open.position]
        else {
            return nil
        }
        return ask
    }

    private mutating func stepQuestion() -> Reply? {
        if let confirmation {
            var question = reply(confirmation.ask, in: scope)
            if question.buttons == nil { question.buttons = Self.yesAndNo }
            return question
        }
        guard let choice else { return nil }
        let items = items(of: choice)
        let lines = lines(of: choice, items)
        var question = reply(
            choice.say ?? .named(BuiltinResponse.chooseOne), in: scope.adding("items", .array(items)))
        let numbered = lines.enumerated().map { "\($0.offset + 1). \($0.element)" }
        question.text = ([question.text] + numbered).joined(separator: "\n")
        if question.buttons == nil { question.buttons = Self.buttons(lines) }
        question.isSensitive =
            question.isSensitive || choice.show.expressions.contains { $0.shows(sensitive) }
        return question
    }

    /// The offered items as they are shown.
    func lines(of choice: Instruction.Choice, _ items: [JSON]) -> [String] {
        items.enumerated().map { index, item in
            choice.show.text(in: scope.adding("item", item).adding("n", .integer(index + 1)))
        }
    }

    // What a channel that can show buttons offers when the author wrote none: the same as can be said.
    private static let yesAndNo: JSON = [
        ["type": "confirm", "label": "Yes", "value": "yes"],
        ["type": "confirm", "label": "No", "value": "no"],
    ]

    private static func buttons(_ lines: [String]) -> JSON {
        .array(
            lines.enumerated().map { index, line in
                ["type": "choose", "label": .string(line), "value": .string(String(index + 1))]
            })
    }
}
