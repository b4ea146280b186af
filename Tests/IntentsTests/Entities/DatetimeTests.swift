// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Intents

/// Now is Tuesday, 10 March 2026, 09:30 in London, nineteen days before the clocks change.
struct DatetimeTests {
    private let context = EntityContext(now: 1_773_135_000, zone: London())
    private let recognizer = EntityRecognizer([
        EntityDefinition(name: "when", kind: .datetime(prefer: .future))
    ])

    private func range(_ text: String, isAnswer: Bool = false) -> String? {
        let found =
            isAnswer
            ? recognizer.find(entity: "when", in: text, context: context)
            : recognizer.find(in: text, context: context)
        guard found.count == 1, case .datetime(let value) = found[0].value else {
            return found.isEmpty ? nil : "\(found)"
        }
        return "\(value.from.iso8601.dropLast(9)) \(value.to.iso8601.dropLast(9)) \(value.grain)"
    }

    @Test(arguments: [
        ("today", "2026-03-10T00:00 2026-03-11T00:00 day"),
        ("tomorrow", "2026-03-11T00:00 2026-03-12T00:00 day"),
        ("tommorow", "2026-03-11T00:00 2026-03-12T00:00 day"),
        ("yesterday", "2026-03-09T00:00 2026-03-10T00:00 day"),
        ("the day after tomorrow", "2026-03-12T00:00 2026-03-13T00:00 day"),
        ("I need to see a cardiologist next week", "2026-03-16T00:00 2026-03-23T00:00 week"),
        ("this week", "2026-03-09T00:00 2026-03-16T00:00 week"),
        ("last month", "2026-02-01T00:00 2026-03-01T00:00 month"),
        ("next year", "2027-01-01T00:00 2028-01-01T00:00 year"),
        ("on Friday", "2026-03-13T00:00 2026-03-14T00:00 day"),
        ("Tuesday", "2026-03-17T00:00 2026-03-18T00:00 day"),
        ("this Friday", "2026-03-13T00:00 2026-03-14T00:00 day"),
        ("next Friday", "2026-03-20T00:00 2026-03-21T00:00 day"),
        ("last Friday", "2026-03-06T00:00 2026-03-07T00:00 day"),
        ("wednsday", "2026-03-11T00:00 2026-03-12T00:00 day"),
        ("this weekend", "2026-03-14T00:00 2026-03-16T00:00 day"),
        ("in 3 days", "2026-03-13T00:00 2026-03-14T00:00 day"),
        ("in two weeks", "2026-03-24T00:00 2026-03-25T00:00 day"),
        ("in 2 hours", "2026-03-10T11:30 2026-03-10T11:31 minute"),
        ("3 days ago", "2026-03-07T00:00 2026-03-08T00:00 day"),
        ("within 3 days", "2026-03-10T09:30 2026-03-13T09:30 day"),
        ("next 3 days", "2026-03-11T00:00 2026-03-14T00:00 day"),
        ("March 9", "2027-03-09T00:00 2027-03-10T00:00 day"),
        ("9 March 2026", "2026-03-09T00:00 2026-03-10T00:00 day"),
        ("the 9th of March, 2026", "2026-03-09T00:00 2026-03-10T00:00 day"),
        ("2026-03-09", "2026-03-09T00:00 2026-03-10T00:00 day"),
        ("2026-03-09T15:30", "2026-03-09T15:30 2026-03-09T15:31 minute"),
        ("9/4", "2026-04-09T00:00 2026-04-10T00:00 day"),
        ("4/25", "2026-04-25T00:00 2026-04-26T00:00 day"),
        ("the 15th", "2026-03-15T00:00 2026-03-16T00:00 day"),
        ("first Monday of April", "2026-04-06T00:00 2026-04-07T00:00 day"),
        ("3pm", "2026-03-10T15:00 2026-03-10T16:00 hour"),
        ("at 3", "2026-03-10T15:00 2026-03-10T16:00 hour"),
        ("15:00", "2026-03-10T15:00 2026-03-10T15:01 minute"),
        ("at 9am", "2026-03-11T09:00 2026-03-11T10:00 hour"),
        ("half past three", "2026-03-10T15:30 2026-03-10T15:31 minute"),
        ("quarter to five", "2026-03-10T16:45 2026-03-10T16:46 minute"),
        ("noon", "2026-03-10T12:00 2026-03-10T13:00 hour"),
        ("tomorrow at 3", "2026-03-11T15:00 2026-03-11T16:00 hour"),
        ("3pm tomorrow", "2026-03-11T15:00 2026-03-11T16:00 hour"),
        ("tomorrow morning", "2026-03-11T00:00 2026-03-11T12:00 hour"),
        ("tonight", "2026-03-10T18:00 2026-03-11T00:00 hour"),
        ("8 tonight", "2026-03-10T20:00 2026-03-10T21:00 hour"),
        ("next Monday at half past two in the afternoon", "2026-03-16T14:30 2026-03-16T14:31 minute"),
        ("can I get in with Dr. Smith tomorrow at 3", "2026-03-11T15:00 2026-03-11T16:00 hour"),
        ("from Monday to Friday", "2026-03-16T00:00 2026-03-21T00:00 day"),
        ("between 2 and 4pm", "2026-03-10T14:00 2026-03-10T16:00 hour"),
        ("Thursday between 9:30 and 11", "2026-03-12T09:30 2026-03-12T11:01 minute"),
        ("July 13 - 15", "2026-07-13T00:00 2026-07-16T00:00 day"),
        ("after 3pm tomorrow", "2026-03-11T15:00 2026-03-12T00:00 hour"),
        ("before Friday", "2026-03-10T09:30 2026-03-13T00:00 day"),
        ("from 13 to 15 July", "2026-07-13T00:00 2026-07-16T00:00 day"),
        ("from the 13th to the 15 of July", "2026-07-13T00:00 2026-07-16T00:00 day"),
        ("later than 9:30 but before 11:00 on Thursday", "2026-03-12T09:30 2026-03-12T11:01 minute"),
        ("from 4pm for thirty minutes", "2026-03-10T16:00 2026-03-10T16:31 minute"),
        ("for 10 days from 18th December", "2026-12-18T00:00 2026-12-28T00:00 day"),
        ("9h30 - 11h00 CST", "2026-03-10T15:30 2026-03-10T17:01 minute"),
        ("Thursday 9 am (BST)", "2026-03-12T08:00 2026-03-12T09:00 hour"),
        ("next 3 hours", "2026-03-10T10:00 2026-03-10T13:00 hour"),
        ("15 minutes from 1pm", "2026-03-10T13:15 2026-03-10T13:16 minute"),
        ("tonight 815", "2026-03-10T20:15 2026-03-10T20:16 minute"),
        ("twelve oh three", "2026-03-10T12:03 2026-03-10T12:04 minute"),
        ("late tonight", "2026-03-10T21:00 2026-03-11T00:00 hour"),
        ("tomorrow in the early hours", "2026-03-11T00:00 2026-03-11T09:00 hour"),
        ("third Tuesday after Christmas", "2027-01-12T00:00 2027-01-13T00:00 day"),
        ("the second last week of October 2018", "2018-10-15T00:00 2018-10-22T00:00 week"),
        ("last day of October", "2026-10-31T00:00 2026-11-01T00:00 day"),
        ("last weekend of October", "2026-10-31T00:00 2026-11-02T00:00 day"),
        ("2 years 1 month and 21 days ago", "2024-01-20T00:00 2024-01-21T00:00 day"),
        ("1 day 2 hours later", "2026-03-11T11:30 2026-03-11T11:31 minute"),
        ("two days before yesterday", "2026-03-07T00:00 2026-03-08T00:00 day"),
        ("two Mondays later", "2026-03-23T00:00 2026-03-24T00:00 day"),
        ("next week on Friday", "2026-03-20T00:00 2026-03-21T00:00 day"),
        ("next week from Wednesday to Friday", "2026-03-18T00:00 2026-03-21T00:00 day"),
        ("next Monday to Wednesday", "2026-03-16T00:00 2026-03-19T00:00 day"),
        ("Friday the 27th", "2026-03-27T00:00 2026-03-28T00:00 day"),
        ("rest of the week", "2026-03-10T00:00 2026-03-16T00:00 day"),
        ("later this month", "2026-03-11T00:00 2026-04-01T00:00 day"),
        ("the week of November 30th", "2026-11-30T00:00 2026-12-07T00:00 week"),
        ("the month of May", "2026-05-01T00:00 2026-06-01T00:00 month"),
        ("June next year", "2027-06-01T00:00 2027-07-01T00:00 month"),
        ("January twenty two, two thousand and eighteen", "2018-01-22T00:00 2018-01-23T00:00 day"),
        ("2019-sep-1", "2019-09-01T00:00 2019-09-02T00:00 day"),
        ("16. Nov. 2016", "2016-11-16T00:00 2016-11-17T00:00 day"),
        ("tomorrow mid-morning", "2026-03-11T00:00 2026-03-11T12:00 hour"),
        ("2019 - 2021", "2019-01-01T00:00 2022-01-01T00:00 year"),
        ("this summer", "2026-06-21T00:00 2026-09-24T00:00 day"),
        ("next winter", "2026-12-21T00:00 2027-03-21T00:00 day"),
        ("Good Friday", "2026-04-03T00:00 2026-04-04T00:00 day"),
        ("easter 2010", "2010-04-04T00:00 2010-04-05T00:00 day"),
        ("last thanksgiving", "2025-11-27T00:00 2025-11-28T00:00 day"),
        ("Mother's Day", "2026-05-10T00:00 2026-05-11T00:00 day"),
        ("spring bank holiday", "2026-05-25T00:00 2026-05-26T00:00 day"),
        ("asap", "2026-03-10T09:30 2026-03-24T09:30 day"),
        ("now", "2026-03-10T09:30 2026-03-10T09:30 second"),
    ])
    func `a time is understood`(_ text: String, _ expected: String) {
        #expect(range(text) == expected, "\(text)")
    }

