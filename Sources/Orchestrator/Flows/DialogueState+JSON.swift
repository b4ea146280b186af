// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

extension DialogueState {
    private static let version = 1

    /// Reads what ``json`` wrote; anything else is a dialogue in which nothing has been said.
    package init(json: JSON) {
        self.init()
        guard json["version"]?.int == Self.version else { return }
        var events: [EscalationRule.Counter: [Timestamp]] = [:]
        for counter in EscalationRule.Counter.allCases {
            let times = json["events"]?[counter.rawValue]?.list?.compactMap(\.int) ?? []
            if !times.isEmpty { events[counter] = times.map { Timestamp(milliseconds: $0) } }
        }
        let lines = (json["otherwise"]?.members?.members ?? []).compactMap { member in
            Int(member.name).flatMap { line in member.value.int.map { (line, $0) } }
        }
        self.init(events: events, otherwise: Dictionary(lines) { $1 })
        for member in json["threads"]?.members?.members ?? [] { threads[member.name] = member.value.text }
        open = json["open"].flatMap { OpenFlow(json: $0) }
        candidates = json["candidates"]?.list?.compactMap(\.text) ?? []
        suspended = (json["suspended"]?.list ?? []).compactMap { OpenFlow(json: $0) }
    }

    /// As it is stored; an empty object for the beginning.
    package var json: JSON {
        var object = JSONObject()
        if let open { object["open"] = open.json }
        if !candidates.isEmpty { object["candidates"] = .array(candidates.map { .string($0) }) }
        if !suspended.isEmpty { object["suspended"] = .array(suspended.map(\.json)) }
        let events = EscalationRule.Counter.allCases.compactMap { counter in
            self.events[counter].map { times in
                JSONObject.Member(
                    name: counter.rawValue, value: .array(times.map { .integer($0.milliseconds) }))
            }
        }
        if !events.isEmpty { object["events"] = .object(JSONObject(events)) }
        let lines = otherwise.sorted { $0.key < $1.key }
        if !lines.isEmpty {
            object["otherwise"] = .object(
                JSONObject(lines.map { .init(name: String($0.key), value: .integer($0.value)) }))
        }
        let threads = threads.sorted { $0.key < $1.key }
        if !threads.isEmpty {
            object["threads"] = .object(
                JSONObject(threads.map { .init(name: $0.key, value: .string($0.value)) }))
        }
        guard object.count > 0 else { return .object(object) }
        object["version"] = .integer(Self.version)
        return .object(object)
    }
}

extension OpenFlow {
    /// Reads what ``json`` wrote; nil when it is something else.
    init?(json: JSON) {
        guard let name = json["name"]?.text, let hash = json["hash"]?.text,
            let assistant = json["assistant"]?.text,
            let run = json["run"]?.text, let position = json["position"]?.int, position >= 0
        else { return nil }
        self.init(name: name, hash: hash, assistant: assistant, run: run)
        self.position = position
        slots = json["slots"]?.members ?? JSONObject()
        saved = json["saved"]?.members ?? JSONObject()
        attempts = json["attempts"]?.int ?? 0
        closed = json["closed"]?.list?.compactMap(\.text) ?? []
        for member in json["origins"]?.members?.members ?? [] {
            origins[member.name] = member.value.list?.compactMap(\.text)
        }
        waiting = json["waiting"].flatMap { Waiting(json: $0) }
    }

    /// As it is stored.
    var json: JSON {
        var object = JSONObject([
            .init(name: "name", value: .string(name)), .init(name: "hash", value: .string(hash)),
            .init(name: "assistant", value: .string(assistant)), .init(name: "run", value: .string(run)),
            .init(name: "position", value: .integer(position)),
        ])
        let keptSlots = storable(slots, prefix: "slots.")
        let keptResults = storable(saved)
        if keptSlots.count > 0 { object["slots"] = .object(keptSlots) }
        if keptResults.count > 0 { object["saved"] = .object(keptResults) }
        if attempts > 0 { object["attempts"] = .integer(attempts) }
        if !closed.isEmpty { object["closed"] = .array(closed.map(JSON.string)) }
        let origins = origins.sorted { $0.key < $1.key }.map {
            JSONObject.Member(name: $0.key, value: .array($0.value.map(JSON.string)))
        }
        if !origins.isEmpty { object["origins"] = .object(JSONObject(origins)) }
        if let waiting { object["waiting"] = waiting.json }
        return .object(object)
    }

    /// Without what is sensitive or was made from it.
    private func storable(_ values: JSONObject, prefix: String = "") -> JSONObject {
        guard !sensitive.isEmpty else { return values }
        let kept = values.members.filter { member in
            let isItself = !prefix.isEmpty && sensitive.contains(member.name)
            return !isItself && sensitive.isDisjoint(with: origins[prefix + member.name] ?? [])
        }
        return JSONObject(kept)
    }
}

extension OpenFlow.Waiting {
    init?(json: JSON) {
        if json == "choice" {
            self = .choice
        } else if json == "confirmation" {
            self = .confirmation
        } else if let group = json["more"]?.text {
            self = .more(group: group)
        } else if let group = json["group"]?.text, let item = json["item"]?.int,
            let slot = json["slot"]?.text, item >= 0
        {
            self = .part(group: group, item: item, slot: slot)
        } else if let slot = json["slot"]?.text {
            self = .slot(slot)
        } else {
            return nil
        }
    }

    var json: JSON {
        switch self {
        case .choice: "choice"
        case .confirmation: "confirmation"
        case .more(let group): ["more": .string(group)]
        case .part(let group, let item, let slot):
            ["group": .string(group), "item": .integer(item), "slot": .string(slot)]
        case .slot(let slot): ["slot": .string(slot)]
        }
    }
}
