// SPDX-License-Identifier: Apache-2.0

/// One value of a choice with the other words for it.
public struct ChoiceValue: Sendable, Hashable {
    /// The canonical value; its own words are recognised too.
    public let value: String
    /// Other words for it.
    public let synonyms: [String]

    /// A value with its synonyms.
    public init(value: String, synonyms: [String] = []) { (self.value, self.synonyms) = (value, synonyms) }
}

/// Which way a time is taken that could be either.
public enum TimePreference: String, Sendable, Hashable, CaseIterable {
    case future, past, none
}

/// What kind of value an entity has and how it is recognised.
public enum EntityKind: Sendable, Hashable {
    /// One of a few values known beforehand.
    case choice([ChoiceValue])
    /// One of the entries of the gazetteer that has the entity's name.
    case lookup
    /// What a pattern matches: its first group if it has one.
    case pattern(Pattern)
    case number
    /// Any text; taken as the answer to a question, never looked for.
    case text
    case person
    case datetime(prefer: TimePreference)
    case duration
    case dosage
    case phone
    case email
}

/// A named entity.
public struct EntityDefinition: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// How it is recognised.
    public let kind: EntityKind

    /// A named entity.
    public init(name: String, kind: EntityKind) { (self.name, self.kind) = (name, kind) }
}

/// What recognising depends on besides the text: nothing here is read from the world.
public struct EntityContext: Sendable {
    /// Seconds since 1970, UTC.
    public let now: Int
    /// The zone people speak in.
    public let zone: any TimeZoneRules
    /// The entries of `lookup` entities, by entity.
    public let gazetteers: [String: Gazetteer]
    /// Whether 3/4 is March 4, where both orders are dates.
    public let monthFirst: Bool

    /// A context; gazetteers may be missing while they are not filled.
    public init(
        now: Int, zone: any TimeZoneRules, gazetteers: [String: Gazetteer] = [:], monthFirst: Bool = false
    ) {
        (self.now, self.zone, self.gazetteers, self.monthFirst) = (now, zone, gazetteers, monthFirst)
    }
}
