// SPDX-License-Identifier: Apache-2.0

import Testing
import WireProtocols

@testable import Orchestrator

/// Names of conversations, members, reading: the same for every store.
@Suite struct SharingStoreTests {
    @Test(arguments: StoreKind.allCases)
    func `however many ask at once for a new alias, one conversation is made`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let ids = try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<32 {
                    group.addTask {
                        try await store.create(conversation("c\(number)"), alias: alias("s1")).id
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(ids.count == 1)
            #expect(try await store.aliased(AliasQuery(channel: "widget")).count == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `the same external id of two users names two conversations`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            for user in ["u1", "u2"] {
                let name = ConversationAlias(channel: "clinic", user: user, externalID: "x")
                _ = try await store.create(conversation("of-\(user)", user: user), alias: name)
            }
            let names = ["u1", "u2"].map { ConversationAlias(channel: "clinic", user: $0, externalID: "x") }
            #expect(try await store.aliased(names[0])?.conversation.id == "of-u1")
            #expect(try await store.aliased(names[1])?.conversation.id == "of-u2")
            #expect(try await store.aliases(of: "of-u1") == [names[0]])
            var query = AliasQuery(channel: "clinic")
            query.user = "u2"
            #expect(try await store.aliased(query).map(\.conversation.id) == ["of-u2"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a channel's conversations are counted once, by the names without a user`(kind: StoreKind)
        async throws
    {
        try await kind.withStore { store in
            let now = conversation("c1").updatedAt
            #expect(
                try await store.counts(of: "widget", activeSince: now)
                    == ChannelCounts(conversations: 0, messages: 0, active: 0))
            _ = try await store.create(conversation("c1"), alias: alias("s1"))
            _ = try await store.create(conversation("c2"), alias: alias("s2"))
            _ = try await store.create(conversation("c3"))
            let thread = ConversationAlias(channel: "widget", user: "thread", externalID: "t")
            try await store.bind(thread, to: "c1")
            #expect(
                try await store.counts(of: "widget", activeSince: now)
                    == ChannelCounts(conversations: 2, messages: 0, active: 2))
            #expect(try await store.counts(of: "widget", activeSince: now + .milliseconds(1)).active == 0)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `attributes are merged, and null takes one away`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let first: JSONObject = JSONObject([.init(name: "ip", value: "127.0.0.1")])
            _ = try await store.create(conversation("c1"), alias: alias("s1"), attributes: first)
            let changes = JSONObject([
                .init(name: "ip", value: .null), .init(name: "handedOff", value: true),
            ])
            let expected = JSONObject([.init(name: "handedOff", value: true)])
            #expect(try await store.setAttributes(changes, of: alias("s1")) == expected)
            #expect(try await store.aliased(alias("s1"))?.attributes == expected)
            #expect(try await store.setAttributes(changes, of: alias("s2")) == nil)
            let large = JSONObject([.init(name: "x", value: .string(String(repeating: "a", count: 8192)))])
            #expect(await failure { try await store.setAttributes(large, of: alias("s1")) } == .conflict)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a channel lists its own, newest or most active first, page by page`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            for number in 1...3 {
                _ = try await store.create(
                    conversation("c\(number)", at: number * 1000), alias: alias("s\(number)"))
            }
            _ = try await store.create(
                conversation("other"), alias: ConversationAlias(channel: "live-chat", externalID: "s1"))
            var touched = try #require(try await store.conversation("c1"))
            touched.sequence = 1
            touched.updatedAt = Timestamp(milliseconds: 9000)
            try await store.commit(
                TurnWrite(conversation: touched, messages: [message("c1", 1, .user, "hello")]))
            var query = AliasQuery(channel: "widget", limit: 2)
            #expect(try await store.aliased(query).map(\.conversation.id) == ["c3", "c2"])
            query.offset = 2
            #expect(try await store.aliased(query).map(\.alias.externalID) == ["s1"])
            query.offset = 0
            query.order = .active
            #expect(try await store.aliased(query).map(\.conversation.id) == ["c1", "c3"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a room is listed for each of its members`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            var room = conversation("room", user: "d1")
            room.participants = ["p1"]
            _ = try await store.create(room, alias: alias("chat_d1_p1"))
            _ = try await store.create(conversation("own", user: "p2"), alias: alias("mine"))
            #expect(try await store.conversation("room")?.participants == ["p1"])
            for (person, expected) in [("d1", ["room"]), ("p1", ["room"]), ("p2", ["own"]), ("p3", [])] {
                var query = AliasQuery(channel: "widget")
                query.person = person
                #expect(try await store.aliased(query).map(\.conversation.id) == expected)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a removed conversation is gone with its messages and names`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            var row = try await store.create(conversation("c1"), alias: alias("s1"))
            row.sequence = 1
            try await store.commit(TurnWrite(conversation: row, messages: [message("c1", 1, .user, "hello")]))
            #expect(try await store.remove("c1"))
            #expect(try await store.remove("c1") == false)
            #expect(try await store.conversation("c1") == nil)
            #expect(try await store.messages(in: "c1", after: 0, limit: 9) == [])
            #expect(try await store.aliased(alias("s1")) == nil)
            #expect(try await store.aliased(AliasQuery(channel: "widget")) == [])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `what others wrote is read up to a number, and a message by its id`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            var row = try await store.create(conversation("c1"))
            var messages = (1...3).map { message("c1", $0, .user, "text \($0)") }
            messages[0].authorID = "p1"
            messages[1].authorID = "d1"
            row.sequence = 3
            try await store.commit(TurnWrite(conversation: row, messages: messages))
            let now = Timestamp(milliseconds: 5000)
            try await store.markRead(upTo: 2, in: "c1", by: "d1", at: now)
            let read = try await store.messages(in: "c1", after: 0, limit: 9).map(\.readAt)
            #expect(read == [now, nil, nil])
            let later = Timestamp(milliseconds: 6000)
            #expect(try await store.markRead("c1-3", at: later)?.readAt == later)
            #expect(try await store.markRead("c1-3", at: now)?.readAt == later)
            #expect(try await store.message("c1-3")?.authorID == nil)
            #expect(try await store.message("c1-2")?.authorID == "d1")
            #expect(try await store.markRead("nobody", at: now) == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `of two claims one wins`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            var waiting = conversation("c1")
            waiting.state = .waiting
            waiting.queue = "desk"
            _ = try await store.create(waiting)
            var outcomes: [StorageError.Kind?] = []
            for staff in ["d1", "d2"] {
                var row = waiting
                row.state = .human
                row.staff = staff
                var write = TurnWrite(conversation: row, messages: [])
                write.expectedState = .waiting
                outcomes.append(await failure { try await store.commit(write) })
            }
            #expect(outcomes == [nil, .conflict])
            #expect(try await store.claimed(by: "d1", limit: 9).map(\.id) == ["c1"])
            #expect(try await store.claimed(by: "d2", limit: 9) == [])
            #expect(try await store.claimed(by: nil, limit: 9).count == 1)
        }
    }
}
