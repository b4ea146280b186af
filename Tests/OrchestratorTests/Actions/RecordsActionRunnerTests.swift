// SPDX-License-Identifier: Apache-2.0

import Testing
import WireProtocols

@testable import Orchestrator

/// Declared operations over the embedded collections, with their rights.
struct RecordsActionRunnerTests {
    let store = MemoryStore()
    let collections: [String: RecordCollection] = [
        "slots": RecordCollection(name: "slots", access: nil),
        "visits": RecordCollection(
            name: "visits", access: ["PATIENT": .own(field: "patient"), "DOCTOR": .any]),
        "staff": RecordCollection(name: "staff", access: ["ADMIN": .any]),
    ]

    init() async throws {
        let rows: [(String, JSONObject)] = [
            (
                "slots",
                [
                    "id": "s1", "specialty": "cardiology", "starts": "2026-03-10T10:00:00Z", "booked": false,
                    "room": 4,
                ]
            ),
            (
                "slots",
                ["id": "s2", "specialty": "cardiology", "starts": "2026-03-12T10:00:00Z", "booked": false]
            ),
            (
                "slots",
                ["id": "s3", "specialty": "dermatology", "starts": "2026-03-11T10:00:00Z", "booked": true]
            ),
            ("visits", ["id": "v1", "slot": "s3", "patient": "p1"]),
            ("visits", ["id": "v2", "slot": "s9", "patient": "p2"]),
        ]
        try await store.transact { transaction in
            for (collection, row) in rows { _ = try transaction.insert(collection, values: row) }
        }
    }

    private func run(
        _ action: Action, _ input: JSONObject = [:], role: String = "PATIENT", user: String = "p1",
        key: String? = nil
    ) async throws -> JSON {
        let context = ActionContext(
            caller: Caller(user: user, role: role), settings: ["clinic": "main"], time: .monday,
            idempotencyKey: key,
            collections: collections)
        return try await RecordsActionRunner(store: store).run(action, input: input, context: context)
    }

    private func error(_ body: () async throws -> JSON) async -> String? {
        do {
            _ = try await body()
            return nil
        } catch { return (error as? ActionError)?.name }
    }

    private func select(
        _ collection: String, _ filters: [RecordOperation.Filter] = [], input: [ValueType.Field] = [],
        output: ValueType = .list(.object([.init(name: "id", type: .text)]))
    ) -> Action {
        let operation = RecordOperation(
            verb: .select(order: [.init(field: "id", isDescending: false)], limit: nil),
            collection: collection, filters: filters)
        return Action(
            name: "select", backend: .records([operation]), input: input, output: output, isWrite: false)
    }

    private let booking = Action(
        name: "book",
        backend: .records([
            RecordOperation(
                verb: .update(members(["booked": "true", "by": "${user.id}"])), collection: "slots",
                filters: [
                    .init(field: "id", test: .equals(value("${input.slot}"))),
                    .init(field: "booked", test: .equals(.literal(false))),
                ],
                expect: 1, save: "slot"),
            RecordOperation(
                verb: .insert(members(["slot": "${slot.id}", "starts": "${slot.starts}"])),
                collection: "visits"),
        ]), input: [.init(name: "slot", type: .text)],
        output: .object([
            .init(name: "id", type: .text), .init(name: "starts", type: .datetime),
            .init(name: "gone", type: .text),
        ]),
        isWrite: true)

