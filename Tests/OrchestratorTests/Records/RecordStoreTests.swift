// SPDX-License-Identifier: Apache-2.0

import Testing
import WireProtocols

@testable import Orchestrator

/// What the embedded backend does in every store.
@Suite struct RecordStoreTests {
    @Test(arguments: StoreKind.allCases)
    func `rows are selected by conditions in the order asked for`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await fill(store)
            let found = try await store.readRecords { rows in
                try rows.select(
                    "slots",
                    where: [.field("specialty", .equals("cardiology")), .field("booked", .equals(false))],
                    order: [RecordOrder("starts", isDescending: true)], limit: 2)
            }
            #expect(found.map { $0["id"] } == ["s5", "s3"])
        }
    }

    @Test(arguments: StoreKind.allCases, RecordCase.all)
    func `a condition picks the same rows in every store`(kind: StoreKind, example: RecordCase) async throws {
        try await kind.withStore { store in
            try await fill(store)
            let found = try await store.readRecords { try $0.select("things", where: [example.condition]) }
            #expect(found.compactMap { $0["id"]?.text } == example.expected)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `rows without a limit come in the order of their making, and a limit takes the first`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            try await fill(store)
            let all = try await store.readRecords { try $0.select("slots") }
            #expect(all.compactMap { $0["id"]?.text } == ["s1", "s2", "s3", "s4", "s5"])
            let two = try await store.readRecords { try $0.select("slots", where: [], order: [], limit: 2) }
            #expect(two.compactMap { $0["id"]?.text } == ["s1", "s2"])
            let none = try await store.readRecords { try $0.select("slots", where: [], order: [], limit: 0) }
            #expect(none == [])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a row gets an id when it has none, and no id twice`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let made = try await store.transact { try $0.insert("notes", values: row(["text": "a"])) }
            #expect(made.members.map(\.name) == ["id", "text"])
            #expect(made["id"]?.text?.utf8.count == 36)
            let given = try await store.transact { try $0.insert("notes", values: row(["id": 7])) }
            #expect(given["id"] == "7")
            let again = await failure {
                try await store.transact { try $0.insert("notes", values: row(["id": "7"])) }
            }
            #expect(again == .conflict)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `an update sets members by path and returns the rows`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await fill(store)
            let changed = try await store.transact { rows in
                try rows.update(
                    "slots", where: [.field("id", .oneOf(["s1", "s2"]))],
                    set: row(["booked": true, "by.name": "Ann", "note": "x"]))
            }
            #expect(changed.map { $0["id"] } == ["s1", "s2"])
            #expect(changed.first?["by"] == ["name": "Ann"])
            let booked = try await store.readRecords {
                try $0.select("slots", where: [.field("booked", .equals(true))])
            }
            #expect(booked == [changed[0], changed[1]] + booked.dropFirst(2))
            let renamed = await failure {
                try await store.transact { try $0.update("slots", where: [], set: row(["id": "s1"])) }
            }
            #expect(renamed == .conflict)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a transaction that throws leaves nothing behind`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await fill(store)
            await #expect(throws: Refusal()) {
                try await store.transact { rows in
                    _ = try rows.delete("slots", where: [])
                    _ = try rows.insert("notes", values: row(["text": "a"]))
                    throw Refusal()
                }
            }
            #expect(try await store.readRecords { try $0.select("slots").count } == 5)
            #expect(try await store.readRecords { try $0.select("notes").count } == 0)
            #expect(
                try await store.transact { try $0.delete("slots", where: [.field("booked", .equals(true))]) }
                    == 1)
            #expect(try await store.readRecords { try $0.select("slots").count } == 4)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `of fifty bookings of one slot just one wins`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await fill(store)
            let wins = await withTaskGroup(of: Bool.self) { group in
                for index in 0..<50 {
                    group.addTask { (try? await book("s1", for: "p\(index)", in: store)) != nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(wins == 1)
            #expect(try await store.readRecords { try $0.select("appointments").count } == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `an idempotency key runs once within a day`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let now = Timestamp(milliseconds: 1_000_000_000)
            let once: @Sendable (any RecordTransaction) throws -> JSON = { rows in
                .object(try rows.insert("notes", values: row(["text": "a"])))
            }
            let first = try await store.transactOnce(key: "k", now: now, once)
            let second = try await store.transactOnce(key: "k", now: now + .seconds(86_400), once)
            #expect(first == second)
            let later = try await store.transactOnce(key: "k", now: now + .seconds(86_401), once)
            #expect(later != first)
            #expect(try await store.readRecords { try $0.select("notes").count } == 2)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a key whose body threw may be tried again`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let now = Timestamp(milliseconds: 0)
            await #expect(throws: Refusal()) {
                try await store.transactOnce(key: "k", now: now) { _ in throw Refusal() }
            }
            let second = try await store.transactOnce(key: "k", now: now) { _ in "done" }
            #expect(second == "done")
        }
    }

    private func fill(_ store: any RecordStore) async throws {
        try await store.transact { rows in
            for (index, starts) in ["09:00", "12:00", "11:00", "10:00", "13:00"].enumerated() {
                _ = try rows.insert(
                    "slots",
                    values: row([
                        "id": .string("s\(index + 1)"), "booked": .bool(index == 3),
                        "specialty": index == 1 ? "dermatology" : "cardiology",
                        "starts": .string("2026-03-09T\(starts):00+00:00"),
                    ]))
            }
            for thing in RecordCase.things {
                _ = try rows.insert("things", values: thing.members ?? JSONObject())
            }
        }
    }

    private func book(_ slot: String, for patient: String, in store: any RecordStore) async throws {
        try await store.transact { rows in
            let free: [RecordCondition] = [
                .field("id", .equals(.string(slot))), .field("booked", .equals(false)),
            ]
            guard try rows.update("slots", where: free, set: row(["booked": true])).count == 1 else {
                throw Refusal()
            }
            _ = try rows.insert(
                "appointments", values: row(["slot": .string(slot), "patient": .string(patient)]))
        }
    }
}

