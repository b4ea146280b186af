// SPDX-License-Identifier: Apache-2.0

import Intents
import WireProtocols

/// What an utterance does to the question that is waited for.
enum AnswerEffect: Sendable, Hashable {
    /// The flow goes on.
    case goOn
    /// Something follows that the author has written.
    case outcome(Outcome)
    /// The flow ends at the person's wish.
    case cancelled
    /// It answers nothing; the reason for asking again.
    case nothing(again: String)
}

extension FlowMachine {
    /// Reads the utterance as an answer.
    ///
    /// Where it also is another intent, and surely so, only a clear answer counts.
    mutating func answer(_ utterance: String, strongIntent: Bool) -> AnswerEffect {
        switch open.waiting {
        case .slot, .part: answerSlot(utterance, strongIntent)
        case .more(let group): answerMore(group, utterance)
        case .choice: answerChoice(utterance, strongIntent)
        case .confirmation: answerConfirmation(utterance, strongIntent)
        case nil: .goOn
        }
    }

    private mutating func answerSlot(_ utterance: String, _ strongIntent: Bool) -> AnswerEffect {
        guard let slot = awaitedSlot, let entity = slot.entity else { return .goOn }
        let again = AnswerEffect.nothing(again: BuiltinResponse.slotAgain)
        if slot.listensFreely, isText(entity) { return take(utterance) }
        let matches = matches(in: utterance, answering: entity)
        let others = matches.filter { $0.entity != entity }
        if ReplyCues(utterance).isCorrection {
            let changed = correct(others)
            if !changed.isEmpty {
                note(fill(matches).union(changed))
                open.restart()
                return .goOn
            }
        }
        if isText(entity) { return strongIntent ? again : take(utterance) }
        let clear = matches.filter { $0.entity == entity || isTelling($0.entity) }
        if strongIntent, !isMostly(utterance, clear) { return again }
        let filled = fill(matches)
        let changed = correct(others.filter { isTelling($0.entity) })
        if !changed.isEmpty { open.restart() }
        note(filled.union(changed))
        return filled.isEmpty && changed.isEmpty ? again : .goOn
    }

    private mutating func take(_ utterance: String) -> AnswerEffect {
        let text = utterance.trimmingSpaces
        guard !text.isEmpty else { return .nothing(again: BuiltinResponse.slotAgain) }
        switch open.waiting {
        case .slot(let name):
            if case .list = slot(name)?.kind {
                open.slots[name] = [.string(text)]
            } else {
                open.slots[name] = .string(text)
            }
        case .part(let group, let item, let name): setPart(name, of: group, item: item, .string(text))
        default: break
        }
        return .goOn
    }

    private mutating func answerMore(_ group: String, _ utterance: String) -> AnswerEffect {
        let verdict = YesNo.parse(utterance)
        let filled = fill(matches(in: utterance, answering: nil))
        note(filled)
        if filled.contains(group) { return .goOn }
        if case .no? = verdict { return close(group) }
        if ReplyCues(utterance).isDone { return close(group) }
        guard verdict != nil else {
            return filled.isEmpty ? .nothing(again: BuiltinResponse.confirmAgain) : .goOn
        }
        open.slots[group] = .array((open.slots[group]?.list ?? []) + [.object(JSONObject())])
        return .goOn
    }

    private mutating func close(_ group: String) -> AnswerEffect {
        open.closed.append(group)
        return .goOn
    }

    private mutating func answerChoice(_ utterance: String, _ strongIntent: Bool) -> AnswerEffect {
        guard let choice else { return .goOn }
        let cues = ReplyCues(utterance)
        let items = items(of: choice)
        let matches = matches(in: utterance, answering: nil)
        if cues.isCorrection, change(matches) { return .goOn }
        if !strongIntent || cues.words.count <= 3,
            let index = choose(utterance, cues, items, lines(of: choice, items))
        {
            pick(items[index], of: choice)
            open.position += 1
            return .goOn
        }
        if strongIntent { return .nothing(again: BuiltinResponse.chooseAgain) }
        let isRefused = YesNo.parse(utterance).map { !$0.isYes } ?? false
        if cues.isNone || isRefused { return choice.ifNone.map { .outcome($0) } ?? .cancelled }
        if isAmbiguous(utterance, lines(of: choice, items)) {
            return .nothing(again: BuiltinResponse.chooseAgain)
        }
        if change(matches.filter { isTelling($0.entity) }) { return .goOn }
        return .nothing(again: BuiltinResponse.chooseAgain)
    }

