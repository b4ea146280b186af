// SPDX-License-Identifier: Apache-2.0

import WireProtocols

extension Scope {
    /// A value inside a sentence: a found name by its label, a date as people write it, a list with commas.
    func text(of value: JSON) -> String {
        switch value {
        case .null: ""
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .number(let number): plainText(number)
        case .string(let text): text
        case .array(let items): items.map(text(of:)).filter { !$0.isEmpty }.joined(separator: ", ")
        case .object(let object): text(of: object)
        }
    }

    private func text(of object: JSONObject) -> String {
        if let label = object["label"] ?? object["value"] { return text(of: label) }
        if let date = DateText(time: time).date(.object(object)) { return date }
        if let duration = DurationText(object)?.text { return duration }
        if let dosage = DosageText(object)?.text { return dosage }
        if let name = object["name"] { return text(of: name) }
        return object.members.map { text(of: $0.value) }.filter { !$0.isEmpty }.joined(separator: ", ")
    }
}

/// A number without a fraction it does not have: `3`, `2.5`.
func plainText(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? String(number) }

/// A length of time in the unit it was said in: `7 days`.
struct DurationText {
    let text: String

    init?(_ object: JSONObject) {
        guard let seconds = object["seconds"]?.int, let grain = object["grain"]?.text else { return nil }
        let units: [(String, Int)] = [
            ("year", 31_536_000), ("quarter", 7_776_000), ("month", 2_592_000), ("week", 604_800),
            ("day", 86_400),
            ("hour", 3600), ("minute", 60), ("second", 1),
        ]
        let said = units.first { $0.0 == grain && seconds % $0.1 == 0 }
        guard let (unit, length) = said ?? units.first(where: { seconds % $0.1 == 0 }) else { return nil }
        let count = seconds / length
        text = "\(count) \(unit)\(count == 1 ? "" : "s")"
    }
}

/// What was said about taking a medicine: `amoxicillin 500mg twice daily for 7 days`.
struct DosageText {
    let text: String

    init?(_ object: JSONObject) {
        guard object["dose"] != nil, object["times_per_day"] != nil else { return nil }
        let length = Self.length(object).map { "for " + $0 }
        let parts = [object["name"]?.text, Self.dose(object), Self.frequency(object), length]
        text = parts.compactMap { $0 }.joined(separator: " ")
    }

    /// `500mg`, `1-2 tablets`.
    static func dose(_ object: JSONObject) -> String? {
        guard let dose = object["dose"]?.double else { return nil }
        let most = object["dose_max"]?.double.map { "-" + plainText($0) } ?? ""
        guard let unit = object["unit"]?.text else { return plainText(dose) + most }
        let isWord = unit.utf8.count > 3
        let isMany = (object["dose_max"]?.double ?? dose) > 1
        return plainText(dose) + most + (isWord ? " " : "") + unit + (isWord && isMany ? "s" : "")
    }

    /// `twice daily`, `every 8 hours`, `as needed`.
    static func frequency(_ object: JSONObject) -> String? {
        var parts: [String] = []
        if let hours = object["every_hours"]?.double {
            parts.append(hours == 1 ? "every hour" : "every \(plainText(hours)) hours")
        } else if let times = object["times_per_day"]?.double {
            parts.append(
                times == 1 ? "once daily" : times == 2 ? "twice daily" : "\(plainText(times)) times daily")
        }
        if object["as_needed"]?.flag == true { parts.append("as needed") }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    /// `7 days`.
    static func length(_ object: JSONObject) -> String? {
        object["days"]?.int.map { "\($0) day\($0 == 1 ? "" : "s")" }
    }
}
