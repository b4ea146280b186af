// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Intents

struct DosageTests {
    private let recognizer = EntityRecognizer([.init(name: "medicine", kind: .dosage)])
    private let context = EntityContext(now: 0, zone: FixedOffset())

    private func dosage(_ text: String) -> DosageValue? {
        guard case .dosage(let value) = recognizer.find(in: text, context: context).first?.value else {
            return nil
        }
        return value
    }

    @Test func `a prescription is read whole`() {
        let text = "Prescribe amoxicillin 500mg twice daily for 7 days for patient John Smith"
        var expected = DosageValue()
        (expected.name, expected.dose, expected.unit) = ("amoxicillin", 500, "mg")
        (expected.timesPerDay, expected.days) = (2, 7)
        let found = recognizer.find(in: text, context: context)
        #expect(found.map(\.text) == ["amoxicillin 500mg twice daily for 7 days"])
        #expect(found.first?.value == .dosage(expected))
    }

    @Test func `ranges, intervals and need are read`() {
        let found = dosage("1-2 tablets every 4 to 6 hours as needed")
        #expect(found?.dose == 1)
        #expect(found?.doseMax == 2)
        #expect(found?.unit == "tablet")
        #expect(found?.everyHours == 4)
        #expect(found?.asNeeded == true)
        #expect(found?.name == nil)
    }

    @Test(arguments: [
        ("take 2 puffs of salbutamol when required", "salbutamol", 2.0),
        ("ibuprofen 400 mg three times a day by mouth", "ibuprofen", 400),
        ("paracetamol 1g qds", "paracetamol", 1), ("metformin 850mg bd with food", "metformin", 850),
    ])
    func `medicines and doses are read`(_ text: String, _ name: String, _ dose: Double) {
        #expect(dosage(text)?.name == name)
        #expect(dosage(text)?.dose == dose)
    }

    @Test func `the route and unusual frequencies are read`() {
        #expect(dosage("ibuprofen 400 mg three times a day by mouth")?.route == "oral")
        #expect(dosage("methotrexate 10mg once a week")?.timesPerDay == 1.0 / 7)
        #expect(dosage("one tablet every other day")?.timesPerDay == 0.5)
        #expect(dosage("atorvastatin 20mg at night for 2 weeks")?.days == 14)
    }

    @Test(arguments: ["I need an appointment", "3 times", "twice", "every 2 hours", "in 7 days", "daily"])
    func `what is no dosage is left alone`(_ text: String) {
        #expect(dosage(text) == nil)
    }

    /// Name, dose, most, unit, times a day, hours between, days, route, need; a dash for what was not said.
    @Test(arguments: [
        ("amoxicillin 500mg twice daily for 7 days", "amoxicillin 500 - mg 2 - 7 - -"),
        ("1-2 tablets every 4 to 6 hours as needed", "- 1 2 tablet - 4 - - prn"),
        ("take 1 tab po bid x 10d", "- 1 - tablet 2 - 10 oral -"),
        ("2 tabs q6h prn", "- 2 - tablet - 6 - - prn"),
        ("ibuprofen 400 mg q4-6h prn", "ibuprofen 400 - mg - 4 - - prn"),
        ("paracetamol 1 g four times a day", "paracetamol 1 - g 4 - - - -"),
        ("metformin 500 mg three times daily with meals", "metformin 500 - mg 3 - - - -"),
        ("take one and a half tablets once a day", "- 1.5 - tablet 1 - - - -"),
        ("half a tablet in the morning", "- 0.5 - tablet 1 - - - -"),
        ("1/2 tablet at bedtime", "- 0.5 - tablet 1 - - - -"),
        ("insulin 10 units before breakfast and dinner", "insulin 10 - unit 2 - - - -"),
        ("salbutamol 2 puffs every 4 hours when required", "salbutamol 2 - puff - 4 - - prn"),
        ("prednisolone 30mg daily for 5 days", "prednisolone 30 - mg 1 - 5 - -"),
        ("doxycycline 100 mg b.i.d. for two weeks", "doxycycline 100 - mg 2 - 14 - -"),
        ("warfarin 3 mg every other day", "warfarin 3 - mg 0.5 - - - -"),
        ("alendronate 70mg once weekly", "alendronate 70 - mg 0.143 - - - -"),
        ("methotrexate 10 mg once a week", "methotrexate 10 - mg 0.143 - - - -"),
        ("5 ml every eight hours", "- 5 - ml - 8 - - -"),
        ("codeine 30-60 mg every 6 hours if needed", "codeine 30 60 mg - 6 - - prn"),
        ("apply cream twice a day", "cream - - - 2 - - - -"),
        ("2 drops in each eye 4 times a day for a week", "- 2 - drop 4 - 7 ocular -"),
        ("cetirizine 10mg at night", "cetirizine 10 - mg 1 - - - -"),
        ("amoxicillin 250 mg 8 hourly for 5 days", "amoxicillin 250 - mg - 8 5 - -"),
        ("aspirin 75mg od", "aspirin 75 - mg 1 - - - -"),
        ("ramipril 2.5 mg nocte", "ramipril 2.5 - mg 1 - - - -"),
        ("1,000 mg of paracetamol up to 4 times a day", "paracetamol 1000 - mg 4 - - - -"),
        ("take two tablets every morning and evening", "- 2 - tablet 2 - - - -"),
        ("nitrofurantoin 100mg 2x daily for 3 days", "nitrofurantoin 100 - mg 2 - 3 - -"),
        ("omeprazole 20 mg capsule once daily for 4 weeks", "omeprazole 20 - mg 1 - 28 - -"),
        ("500 micrograms sublingually as required", "- 500 - mcg - - - sublingual prn"),
        ("ibuprofen 200mg to 400mg three times a day after food", "ibuprofen 200 400 mg 3 - - - -"),
        ("levothyroxine 50mcg each morning", "levothyroxine 50 - mcg 1 - - - -"),
        ("flucloxacillin 500mg qds 7 day course", "flucloxacillin 500 - mg 4 - 7 - -"),
        ("morphine 5mg IV every 4 hours prn", "morphine 5 - mg - 4 - intravenous prn"),
        ("one capsule twice per day for ten days", "- 1 - capsule 2 - 10 - -"),
        ("3 times a day take 5ml", "- 5 - ml 3 - - - -"),
        ("vitamin D 1000 IU daily", "vitamin D 1000 - unit 1 - - - -"),
        ("azithromycin 500 mg on day 1", "azithromycin 500 - mg - - - - -"),
        ("lisinopril 10 mg by mouth every day", "lisinopril 10 - mg 1 - - oral -"),
        ("gabapentin 300mg three times/day", "gabapentin 300 - mg 3 - - - -"),
    ])
    func `what prescribers write is read whole`(_ text: String, _ expected: String) {
        #expect(dosage(text).map(Self.line) == expected)
    }

    private static func line(_ value: DosageValue) -> String {
        func number(_ value: Double?) -> String {
            guard let value else { return "-" }
            let rounded = (value * 1000).rounded() / 1000
            return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
        }
        return [
            value.name ?? "-", number(value.dose), number(value.doseMax), value.unit ?? "-",
            number(value.timesPerDay), number(value.everyHours), value.days.map(String.init) ?? "-",
            value.route ?? "-", value.asNeeded == true ? "prn" : "-",
        ].joined(separator: " ")
    }
}
