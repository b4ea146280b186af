// SPDX-License-Identifier: Apache-2.0

import Testing
import WireProtocols

@testable import Orchestrator

/// Seeds against what happens to their rows at run time.
@Suite struct RecordSeedTests {
    private let monday = Timestamp(milliseconds: 1_773_050_400_000)  // 2026-03-09T10:00:00Z

    @Test(arguments: StoreKind.allCases)
    func `a seed becomes a row once and its dates are resolved then`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let seeds = [seed("s1", ["starts": "+1d 09:00", "doctor": ["since": "today"], "list": ["now"]])]
            #expect(try await apply(seeds, to: store, at: monday) == 1)
            #expect(try await apply(seeds, to: store, at: monday + .seconds(86_400 * 3)) == 0)
            let rows = try await store.readRecords { try $0.select("slots") }
            #expect(
                rows.map(JSON.object) == [
                    [
                        "id": "s1", "starts": "2026-03-10T09:00:00+01:00", "doctor": ["since": "2026-03-09"],
                        "list": ["2026-03-09T11:00:00+01:00"],
                    ]
                ])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `an edit changes a row while nobody touched it`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await apply([seed("s1", ["n": 1]), seed("s2", ["n": 1])], to: store, at: monday)
            _ = try await store.transact {
                try $0.update("slots", where: [.field("id", .equals("s2"))], set: object(["booked": true]))
            }
            #expect(
                try await apply([seed("s1", ["n": 2]), seed("s2", ["n": 2])], to: store, at: monday) == 1)
            let rows = try await store.readRecords { try $0.select("slots") }
            #expect(rows.map { $0["n"] } == [2, 1])
            #expect(
                try await apply([seed("s1", ["n": 2]), seed("s2", ["n": 2])], to: store, at: monday) == 0)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a seed that leaves its file leaves its row, and one deleted at run time stays away`(kind: StoreKind)
        async throws
    {
        try await kind.withStore { store in
            _ = try await apply([seed("s1", ["n": 1]), seed("s2", ["n": 1])], to: store, at: monday)
            _ = try await store.transact { try $0.delete("slots", where: [.field("id", .equals("s1"))]) }
            #expect(try await apply([seed("s1", ["n": 1])], to: store, at: monday) == 0)
            #expect(try await apply([seed("s1", ["n": 2])], to: store, at: monday) == 0)
            let rows = try await store.readRecords { try $0.select("slots") }
            #expect(rows.map { $0["id"] } == ["s2"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a seed never takes the place of a row made at run time`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await store.transact { try $0.insert("slots", values: object(["id": "s1", "n": 5])) }
            #expect(try await apply([seed("s1", ["n": 1])], to: store, at: monday) == 0)
            #expect(try await apply([seed("s1", ["n": 2])], to: store, at: monday) == 0)
            #expect(try await store.readRecords { try $0.select("slots").first?["n"] } == 5)
        }
    }

    @Test func `the order in which members are written is no edit`() {
        #expect(
            seed("s1", ["a": 1, "b": ["c": 1, "d": 2]]).hash
                == seed("s1", ["b": ["d": 2, "c": 1], "a": 1]).hash)
        #expect(seed("s1", ["a": 1]).hash != seed("s1", ["a": 2]).hash)
    }

    private func apply(_ seeds: [RecordSeed], to store: any RecordStore, at now: Timestamp) async throws
        -> Int
    {
        try await store.applySeeds(seeds, now: now) { _ in 3600 }
    }

    private func seed(_ id: String, _ body: JSON) -> RecordSeed {
        RecordSeed(collection: "slots", id: id, body: body.members ?? JSONObject())
    }

    private func object(_ body: JSON) -> JSONObject { body.members ?? JSONObject() }
}

@Suite struct RelativeDatetimeTests {
    private let now = Timestamp(milliseconds: 1_773_050_400_500)  // 2026-03-09T10:00:00.5Z
    /// London: an hour ahead from 2026-03-29T01:00Z.
    private let london: (Int) -> Int = { $0 >= 1_774_746_000 ? 3600 : 0 }

    @Test(arguments: [
        ("today 09:00", "2026-03-09T09:00:00+00:00"), ("tomorrow 9:30", "2026-03-10T09:30:00+00:00"),
        ("yesterday 16:00", "2026-03-08T16:00:00+00:00"), ("+3d 10:00", "2026-03-12T10:00:00+00:00"),
        ("-2d 14:30", "2026-03-07T14:30:00+00:00"), ("+3w 10:00", "2026-03-30T10:00:00+01:00"),
        ("+20d 00:30", "2026-03-29T00:30:00+00:00"), ("+20d 02:00", "2026-03-29T02:00:00+01:00"),
        ("now", "2026-03-09T10:00:00+00:00"), ("+2h", "2026-03-09T12:00:00+00:00"),
        ("-30m", "2026-03-09T09:30:00+00:00"), ("today", "2026-03-09"), ("-30d", "2026-02-07"),
    ])
    func `a relative date is resolved where the clinic is`(text: String, expected: String) {
        #expect(resolveRelativeDatetime(text, now: now, offsetAt: london) == expected)
    }

    @Test func `the day is that of the time zone`() {
        #expect(
            resolveRelativeDatetime("today 09:00", now: now) { _ in 14 * 3600 } == "2026-03-10T09:00:00+14:00"
        )
        #expect(resolveRelativeDatetime("today", now: now) { _ in -11 * 3600 } == "2026-03-08")
    }

    @Test(arguments: [
        "", "Today 09:00", "today  09:00", "today 24:00", "today 9", "+3 10:00", "3d 10:00", "+d", "+-3d",
        "+3y",
        "now 10:00", "+2h 10:00", "today 09:00 sharp", "nowhere", "tomorrow 10:5", "+999999999999d",
        "2026-03-09",
    ])
    func `other text stays what it is`(text: String) {
        #expect(resolveRelativeDatetime(text, now: now, offsetAt: london) == nil)
    }
}
