// SPDX-License-Identifier: Apache-2.0

import Intents
import WireProtocols

extension FlowMachine {
    /// What the utterance holds of this flow's entities; the answer to a question about `entity` is read more
    /// generously and comes first.
    func matches(in utterance: String, answering entity: String?) -> [EntityMatch] {
        let known = Set(flow.slots.flatMap { [$0] + $0.parts }.compactMap(\.entity))
        let recognizer = defining.recognizer
        let entities = EntityContext(
            now: context.time.now.seconds, zone: context.time,
            gazetteers: context.lookups.mapValues(\.gazetteer), monthFirst: defining.parts.readsMonthFirst)
        let all = recognizer.find(in: utterance, context: entities, only: known)
        guard let entity, !isText(entity) else { return all }
        let answers = recognizer.find(entity: entity, in: utterance, context: entities)
        return inOrder(answers) + all.filter { $0.entity != entity }
    }

    // Of several values for one slot the longest is meant; a list keeps the order they were said in.
    private func inOrder(_ answers: [EntityMatch]) -> [EntityMatch] {
        guard case .list? = awaitedSlot?.kind else { return answers }
        return answers.sorted { $0.span.lowerBound < $1.span.lowerBound }
    }

    /// The assistant whose entities the flow was written for.
    private var defining: Assistant { book.pinned ?? book.current }

    /// Gives each match to the first slot of its entity that has no value, the awaited one before all others; returns
    /// the names of the slots that were filled.
    mutating func fill(_ matches: [EntityMatch]) -> Set<String> {
        var filled: Set<String> = []
        var used: [Range<Int>] = []
        let fresh = Set(flow.slots.filter { open.slots[$0.name]?.isNothing ?? true }.map(\.name))
        for match in matches where !used.contains(where: { $0.overlaps(match.span) }) {
            guard let name = place(match, fresh) else { continue }
            filled.insert(name)
            used.append(match.span)
        }
        return filled
    }

    private mutating func place(_ match: EntityMatch, _ fresh: Set<String>) -> String? {
        let value = slotValue(match)
        if case .part(let group, let item, let name)? = open.waiting,
            isOpen(part: name, of: group, item: item, match)
        {
            setPart(name, of: group, item: item, value)
            return group
        }
        let candidates = flow.slots.filter {
            $0.entity == match.entity && takes($0) && fresh.contains($0.name)
        }
        let unfilled = candidates.filter { slot in
            if case .list = slot.kind { return true }
            return open.slots[slot.name]?.isNothing ?? true
        }
        let needed =
            unfilled.first { waits(for: $0.name) } ?? unfilled.first { $0.when?.holds(in: scope) ?? true }
        guard let slot = needed ?? unfilled.first else { return placeInGroup(match, value) }
        if case .list = slot.kind {
            let known = open.slots[slot.name]?.list ?? []
            if !known.contains(value) { open.slots[slot.name] = .array(known + [value]) }
        } else {
            open.slots[slot.name] = value
        }
        open.origins["slots." + slot.name] = nil
        return slot.name
    }

    // Free text and any text are taken only as the answer to their own question.
    private func takes(_ slot: Slot) -> Bool {
        waits(for: slot.name) || !(slot.listensFreely || slot.entity.map(isText) ?? false)
    }

    private func waits(for slot: String) -> Bool { open.waiting == .slot(slot) }

    func isText(_ entity: String) -> Bool {
        defining.parts.entities[entity].map { $0.kind == .text } ?? (entity == "text")
    }

    func slotValue(_ match: EntityMatch) -> JSON {
        let isLookup = defining.parts.entities[match.entity]?.kind == .lookup
        return match.slotValue(context.lookups, isLookup: isLookup)
    }

    /// The slot, or part of an item, that is waited for.
    var awaitedSlot: Slot? {
        switch open.waiting {
        case .slot(let name): slot(name)
        case .part(let group, _, let name): slot(group)?.parts.first { $0.name == name }
        default: nil
        }
    }

    // "a large and a small one": a value that the present item has already begins the next item.
    private mutating func placeInGroup(_ match: EntityMatch, _ value: JSON) -> String? {
        for group in flow.slots where !open.closed.contains(group.name) {
            let parts = group.parts.filter {
                $0.entity == match.entity && !$0.listensFreely && !isText(match.entity)
            }
            guard let first = parts.first else { continue }
            let items = open.slots[group.name]?.list ?? []
            let last = max(items.count - 1, 0)
            let free = parts.first { part in
                if case .list = part.kind { return true }
                return items.last?[part.name]?.isNothing ?? true
            }
            if let free {
                setPart(free.name, of: group.name, item: last, value)
            } else {
                setPart(first.name, of: group.name, item: items.count, value)
            }
            return group.name
        }
        return nil
    }

    private func isOpen(part name: String, of group: String, item: Int, _ match: EntityMatch) -> Bool {
        guard slot(group)?.parts.first(where: { $0.name == name })?.entity == match.entity else {
            return false
        }
        let items = open.slots[group]?.list ?? []
        return !items.indices.contains(item) || items[item][name]?.isNothing ?? true
    }

    mutating func setPart(_ name: String, of group: String, item index: Int, _ value: JSON) {
        var items = open.slots[group]?.list ?? []
        while items.count <= index { items.append(.object(JSONObject())) }
        let isList =
            slot(group)?.parts.contains { if $0.name == name, case .list = $0.kind { true } else { false } }
            ?? false
        var item = items[index].members ?? JSONObject()
        item[name] = isList ? .array((item[name]?.list ?? []) + [value]) : value
        items[index] = .object(item)
        open.slots[group] = .array(items)
    }

    /// Gives slots that have a value the one that was said now; returns the names of those that changed, after which
    /// the steps begin anew.
    mutating func correct(_ matches: [EntityMatch]) -> Set<String> {
        var changed: Set<String> = []
        for match in matches where !isText(match.entity) {
            var value = slotValue(match)
            let holders = flow.slots.filter {
                $0.entity == match.entity && !(open.slots[$0.name]?.isNothing ?? true)
            }
            // Said once more, or named as what it should not be.
            if holders.contains(where: { open.slots[$0.name] == value }) { continue }
            guard let slot = holders.last(where: { !changed.contains($0.name) }) else { continue }
            if ReplyCues(match.text).isClockTime, let day = open.slots[slot.name] {
                value = context.time.moving(value, toDayOf: day)
            }
            if case .list = slot.kind {
                open.slots[slot.name] = [value]
            } else {
                open.slots[slot.name] = value
            }
            changed.insert(slot.name)
        }
        open.forgetWhatCameFrom(changed)
        return changed
    }
}
