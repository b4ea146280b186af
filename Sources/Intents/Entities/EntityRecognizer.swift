// SPDX-License-Identifier: Apache-2.0

/// Finds the declared entities in a text.
///
/// Where two findings of different entities overlap, the longer one stays; of two equally long, the one whose entity was
/// declared first. Findings of one entity never overlap.
public final class EntityRecognizer: Sendable {
    private let entities: [EntityDefinition]
    private let choices: [String: ChoiceMatcher]

    /// A recogniser of `entities`, in order of preference.
    public init(_ entities: [EntityDefinition]) {
        self.entities = entities
        var choices: [String: ChoiceMatcher] = [:]
        for entity in entities {
            if case .choice(let values) = entity.kind { choices[entity.name] = ChoiceMatcher(values) }
        }
        self.choices = choices
    }

    /// All entities in `text`, in order of their place.
    ///
    /// Entities of kind `text` are never looked for. With `only`, other entities take no words away from those named.
    public func find(in text: String, context: EntityContext, only names: Set<String>? = nil) -> [EntityMatch]
    {
        let stream = TokenStream(text)
        guard stream.count > 0 else { return [] }
        let wanted = entities.filter { names?.contains($0.name) ?? true }
        return resolved(wanted.flatMap { search($0, text, stream, context, isAnswer: false) })
    }

    /// The entity in `text` that answers a question for it: the same, and what only an answer can mean, such as a bare
    /// hour, a name in small letters, or any text.
    ///
    /// Of several, the longest first.
    public func find(entity name: String, in text: String, context: EntityContext) -> [EntityMatch] {
        let stream = TokenStream(text)
        guard let entity = entities.first(where: { $0.name == name }), stream.count > 0 else { return [] }
        let found = resolved(search(entity, text, stream, context, isAnswer: true))
        return found.sorted { ($0.span.count, -$0.span.lowerBound) > ($1.span.count, -$1.span.lowerBound) }
    }

    private func resolved(_ found: [EntityMatch]) -> [EntityMatch] {
        let order = found.indices.sorted { (found[$0].span.count, -$0) > (found[$1].span.count, -$1) }
        var kept: [EntityMatch] = []
        for number in order where !kept.contains(where: { $0.span.overlaps(found[number].span) }) {
            kept.append(found[number])
            if kept.count >= Self.maxMatches { break }
        }
        return kept.sorted { $0.span.lowerBound < $1.span.lowerBound }
    }

    /// More are noise, and checking each against each must stay cheap.
    private static let maxMatches = 100

    private func search(
        _ entity: EntityDefinition, _ text: String, _ stream: TokenStream, _ context: EntityContext,
        isAnswer: Bool
    ) -> [EntityMatch] {
        switch entity.kind {
        case .choice:
            guard let matcher = choices[entity.name] else { return [] }
            return scan(entity, stream) { matcher.match(stream, at: $0).map { (.value($0.value), $0.end) } }
        case .lookup:
            guard let gazetteer = context.gazetteers[entity.name] else { return [] }
            return scan(entity, stream) {
                gazetteer.match(stream, at: $0, isAnswer: isAnswer).map { (.value($0.value), $0.end) }
            }
        case .pattern(let pattern):
            return pattern.matches(in: text).prefix(Self.maxMatches).map {
                // What stands around the value belongs to others: "diagnosis of asthma for John Smith".
                EntityMatch(entity: entity.name, text: $0.value, span: $0.valueSpan, value: .value($0.value))
            }
        case .number: return numbers(entity, stream)
        case .text: return isAnswer ? whole(entity, stream) : []
        case .person: return people(entity, stream, isAnswer)
        case .datetime(let prefer):
            let reader = DatetimeReader(stream, context, prefer: prefer, isAnswer: isAnswer)
            return reader.all().map { match(entity, stream, $0.tokens, $0.value) }
        case .duration:
            let reader = DurationReader(stream)
            return scan(entity, stream) { reader.duration(at: $0).map { (.duration($0.value), $0.end) } }
        case .dosage:
            let reader = DosageReader(stream)
            return scan(entity, stream) { reader.dosage(at: $0).map { (.dosage($0.value), $0.end) } }
        case .phone:
            let reader = ContactReader(stream: stream)
            return scan(entity, stream) { reader.phone(at: $0).map { (.phone(e164: $0.e164), $0.end) } }
        case .email:
            let reader = ContactReader(stream: stream)
            return scan(entity, stream) { reader.email(at: $0).map { (.email($0.address), $0.end) } }
        }
    }

    /// Reads at every token, going on behind what was found.
    private func scan(
        _ entity: EntityDefinition, _ stream: TokenStream, _ read: (Int) -> (EntityValue, Int)?
    ) -> [EntityMatch] {
        var found: [EntityMatch] = []
        var position = 0
        while position < stream.count {
            if let (value, end) = read(position), end > position {
                found.append(match(entity, stream, position..<min(end, stream.count), value))
                position = end
            } else {
                position += 1
            }
        }
        return found
    }

    private func numbers(_ entity: EntityDefinition, _ stream: TokenStream) -> [EntityMatch] {
        let reader = NumberReader(stream: stream)
        return scan(entity, stream) { position in
            // "-3" is a number, "2-3" are two.
            let isNegative =
                stream.word(position) == "-" && stream.isGlued(position + 1) && !stream.isGlued(position)
            return reader.number(at: isNegative ? position + 1 : position).map {
                (.number(isNegative ? -$0.value : $0.value), $0.end)
            }
        }
    }

    private func people(_ entity: EntityDefinition, _ stream: TokenStream, _ isAnswer: Bool) -> [EntityMatch]
    {
        let reader = PersonReader(stream: stream)
        if isAnswer {
            return reader.answer().map { [match(entity, stream, $0.tokens, .person(name: $0.name))] } ?? []
        }
        var found: [EntityMatch] = []
        var position = 0
        while position < stream.count {
            if let person = reader.person(at: position) {
                found.append(match(entity, stream, person.tokens, .person(name: person.name)))
                position = person.tokens.upperBound
            } else {
                position += 1
            }
        }
        return found
    }

    private func whole(_ entity: EntityDefinition, _ stream: TokenStream) -> [EntityMatch] {
        let text = stream.original(0..<stream.count)
        return [
            EntityMatch(
                entity: entity.name, text: text, span: stream.span(0..<stream.count), value: .text(text))
        ]
    }

    private func match(
        _ entity: EntityDefinition, _ stream: TokenStream, _ tokens: Range<Int>, _ value: EntityValue
    ) -> EntityMatch {
        EntityMatch(
            entity: entity.name, text: stream.original(tokens), span: stream.span(tokens), value: value)
    }
}
