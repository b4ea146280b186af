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
}
