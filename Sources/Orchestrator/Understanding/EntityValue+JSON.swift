// SPDX-License-Identifier: Apache-2.0
import Intents
package import WireProtocols

extension EntityValue {
    /// The value as `parse` prints it: an object with the same keys whatever was said.
    package var json: JSON {
        switch self {
        case .datetime(let time):
            [
                "from": .string(time.from.iso8601), "to": .string(time.to.iso8601),
                "grain": .string(time.grain.rawValue),
            ]
        case .duration(let duration): duration.json
        case .set(let every, let from):
            ["every": every.json, "from": from.map { .string($0.iso8601) } ?? .null]
        case .number(let number): ["number": JSON(plain: number)]
        case .value(let value): ["value": .string(value)]
        case .phone(let number): ["e164": .string(number)]
        case .email(let address): ["email": .string(address)]
        case .person(let name): ["name": .string(name)]
        case .text(let text): ["text": .string(text)]
        case .dosage(let dosage): .object(dosage.json)
        }
    }
}

extension DurationValue {
    var json: JSON { ["seconds": .integer(seconds), "grain": .string(grain.rawValue)] }
}

extension DosageValue {
    /// All that can be said of a dosage, null for what was not.
    var json: JSONObject {
        JSONObject([
            .init(name: "name", value: name.map(JSON.string) ?? .null),
            .init(name: "dose", value: dose.map { JSON(plain: $0) } ?? .null),
            .init(name: "dose_max", value: doseMax.map { JSON(plain: $0) } ?? .null),
            .init(name: "unit", value: unit.map(JSON.string) ?? .null),
            .init(name: "times_per_day", value: timesPerDay.map { JSON(plain: $0) } ?? .null),
            .init(name: "every_hours", value: everyHours.map { JSON(plain: $0) } ?? .null),
            .init(name: "days", value: days.map(JSON.integer) ?? .null),
            .init(name: "route", value: route.map(JSON.string) ?? .null),
            .init(name: "as_needed", value: asNeeded.map(JSON.bool) ?? .null),
        ])
    }
}

extension JSON {
    /// A number without a fraction it does not have.
    init(plain number: Double) { self = Int(exactly: number).map(JSON.integer) ?? .number(number) }
}
