// SPDX-License-Identifier: Apache-2.0

import Testing
import WireProtocols

@testable import Orchestrator

struct FilterTests {
    static let visits: JSON = [
        ["starts": "2026-03-09T15:00:00+00:00", "doctor": "Dr. Smith", "status": "booked"],
        ["starts": "2026-03-10T09:30:00+00:00", "doctor": "Dr. Jones", "status": "urgent"],
        ["starts": "2026-03-08T09:00:00+00:00", "doctor": "Dr. Lee", "status": "done"],
    ]
    let scope = Scope(
        [
            "visits": visits, "none": [], "names": ["Ann", "Bob", "Cy"], "one": ["Ann"], "price": 1234.5,
            "cost": "7",
            "debt": -5, "word": "hELLO you", "half": 2.5,
        ], time: .monday)

    @Test(arguments: [
        ("${visits | count}", "3"), ("${none | count}", "0"), ("${missing | count}", "0"),
        ("${word | count}", "1"),
        ("${visits | first: 2 | count}", "2"), ("${visits | first | count}", "1"),
        ("${visits | where: 'status=urgent' | list: '{doctor}'}", "Dr. Jones"),
        ("${visits | where: 'status!=done' | count}", "2"), ("${visits | where: 'status' | count}", "3"),
        ("${visits | where: 'starts on today' | list: '{doctor}'}", "Dr. Smith"),
        ("${visits | where: 'starts on tomorrow' | list: '{doctor}'}", "Dr. Jones"),
        ("${visits | where: 'starts after today' | list: '{doctor}'}", "Dr. Jones"),
        ("${visits | where: 'starts before today' | list: '{doctor}'}", "Dr. Lee"),
        ("${visits | where: 'starts after now' | count}", "2"),
        ("${visits | where: 'starts on 2026-03-10' | count}", "1"),
        ("${visits | where: 'starts on nonsense' | count}", "0"),
        (
            "${visits | first: 2 | list: '{n}. {starts | date} with {doctor | upper}'}",
            "1. Mon 9 Mar at 15:00 with DR. SMITH\n2. Tue 10 Mar at 09:30 with DR. JONES"
        ),
        ("${names | list: '- {item}'}", "- Ann\n- Bob\n- Cy"), ("${names | list}", "Ann\nBob\nCy"),
        ("${none | list: '{item}'}", ""),
        ("${visits | list: '{starts | date: day}'}", "Mon 9 Mar\nTue 10 Mar\nSun 8 Mar"),
        ("${names | list: 'open {'}", "open {\nopen {\nopen {"),
        ("${names | join}", "Ann, Bob and Cy"), ("${names | join: ' or '}", "Ann, Bob or Cy"),
        ("${names | join: ', '}", "Ann, Bob, Cy"), ("${one | join: ' or '}", "Ann"), ("${none | join}", ""),
        ("${word | upper}", "HELLO YOU"), ("${word | lower}", "hello you"),
        ("${word | lower | capital}", "Hello you"),
        ("${price | money: '£'}", "£1,234.50"), ("${cost | money: '$'}", "$7.00"),
        ("${debt | money: '£'}", "-£5.00"),
        ("${price | money}", "1,234.50"), ("${word | money: '£'}", "hELLO you"),
        ("${missing | money: '£'}", ""),
        ("${missing | default: none}", "none"), ("${none | default: 'nothing at all'}", "nothing at all"),
        ("${word | default: none}", "hELLO you"), ("${missing | upper}", ""), ("${half}", "2.5"),
        ("${visits.0.starts | time}", "15:00"), ("${word | date}", "hELLO you"),
    ])
    func `a filter makes of a value`(_ source: String, _ expected: String) {
        #expect(template(source).text(in: scope) == expected)
    }

    @Test func `a list pattern names its fields and the filters that do not exist`() {
        let pattern = ListPattern("{n}. {starts | date} {doctor.name | shout: 'x'} {item}")
        #expect(pattern.paths == [["starts"], ["doctor", "name"]])
        #expect(pattern.unknownFilters == ["shout"])
    }
}

