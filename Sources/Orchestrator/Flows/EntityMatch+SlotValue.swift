// SPDX-License-Identifier: Apache-2.0

import Intents
import WireProtocols

extension EntityMatch {
    /// What a slot holds for it.
    ///
    /// | kind | value |
    /// |---|---|
    /// | choice, pattern, text, person, phone, email | text |
    /// | lookup | `{ value, label }` |
    /// | number | a number |
    /// | datetime | `{ from, to, grain }` |
    /// | duration | `{ seconds, grain }`; what recurs is `{ every, from }` |
    /// | dosage | `{ name, dose, dose_max, unit, times_per_day, every_hours, days, route, as_needed }`, null for what was not said, and as text `dosage`, `frequency`, `duration` |
    func slotValue(_ lookups: [String: LookupTable], isLookup: Bool) -> JSON {
        switch value {
        case .value(let text):
            guard isLookup else { return .string(text) }
            return lookups[entity]?.slotValue(text, said: self.text)
                ?? ["value": .string(text), "label": .string(self.text)]
        case .text(let text), .person(let text), .phone(let text), .email(let text): return .string(text)
        case .number(let number): return JSON(plain: number)
        case .datetime(let time):
            return [
                "from": .string(time.from.iso8601), "to": .string(time.to.iso8601),
                "grain": .string(time.grain.rawValue),
            ]
        case .duration(let duration): return duration.json
        case .set(let every, let from):
            return ["every": every.json, "from": from.map { .string($0.iso8601) } ?? .null]
        case .dosage(let dosage): return dosage.slotValue
        }
    }
}

extension DosageValue {
    fileprivate var slotValue: JSON {
        var object = json
        object["dosage"] = DosageText.dose(object).map(JSON.string) ?? .null
        object["frequency"] = DosageText.frequency(object).map(JSON.string) ?? .null
        object["duration"] = DosageText.length(object).map(JSON.string) ?? .null
        return .object(object)
    }
}