    // "9:30" where two items are at half past nine names both, and is no wish for another time.
    private func isAmbiguous(_ utterance: String, _ lines: [String]) -> Bool {
        lines.count { Selection.parse(utterance, labels: [$0]) != nil } > 1
    }

    private func choose(_ utterance: String, _ cues: ReplyCues, _ items: [JSON], _ lines: [String]) -> Int? {
        if let index = index(ofValue: utterance, in: items) ?? Selection.parse(utterance, labels: lines) {
            return index
        }
        return cues.isAny ? items.indices.first : nil
    }

    // A button sends a value of its item, such as an id; a lone digit is a place in the list.
    private func index(ofValue said: String, in items: [JSON]) -> Int? {
        guard said.utf8.count > 1, Int(said) == nil else { return nil }
        let found = items.indices.filter { index in
            let values = items[index].members?.members.map(\.value) ?? [items[index]]
            return values.contains { $0.text?.lowercased() == said.lowercased() }
        }
        return found.count == 1 ? found[0] : nil
    }

    private mutating func answerConfirmation(_ utterance: String, _ strongIntent: Bool) -> AnswerEffect {
        guard let confirmation else { return .goOn }
        let refused = confirmation.ifNo.map { AnswerEffect.outcome($0) } ?? .cancelled
        let verdict = YesNo.parse(utterance)
        if let verdict, verdict.remainder.isEmpty { return verdict.isYes ? accepted() : refused }
        let cues = ReplyCues(utterance)
        let found = matches(in: utterance, answering: nil)
        // "Yes, Tuesday" agrees; "yes, but Wednesday" does not.
        let mayCorrect = cues.isCorrection || cues.words.contains("but")
        if change(found.filter { mayCorrect || verdict?.isYes != true && isTelling($0.entity) }) {
            return .goOn
        }
        if isAboutCancelling, cues.words.contains("cancel"), cues.words.count > 1, verdict?.isYes ?? true {
            return accepted()
        }
        guard let verdict, !strongIntent else { return .nothing(again: BuiltinResponse.confirmAgain) }
        return verdict.isYes ? accepted() : refused
    }

    private mutating func accepted() -> AnswerEffect {
        open.position += 1
        return .goOn
    }

    /// The question is whether to cancel something: there "cancel it" is a yes and "cancel" may be either.
    var isAboutCancelling: Bool {
        guard let confirmation else { return false }
        return book.response(confirmation.ask).alternatives.contains {
            normalised($0.text(in: scope)).split(separator: " ").contains("cancel")
        }
    }

    // A choice or a confirmation is about the values there are: another one begins the steps anew.
    private mutating func change(_ matches: [EntityMatch]) -> Bool {
        let filled = fill(matches)
        let changed = filled.union(correct(matches))
        note(changed)
        if changed.isEmpty { return false }
        open.restart()
        return true
    }

    mutating func note(_ slots: Set<String>) {
        if !slots.isDisjoint(with: sensitive) { result.utteranceIsSensitive = true }
    }

    // A bare number or name may mean anything; a value of a known set, or a time, means its slot.
    private func isTelling(_ entity: String) -> Bool {
        switch (book.pinned ?? book.current).parts.entities[entity]?.kind {
        case .choice, .lookup, .datetime, .dosage: true
        default: false
        }
    }

    private func isMostly(_ utterance: String, _ matches: [EntityMatch]) -> Bool {
        let matches = matches.filter(\.isUnmistakable)
        if matches.contains(where: \.isAddress) { return true }
        let length = utterance.unicodeScalars.count
        return matches.reduce(0) { $0 + $1.span.count } * 2 >= length
    }
}

extension EntityMatch {
    // Words in small letters may look like anybody's name; "John Smith" is one.
    fileprivate var isUnmistakable: Bool {
        guard case .person = value else { return true }
        return text.split(separator: " ").allSatisfy { $0.first?.isUppercase ?? false }
    }

    // Nobody gives an address by chance, whatever else the sentence sounds like.
    fileprivate var isAddress: Bool {
        switch value {
        case .email, .phone: true
        default: false
        }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
