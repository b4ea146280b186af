// SPDX-License-Identifier: Apache-2.0

/// How exact a time or duration was said to be.
public enum Grain: String, Sendable, Hashable, CaseIterable {
    case second, minute, hour, day, week, month, quarter, year

    /// Its length; a month counts 30 days, a year 365.
    public var seconds: Int {
        switch self {
        case .second: 1
        case .minute: 60
        case .hour: 3600
        case .day: 86_400
        case .week: 604_800
        case .month: 2_592_000
        case .quarter: 7_776_000
        case .year: 31_536_000
        }
    }
}

/// A stretch of time, half-open; an instant lasts one grain.
public struct DatetimeValue: Sendable, Hashable {
    /// The first instant.
    public let from: ZonedInstant
    /// The first instant after it.
    public let to: ZonedInstant
    /// How exact it was said.
    public let grain: Grain

    /// A stretch of time.
    public init(from: ZonedInstant, to: ZonedInstant, grain: Grain) {
        (self.from, self.to, self.grain) = (from, to, grain)
    }
}

/// A length of time.
public struct DurationValue: Sendable, Hashable {
    /// Its length; a month counts 30 days, a year 365.
    public let seconds: Int
    /// The smallest unit it was said in.
    public let grain: Grain

    /// A length of time.
    public init(seconds: Int, grain: Grain) { (self.seconds, self.grain) = (seconds, grain) }
}

/// What was said about taking a medicine; nil for what was not said.
public struct DosageValue: Sendable, Hashable {
    /// The medicine, as written.
    public var name: String?
    /// How much at a time.
    public var dose: Double?
    /// The most at a time, of a range.
    public var doseMax: Double?
    /// `mg`, `ml`, `tablet`.
    public var unit: String?
    /// How often a day.
    public var timesPerDay: Double?
    /// How many hours between two doses; the smaller number of a range.
    public var everyHours: Double?
    /// For how many days.
    public var days: Int?
    /// `oral`, `topical`, `inhaled`, ...
    public var route: String?
    /// Whether only when needed.
    public var asNeeded: Bool?

    /// A dosage of which nothing is known yet.
    public init() {}
}

/// The typed value of an entity.
public enum EntityValue: Sendable, Hashable {
    case datetime(DatetimeValue)
    case duration(DurationValue)
    /// Something that recurs, from an instant on if one was said.
    case set(every: DurationValue, from: ZonedInstant?)
    case number(Double)
    /// The canonical value of a choice, a lookup or a pattern.
    case value(String)
    case phone(e164: String)
    case email(String)
    case person(name: String)
    case text(String)
    case dosage(DosageValue)
}

/// An entity found in an utterance.
public struct EntityMatch: Sendable, Hashable {
    /// The entity's name.
    public let entity: String
    /// The words that say it, as typed.
    public let text: String
    /// Where they stand, in scalars.
    public let span: Range<Int>
    /// What they mean.
    public let value: EntityValue

    /// A match as found, or as a test wants it.
    public init(entity: String, text: String, span: Range<Int>, value: EntityValue) {
        (self.entity, self.text, self.span, self.value) = (entity, text, span, value)
    }
}