    @Test(arguments: [
        "good morning", "I may come", "I sat down", "the sun", "25", "3", "at 650-650-6500", "1-2 tablets",
        "between 2 and 4 people",
        "march on", "version 2.5", "I go to the 27th floor",
        "I have a second question", "he was the first", "",
    ])
    func `what is no time is left alone`(_ text: String) {
        #expect(range(text) == nil, "\(text)")
    }

    @Test(arguments: [
        ("3", "2026-03-10T15:00 2026-03-10T16:00 hour"),
        ("10:30", "2026-03-10T10:30 2026-03-10T10:31 minute"),
        ("morning", "2026-03-10T00:00 2026-03-10T12:00 hour"),
        ("sat", "2026-03-14T00:00 2026-03-15T00:00 day"),
    ])
    func `an answer may be shorter`(_ text: String, _ expected: String) {
        #expect(range(text, isAnswer: true) == expected)
    }

    @Test func `the span leaves out the preposition`() {
        let found = recognizer.find(in: "é book me on Friday at 3pm please", context: context)
        #expect(found.map(\.text) == ["Friday at 3pm"])
        #expect(found.map(\.span) == [13..<26])
    }

    @Test func `the past is preferred when asked`() {
        let recognizer = EntityRecognizer([EntityDefinition(name: "when", kind: .datetime(prefer: .past))])
        let found = recognizer.find(in: "it began on Friday", context: context)
        guard case .datetime(let value) = found.first?.value else { return #expect(found.count == 1) }
        #expect(value.from.date == CivilDate(year: 2026, month: 3, day: 6))
    }

    @Test func `a day on which the clocks change has 23 hours`() {
        let found = recognizer.find(in: "on 29 March", context: context)
        guard case .datetime(let value) = found.first?.value else { return #expect(found.count == 1) }
        #expect(value.from.iso8601 == "2026-03-29T00:00:00+00:00")
        #expect(value.to.iso8601 == "2026-03-30T00:00:00+01:00")
        #expect(value.to.utcSeconds - value.from.utcSeconds == 23 * 3600)
    }

    @Test(arguments: [
        ("9am every Sunday", 604_800, "2026-03-15T09:00"), ("3pm every day", 86_400, "2026-03-10T15:00"),
        ("every other Friday", 1_209_600, "2026-03-13T00:00"), ("once a week", 604_800, nil),
        ("twice a day", 43_200, nil),
    ])
    func `what recurs is a set with its first time`(_ text: String, _ seconds: Int, _ from: String?) {
        let found = recognizer.find(in: "remind me " + text, context: context)
        guard case .set(let every, let start) = found.first?.value else { return #expect(found.count == 1) }
        #expect(found.map(\.text) == [text])
        #expect(every.seconds == seconds)
        #expect(start.map { String($0.iso8601.dropLast(9)) } == from)
    }

    @Test func `where the month is written first it is read first`() {
        let american = EntityContext(now: 1_773_135_000, zone: London(), monthFirst: true)
        for (text, expected) in [("9/4", "2026-09-04"), ("25/4", "2026-04-25"), ("4-25-2026", "2026-04-25")] {
            let found = recognizer.find(in: text, context: american)
            guard case .datetime(let value) = found.first?.value else { Issue.record("\(text)"); continue }
            #expect(value.from.iso8601.hasPrefix(expected), "\(text)")
        }
    }

    @Test func `a recurrence is a set`() {
        let week = DurationValue(seconds: 604_800, grain: .week)
        let found = recognizer.find(in: "every Monday at 9", context: context)
        #expect(found.map(\.text) == ["every Monday at 9"])
        #expect(
            found.first?.value == .set(every: week, from: ZonedInstant(utcSeconds: 1_773_651_600, offset: 0)))
        #expect(
            recognizer.find(in: "daily", context: context).first?.value
                == .set(every: DurationValue(seconds: 86_400, grain: .day), from: nil))
    }
}

/// The rules of London in 2026 alone.
struct London: TimeZoneRules {
    func offset(at utcSeconds: Int) -> Int { (1_774_746_000..<1_792_890_000).contains(utcSeconds) ? 3600 : 0 }
}
