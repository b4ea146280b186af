// SPDX-License-Identifier: Apache-2.0

import Testing
import WireProtocols

@testable import Orchestrator

/// What every store must do; a new one joins by a case of `StoreKind`.
@Suite struct ConversationStoreTests {
    @Test(arguments: StoreKind.allCases)
    func `a stored conversation is found by its id and by its alias`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            var row = conversation("c1")
            row.dialogue = ["flow": "book", "slots": ["specialty": "cardiology", "n": 3]]
            row.queue = "front_desk"
            let stored = try await store.create(row, alias: alias("s1"))
            #expect(stored == row)
            #expect(try await store.conversation("c1") == row)
            #expect(try await store.conversation(alias: alias("s1")) == row)
            #expect(try await store.conversation("c2") == nil)
            #expect(try await store.conversation(alias: alias("s2")) == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `an alias that is taken returns the conversation it names and stores nothing`(kind: StoreKind)
        async throws
    {
        try await kind.withStore { store in
            let first = try await store.create(conversation("c1"), alias: alias("s1"))
            #expect(try await store.create(conversation("c2"), alias: alias("s1")) == first)
            #expect(try await store.conversation("c2") == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `an alias can be moved to another conversation`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await store.create(conversation("c1"), alias: alias("s1"))
            _ = try await store.create(conversation("c2"))
            try await store.bind(alias("s1"), to: "c2")
            #expect(try await store.conversation(alias: alias("s1"))?.id == "c2")
            #expect(await failure { try await store.bind(alias("s1"), to: "nobody") } == .notFound)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `the same conversation id cannot be stored twice`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await store.create(conversation("c1"))
            #expect(await failure { try await store.create(conversation("c1")) } == .conflict)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a committed turn is read back whole and in order`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            var row = try await store.create(conversation("c1"))
            let question = message("c1", 1, .user, "héllo 🚨 \u{0}x", clientID: "m1")
            let answer = fullMessage("c1", 2)
            row.sequence = 2
            row.state = .waiting
            row.queue = "on_call"
            row.staff = "d1"
            row.revision = "abc"
            row.updatedAt = Timestamp(milliseconds: 2000)
            row.dialogue = ["open": .null, "counters": [1, 2.5]]
            try await store.commit(TurnWrite(conversation: row, messages: [question, answer]))
            #expect(try await store.conversation("c1") == row)
            #expect(try await store.messages(in: "c1", after: 0, limit: 10) == [question, answer])
            #expect(try await store.messages(in: "c1", after: 1, limit: 10) == [answer])
            #expect(try await store.messages(in: "c1", after: 0, limit: 1) == [question])
            #expect(try await store.messages(in: "c1", after: 2, limit: 10) == [])
            #expect(try await store.latestMessages(in: "c1", limit: 1) == [answer])
            #expect(try await store.latestMessages(in: "c1", limit: 9) == [question, answer])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a turn cannot change whose conversation it is`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let stored = try await store.create(conversation("c1"))
            var row = conversation("c1", user: "thief", at: 9)
            row.epoch = "other"
            row.sequence = 1
            row.updatedAt = stored.updatedAt
            try await store.commit(TurnWrite(conversation: row, messages: [message("c1", 1, .user, "hi")]))
            var expected = stored
            expected.sequence = 1
            #expect(try await store.conversation("c1") == expected)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a turn that does not continue the conversation is a conflict and leaves nothing`(kind: StoreKind)
        async throws
    {
        try await kind.withStore { store in
            var row = try await store.create(conversation("c1"))
            row.sequence = 1
            let first = TurnWrite(conversation: row, messages: [message("c1", 1, .user, "one")])
            try await store.commit(first)
            #expect(await failure { try await store.commit(first) } == .conflict)
            row.sequence = 3
            let gap = TurnWrite(conversation: row, messages: [message("c1", 3, .user, "three")])
            #expect(await failure { try await store.commit(gap) } == .conflict)
            let misnumbered = TurnWrite(
                conversation: row, messages: [message("c1", 3, .user, "x"), message("c1", 2, .user, "y")])
            #expect(await failure { try await store.commit(misnumbered) } == .conflict)
            let lost = TurnWrite(conversation: conversation("c9"), messages: [])
            #expect(await failure { try await store.commit(lost) } == .notFound)
            #expect(try await store.messages(in: "c1", after: 0, limit: 10).map(\.text) == ["one"])
            #expect(try await store.conversation("c1")?.sequence == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `of turns that race for the same place just one is stored`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let row = try await store.create(conversation("c1"))
            let wins = await withTaskGroup(of: Bool.self) { group in
                for index in 0..<40 {
                    group.addTask {
                        var row = row
                        row.sequence = 1
                        let turn = TurnWrite(
                            conversation: row, messages: [message("c1", 1, .user, "\(index)")])
                        return (try? await store.commit(turn)) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(wins == 1)
            #expect(try await store.messages(in: "c1", after: 0, limit: 10).count == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a client message id is stored once and leads to its answers`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            var row = try await store.create(conversation("c1"))
            let rows = [
                message("c1", 1, .user, "first", clientID: "m1"),
                message("c1", 2, .user, "second", clientID: "m2"),
                message("c1", 3, .assistant, "to second", inReplyTo: 2),
                message("c1", 4, .assistant, "to first", inReplyTo: 1),
            ]
            row.sequence = 4
            try await store.commit(TurnWrite(conversation: row, messages: rows))
            #expect(
                try await store.replies(to: "m1", in: "c1")
                    == StoredTurn(message: rows[0], replies: [rows[3]]))
            #expect(
                try await store.replies(to: "m2", in: "c1")
                    == StoredTurn(message: rows[1], replies: [rows[2]]))
            #expect(try await store.replies(to: "m3", in: "c1") == nil)
            #expect(try await store.replies(to: "m1", in: "c2") == nil)
            row.sequence = 5
            let again = TurnWrite(
                conversation: row, messages: [message("c1", 5, .user, "first", clientID: "m1")])
            #expect(await failure { try await store.commit(again) } == .duplicate)
            #expect(try await store.conversation("c1")?.sequence == 4)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a user's conversations page from the newest without gap or repetition`(kind: StoreKind) async throws
    {
        try await kind.withStore { store in
            for index in 0..<7 { _ = try await store.create(conversation("c\(index)", at: 1000 + index / 2)) }
            _ = try await store.create(conversation("x", user: "u2", at: 5000))
            var ids: [[String]] = []
            var cursor: String?
            repeat {
                let page = try await store.conversations(of: "u1", cursor: cursor, limit: 3)
                ids.append(page.conversations.map(\.id))
                cursor = page.cursor
            } while cursor != nil
            #expect(ids == [["c6", "c5", "c4"], ["c3", "c2", "c1"], ["c0"]])
            let kind = await failure { try await store.conversations(of: "u1", cursor: "nonsense", limit: 3) }
            #expect(kind == .notFound)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `conversations that wait are listed by queue until they are claimed`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            for (index, queue) in ["front_desk", "on_call", "front_desk"].enumerated() {
                var row = conversation("c\(index)", at: 3000 - index)
                row.state = .waiting
                row.queue = queue
                _ = try await store.create(row)
            }
            #expect(try await store.waiting(in: ["front_desk"], limit: 9).map(\.id) == ["c2", "c0"])
            #expect(
                try await store.waiting(in: ["front_desk", "on_call"], limit: 2).map(\.id) == ["c2", "c1"])
            var row = try #require(try await store.conversation("c2"))
            row.state = .human
            try await store.commit(TurnWrite(conversation: row, messages: []))
            #expect(try await store.waiting(in: ["front_desk"], limit: 9).map(\.id) == ["c0"])
            #expect(try await store.waiting(in: [], limit: 9) == [])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a flow revision is kept until it is too old or one too many`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            for index in 1...4 {
                try await store.putRevision(
                    "r\(index)", body: ["n": .integer(index)], at: Timestamp(milliseconds: index))
            }
            #expect(try await store.revision("r2") == ["n": 2])
            try await store.putRevision("r1", body: ["n": 1], at: Timestamp(milliseconds: 9))
            #expect(try await store.pruneRevisions(before: Timestamp(milliseconds: 3), keeping: 2) == 2)
            #expect(try await store.revision("r1") == ["n": 1])
            #expect(try await store.revision("r2") == nil)
            #expect(try await store.revision("r3") == nil)
            #expect(try await store.revision("r4") == ["n": 4])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `audit rows are appended with a turn and without one`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let row = try await store.create(conversation("c1"))
            let audit = (1...3).map {
                AuditRecord(
                    at: Timestamp(milliseconds: $0), actor: "u1", action: "read", subject: "c1", outcome: "ok"
                )
            }
            try await store.appendAudit([audit[0], audit[1]])
            try await store.commit(TurnWrite(conversation: row, messages: [], audit: [audit[2]]))
            #expect(try await store.latestAudit(limit: 2) == [audit[1], audit[2]])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `old messages are forgotten and with the last one an idle conversation`(kind: StoreKind) async throws
    {
        try await kind.withStore { store in
            var old = try await store.create(conversation("old", at: 10), alias: alias("s1"))
            var busy = try await store.create(conversation("busy", at: 10))
            old.sequence = 1
            try await store.commit(
                TurnWrite(conversation: old, messages: [message("old", 1, .user, "a", clientID: "m", at: 10)])
            )
            busy.sequence = 2
            busy.updatedAt = Timestamp(milliseconds: 500)
            let kept = message("busy", 2, .user, "c", at: 500)
            try await store.commit(
                TurnWrite(conversation: busy, messages: [message("busy", 1, .user, "b", at: 10), kept]))
            #expect(try await store.prune(before: Timestamp(milliseconds: 100)) == 2)
            #expect(try await store.conversation("old") == nil)
            #expect(try await store.conversation(alias: alias("s1")) == nil)
            #expect(try await store.messages(in: "busy", after: 0, limit: 9) == [kept])
            busy.sequence = 3
            try await store.commit(
                TurnWrite(conversation: busy, messages: [message("busy", 3, .user, "d", at: 600)]))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a closed store takes nothing`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.probe()
            await store.close()
            #expect(await failure { try await store.create(conversation("c1")) } == .unavailable)
            #expect(await failure { try await store.conversation("c1") } == .unavailable)
        }
    }
}
