// Stand-in: deleted together with the landing of Entities.
public struct ChoiceValue: Sendable { public init(value: String, synonyms: [String]) {} }
public enum TimePreference: Sendable { case future, past, none }
public enum EntityKind: Sendable { case choice([ChoiceValue]), lookup, pattern(Pattern), number, text, person, datetime(prefer: TimePreference), duration, dosage, phone, email }
public struct EntityDefinition: Sendable { public let name: String; public let kind: EntityKind; public init(name: String, kind: EntityKind) { self.name = name; self.kind = kind } }
public final class EntityRecognizer: Sendable { public init(_ e: [EntityDefinition]) {} }