    @Test func `filters see the input and what is not declared stays inside`() async throws {
        let action = select(
            "slots",
            [
                .init(field: "specialty", test: .equals(value("${input.specialty}"))),
                .init(
                    field: "starts",
                    test: .range(from: value("${input.when.from}"), to: value("${input.when.to}"))),
            ], input: [.init(name: "specialty", type: .text), .init(name: "when", type: .datetime)],
            output: .list(.object([.init(name: "id", type: .text), .init(name: "room", type: .number)])))
        let input: JSONObject = [
            "specialty": ["value": "cardiology", "label": "Cardiology"],
            "when": ["from": "2026-03-09T00:00:00Z", "to": "2026-03-11T00:00:00Z", "grain": "day"],
        ]
        #expect(try await run(action, input) == [["id": "s1", "room": 4]])
        #expect(
            try await run(action, ["specialty": "cardiology", "when": "2026-03-12"]) == [
                ["id": "s2", "room": .null]
            ])
    }

    @Test func `an input that may be missing drops its test and any other may not be missing`() async throws {
        let fields: [ValueType.Field] = [.init(name: "specialty", type: .text)]
        let optional = select(
            "slots", [.init(field: "specialty", test: .equals(value("${input.specialty | default: ''}")))],
            input: fields)
        #expect(try await run(optional).list?.count == 3)
        #expect(try await run(optional, ["specialty": "dermatology"]).list?.count == 1)
        let needed = select(
            "slots", [.init(field: "specialty", test: .equals(value("${input.specialty}")))], input: fields)
        #expect(await error { try await run(needed) } == "bad_input")
        #expect(await error { try await run(needed, ["specialty": [1]]) } == "bad_input")
        #expect(await error { try await run(needed, ["specialty": "x", "other": 1]) } == "bad_input")
    }

    @Test func `a role sees its own rows, all rows or none`() async throws {
        #expect(try await run(select("visits")) == [["id": "v1"]])
        #expect(try await run(select("visits"), role: "DOCTOR") == [["id": "v1"], ["id": "v2"]])
        #expect(await error { try await run(select("visits"), role: "GUEST") } == "forbidden")
        #expect(await error { try await run(select("staff")) } == "forbidden")
        #expect(await error { try await run(select("unknown")) } == "forbidden")
    }

    @Test func `a new row belongs to the caller and cannot be given to somebody else`() async throws {
        #expect(try await run(booking, ["slot": "s1"])["starts"] == "2026-03-10T10:00:00Z")
        #expect(try await run(select("visits")).list?.count == 2)
        let foreign = Action(
            name: "give",
            backend: .records([
                RecordOperation(verb: .insert(members(["patient": "p2"])), collection: "visits")
            ]),
            input: [], output: .any, isWrite: true)
        #expect(await error { try await run(foreign) } == "forbidden")
        let steal = Action(
            name: "move",
            backend: .records([
                RecordOperation(verb: .update(members(["patient": "p2"])), collection: "visits")
            ]),
            input: [], output: .any, isWrite: true)
        #expect(await error { try await run(steal) } == "forbidden")
    }

    @Test func `rows of others are neither changed nor deleted`() async throws {
        let drop = Action(
            name: "drop",
            backend: .records([
                RecordOperation(
                    verb: .delete, collection: "visits",
                    filters: [.init(field: "id", test: .equals(value("${input.id}")))], expect: 1)
            ]), input: [.init(name: "id", type: .text)], output: .boolean, isWrite: true)
        #expect(await error { try await run(drop, ["id": "v2"]) } == "conflict")
        #expect(try await run(drop, ["id": "v1"]) == true)
        #expect(try await run(select("visits"), role: "DOCTOR") == [["id": "v2"]])
    }

    @Test func `a failed expectation changes nothing`() async throws {
        #expect(await error { try await run(booking, ["slot": "s3"]) } == "conflict")
        #expect(await error { try await run(booking, ["slot": "nope"]) } == "conflict")
        #expect(try await run(select("visits"), role: "DOCTOR").list?.count == 2)
        let late = Action(
            name: "late",
            backend: .records([
                RecordOperation(verb: .insert(members(["id": "v7"])), collection: "visits"),
                RecordOperation(verb: .select(order: [], limit: nil), collection: "slots", expect: 99),
            ]), input: [], output: .any, isWrite: true)
        #expect(await error { try await run(late) } == "conflict")
        #expect(try await run(select("visits"), role: "DOCTOR").list?.count == 2)
    }

    @Test func `a write is carried out once under one key`() async throws {
        let first = try await run(booking, ["slot": "s1"], key: "k")
        #expect(try await run(booking, ["slot": "s1"], key: "k") == first)
        #expect(await error { try await run(booking, ["slot": "s1"], key: "other") } == "conflict")
        #expect(first["gone"] == .null)
    }

    @Test func `of fifty bookings of one slot one wins`() async throws {
        let outcomes = await withTaskGroup(of: String?.self) { group in
            for number in 0..<50 {
                group.addTask {
                    await error {
                        try await run(booking, ["slot": "s1"], user: "u\(number)", key: "k\(number)")
                    }
                }
            }
            return await group.reduce(into: [String?]()) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == nil } == 1)
        #expect(outcomes.count { $0 == "conflict" } == 49)
    }

    @Test func `a test is never dropped from a write because an earlier row was not found`() async throws {
        let action = Action(
            name: "chain",
            backend: .records([
                RecordOperation(
                    verb: .select(order: [], limit: nil), collection: "slots",
                    filters: [.init(field: "id", test: .equals(value("nope")))], save: "found"),
                RecordOperation(
                    verb: .update(members(["booked": "true"])), collection: "slots",
                    filters: [.init(field: "id", test: .equals(value("${found.0.id}")))]),
            ]), input: [], output: .number, isWrite: true)
        #expect(try await run(action) == 0)
    }

    @Test func `an output is the rows, the first one, their number, or whether there are any`() async throws {
        let id: ValueType = .object([.init(name: "id", type: .text)])
        #expect(try await run(select("slots", output: id)) == ["id": "s1"])
        #expect(try await run(select("slots", output: .number)) == 3)
        #expect(try await run(select("slots", output: .list(.text))) == ["s1", "s2", "s3"])
        let none = [RecordOperation.Filter(field: "id", test: .equals(value("nope")))]
        #expect(try await run(select("slots", none, output: id)) == .null)
        #expect(try await run(select("slots", none, output: .boolean)) == false)
        #expect(try await run(select("slots", none)) == [])
    }

    @Test(
        arguments: [
            (ValueType.text, JSON.integer(5), JSON.string("5")),
            (.text, ["value": "d1", "label": "Ann"], "d1"), (.text, true, "true"),
            (.text, ["seconds": 604_800, "grain": "day"], "7 days"), (.number, "12", 12),
            (.number, "1.5", 1.5), (.number, "x", nil),
            (.boolean, "yes", true), (.boolean, "maybe", nil), (.datetime, "2026-03-10", "2026-03-10"),
            (.datetime, "soon", nil),
            (.duration, ["seconds": 60, "grain": "minute"], ["seconds": 60, "grain": "minute"]),
            (.duration, 5, nil),
            (.list(.text), "a", ["a"]), (.list(.number), ["1", "x"], nil), (.any, [1], [1]),
            (.object([.init(name: "a", type: .text)]), ["a": 1, "b": 2], ["a": "1"]), (.text, .null, .null),
        ] as [(ValueType, JSON, JSON?)])
    func `a value takes its declared type where nothing is lost`(
        _ type: ValueType, _ value: JSON, _ expected: JSON?
    ) {
        #expect(type.coerce(value) == expected)
    }
}