struct DateTextTests {
    private func span(_ from: String?, _ to: String?, _ grain: String) -> JSON {
        ["from": from.map(JSON.string) ?? .null, "to": to.map(JSON.string) ?? .null, "grain": .string(grain)]
    }

    @Test(arguments: [
        ("2026-03-10T15:00:00Z", "Tue 10 Mar at 15:00"), ("2026-03-10T15:00:00+05:00", "Tue 10 Mar at 10:00"),
        ("2026-06-10T15:00:00Z", "Wed 10 Jun at 16:00"), ("2026-03-10", "Tue 10 Mar"),
        ("2026-03-10T15:00", "Tue 10 Mar at 15:00"), ("2027-03-10T15:00:00Z", "Wed 10 Mar 2027 at 15:00"),
        ("2026-09-08", "Tue 8 Sep"), ("2026-09-09", "Wed 9 Sep 2026"), ("2025-01-01", "Wed 1 Jan 2025"),
    ])
    func `a written date`(_ written: String, _ expected: String) {
        #expect(DateText(time: .monday).date(.string(written)) == expected)
    }

    @Test func `a stretch of time by its grain`() {
        let text = DateText(time: .monday)
        let cases: [(JSON, String)] = [
            (span("2026-03-10T00:00:00+00:00", "2026-03-11T00:00:00+00:00", "day"), "Tue 10 Mar"),
            (
                span("2026-03-10T00:00:00+00:00", "2026-03-13T00:00:00+00:00", "day"),
                "Tue 10 Mar to Thu 12 Mar"
            ),
            (span("2026-03-09T00:00:00+00:00", "2026-03-16T00:00:00+00:00", "week"), "the week of 9 Mar"),
            (span("2026-03-01T00:00:00+00:00", "2026-04-01T00:00:00+01:00", "month"), "March 2026"),
            (
                span("2026-01-01T00:00:00+00:00", "2026-04-01T00:00:00+01:00", "quarter"),
                "January to March 2026"
            ),
            (span("2026-01-01T00:00:00+00:00", "2027-01-01T00:00:00+00:00", "year"), "2026"),
            (span("2026-03-10T15:00:00+00:00", "2026-03-10T15:01:00+00:00", "minute"), "Tue 10 Mar at 15:00"),
            (span("2026-03-10T15:00:00+00:00", "2026-03-10T16:00:00+00:00", "hour"), "Tue 10 Mar at 15:00"),
            (
                span("2026-03-10T12:00:00+00:00", "2026-03-10T18:00:00+00:00", "hour"),
                "Tue 10 Mar from 12:00 to 18:00"
            ),
            (span("2026-03-10T00:00:00+00:00", nil, "day"), "from Tue 10 Mar"),
            (span(nil, "2026-03-11T00:00:00+00:00", "day"), "until Tue 10 Mar"),
        ]
        for (value, expected) in cases { #expect(text.date(value) == expected) }
    }

    @Test func `twelve hours are shown where the settings say so`() {
        let text = DateText(time: LocalTime(now: .monday, isTwelveHour: true))
        let times = ["00:05", "09:00", "12:00", "15:30"].map { text.timeOfDay(.string("2026-03-10T\($0)")) }
        #expect(times == ["12:05 AM", "9:00 AM", "12:00 PM", "3:30 PM"])
        #expect(text.date("2026-03-10T15:30:00Z") == "Tue 10 Mar at 3:30 PM")
    }

    @Test func `what is no date is none`() {
        let text = DateText(time: .monday)
        #expect(text.date("soon") == nil)
        #expect(text.date(["a": 1]) == nil)
        #expect(text.timeOfDay("2026-03-10") == nil)
    }

    @Test func `a zone is an IANA name or an offset`() {
        #expect(NamedZone.named("Europe/London")?.offset(at: 1_780_000_000) == 3600)
        #expect(NamedZone.named("+05:30")?.offset(at: 0) == 19_800)
        #expect(NamedZone.named("Mars/Olympus") == nil)
    }
}