private struct Refusal: Error, Equatable {}

private func row(_ members: KeyValuePairs<String, JSON>) -> JSONObject {
    JSONObject(members.map { JSONObject.Member(name: $0.key, value: $0.value) })
}

/// A condition and the ids of the `things` that meet it.
struct RecordCase: Sendable, CustomTestStringConvertible {
    var condition: RecordCondition
    var expected: [String]
    var testDescription: String { "\(condition)" }

    init(_ condition: RecordCondition, _ expected: String...) {
        self.condition = condition
        self.expected = expected
    }

    init(_ path: String, _ test: RecordTest, _ expected: String...) {
        condition = .field(path, test)
        self.expected = expected
    }

    static let things: [JSON] = [
        [
            "id": "a", "n": 1, "at": "2026-03-09T12:00:00+00:00", "name": "Smith", "tags": ["x", "y"],
            "in": ["b": 2],
        ],
        ["id": "b", "n": 2.5, "at": "2026-03-09T12:00:00+01:00", "name": "O'Hara", "flag": true],
        ["id": "c", "n": "1", "at": "2026-03-10", "name": "Zoë \"<x>", "flag": 1, "in.b": 3],
        ["id": "d", "n": .null, "name": .null, "flag": false, "<k>": "v"],
    ]

    static let all: [RecordCase] = [
        RecordCase("n", .equals(1), "a"), RecordCase("n", .equals(1.0), "a"),
        RecordCase("n", .equals(2.5), "b"),
        RecordCase("n", .equals("1"), "c"), RecordCase("n", .equals(.null), "d"),
        RecordCase("nothing", .equals(.null), "a", "b", "c", "d"),
        RecordCase("n", .notEquals(1), "b", "c", "d"), RecordCase("n", .notEquals(.null), "a", "b", "c"),
        RecordCase("n", .oneOf([1, "1"]), "a", "c"), RecordCase("n", .oneOf([])),
        RecordCase("id", .oneOf(["d", "a", "z"]), "a", "d"),
        RecordCase("n", .above(1), "b"), RecordCase("n", .below(2.5), "a"),
        RecordCase("n", .range(from: 1, to: 2.5), "a"),
        RecordCase("n", .range(from: 1, to: nil), "a", "b"),
        RecordCase("n", .range(from: nil, to: nil), "a", "b", "c", "d"),
        RecordCase("n", .present(true), "a", "b", "c"), RecordCase("n", .present(false), "d"),
        RecordCase("at", .equals("2026-03-09T13:00:00+01:00"), "a"),
        RecordCase("at", .range(from: "2026-03-09T11:00:00Z", to: "2026-03-09T12:00:00Z"), "b"),
        RecordCase("at", .range(from: "2026-03-09", to: "2026-03-10"), "a", "b"),
        RecordCase("at", .above("2026-03-09T12:00:00Z"), "c"),
        RecordCase("name", .equals("O'Hara"), "b"), RecordCase("name", .equals("Zoë \"<x>"), "c"),
        RecordCase("name", .equals("smith")),
        RecordCase("name", .contains("HARA"), "b"), RecordCase("name", .contains("ZOË"), "c"),
        RecordCase("tags", .contains("y"), "a"),
        RecordCase("tags", .contains("z")), RecordCase("name", .above("P"), "a", "c"),
        RecordCase("flag", .equals(true), "b"),
        RecordCase("flag", .equals(false), "d"), RecordCase("flag", .equals(1), "c"),
        RecordCase("in.b", .equals(2), "a"),
        RecordCase("in.b", .equals(3), "c"), RecordCase("tags", .equals(["x", "y"]), "a"),
        RecordCase("tags", .equals("[\"x\",\"y\"]")),
        RecordCase("<k>", .equals("v"), "d"), RecordCase("x') OR 1=1 --", .present(true)),
        RecordCase("name", .equals("x') OR 1=1 --")),
        RecordCase(.any([.field("n", .equals(1)), .field("flag", .equals(false))]), "a", "d"),
        RecordCase(.any([])),
        RecordCase(.any([.field("name", .contains("s")), .field("id", .equals("d"))]), "a", "d"),
        RecordCase(
            .all([
                .field("n", .present(true)), .any([.field("id", .equals("b")), .field("n", .equals("1"))]),
            ]), "b", "c"),
    ]
}
