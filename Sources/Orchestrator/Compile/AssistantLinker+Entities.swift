// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Intents

extension AssistantLinker {
    mutating func linkEntities() {
        for name in names.entityOrder {
            guard let (config, range) = names.entities.values[name] else { continue }
            checkChoice(name, config)
            guard let kind = kind(of: config, name) else { continue }
            parts.entities[name] = EntityDefinition(name: name, kind: kind)
            parts.origins.entities[name] = range
            if let lookup = config.lookup { link(lookup, name, range) }
        }
        // Only those that are asked for: one that nobody names would take values away from the author's own.
        for name in slotEntities.union(markedEntities)
        where parts.entities[name] == nil && names.entities.values[name] == nil {
            parts.entities[name] = Self.plainKinds[name].map { EntityDefinition(name: name, kind: $0) }
        }
    }

    /// The entities as they were declared, then the built-in ones by name: of two equal findings the first stays.
    var entitiesInOrder: [EntityDefinition] {
        let declared = names.entityOrder
        let others = parts.entities.keys.filter { !declared.contains($0) }.sorted()
        return (declared + others).compactMap { parts.entities[$0] }
    }

    private var slotEntities: Set<String> {
        func entities(_ slots: [Named<SlotConfig>]) -> [String] {
            slots.flatMap { slot in
                [slot.value.entity?.value].compactMap { $0 } + entities(slot.value.each ?? [])
            }
        }
        return Set(names.flows.values.values.flatMap { entities($0.value.slots) })
    }

    private var markedEntities: Set<String> {
        Set(
            names.intents.values.values.flatMap { intent in
                intent.value.examples.flatMap {
                    (try? MarkedExample.parse($0.value))?.marks.map(\.entity) ?? []
                }
            })
    }

    static var plainKinds: [String: EntityKind] {
        [
            "number": .number, "text": .text, "person": .person, "duration": .duration, "dosage": .dosage,
            "phone": .phone, "email": .email, "datetime": .datetime(prefer: .future),
        ]
    }

    private mutating func kind(of config: EntityConfig, _ name: String) -> EntityKind? {
        if let choice = config.choice {
            return .choice(choice.map { ChoiceValue(value: $0.name.value, synonyms: $0.value.map(\.value)) })
        }
        if config.lookup != nil { return .lookup }
        if let patterns = config.patterns {
            let valid = patterns.filter { pattern($0) != nil }.map { "(?:\($0.value))" }
            return (try? Pattern(valid.joined(separator: "|"))).map { .pattern($0) }
        }
        if let datetime = config.datetime {
            return .datetime(
                prefer: datetime.prefer.value == "past"
                    ? .past : datetime.prefer.value == "none" ? .none : .future)
        }
        return config.plainKind.flatMap { Self.plainKinds[$0] }
    }

    private mutating func checkChoice(_ name: String, _ config: EntityConfig) {
        var owners: [String: (value: String, range: SourceRange)] = [:]
        for value in config.choice ?? [] {
            for word in value.value + [value.name] {
                let key = normalised(word.value)
                if let first = owners[key], first.value != value.name.value {
                    findings.error(
                        "choice-word-twice", at: word.range,
                        "'\(shortened(word.value))' means both '\(first.value)' and '\(value.name.value)' of '\(name)'",
                        help: "keep it at one of them", related: [.init(first.range, "the first one is here")]
                    )
                }
                owners[key] = (value.name.value, word.range)
            }
        }
    }

    private mutating func link(_ lookup: LookupConfig, _ name: String, _ range: SourceRange) {
        parts.lookups[name] = Lookup(
            action: lookup.action.value, label: lookup.label.value, value: lookup.value.value,
            keep: lookup.cache.value)
        guard let action = names.actions.resolve(lookup.action, for: "the entity '\(name)'", &findings) else {
            return
        }
        if !action.input.isEmpty {
            findings.error(
                "lookup-input", at: lookup.action.range,
                "the action '\(lookup.action.value)' needs \(quotedList(action.input.map(\.name.value))), which '\(name)' cannot give it",
                help: "name an action without 'input'")
        }
        guard case .list(.object(let fields)) = action.output?.value else {
            findings.error(
                "lookup-output", at: lookup.action.range,
                "the action '\(lookup.action.value)' does not return a list with fields, so '\(name)' cannot look anything up in it"
            )
            return
        }
        for field in [lookup.label, lookup.value]
        where !field.value.isEmpty && !fields.contains(where: { $0.name == field.value }) {
            findings.error(
                "field-unknown", at: field.range,
                "the action '\(lookup.action.value)' returns no '\(field.value)'",
                help: nearestName(to: field.value, in: fields.map(\.name)).map { "did you mean '\($0)'?" }
                    ?? "it returns \(quotedList(fields.map(\.name)))")
        }
    }

    /// The type of the values that an entity yields in a slot.
    func valueType(ofEntity name: String) -> ValueType {
        let text: (String) -> ValueType.Field = { .init(name: $0, type: .text) }
        let number: (String) -> ValueType.Field = { .init(name: $0, type: .number) }
        guard let kind = parts.entities[name]?.kind else { return .any }
        switch kind {
        case .choice, .pattern, .text, .person, .phone, .email: return .text
        case .lookup: return .object([text("value"), text("label")])
        case .number: return .number
        case .datetime: return .datetime
        case .duration: return .duration
        case .dosage:
            return .object([
                text("name"), number("dose"), number("dose_max"), text("unit"), number("times_per_day"),
                number("every_hours"), number("days"), text("route"),
                .init(name: "as_needed", type: .boolean),
            ])
        }
    }
}
