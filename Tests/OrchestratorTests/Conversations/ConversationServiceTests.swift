// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing
import WireProtocols

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1))) struct ConversationServiceTests {
    @Test(arguments: StoreKind.allCases)
    func `a message is answered and both are stored, in one write`(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let fixture = ServiceFixture(store: store)
            let id = try await fixture.begin()
            let answer = try await fixture.service.submit("hello", to: id, caller: fixture.patient)
            #expect(answer.replies.map(\.text) == ["Hello!"])
            #expect(answer.message.intent == "greet")
            #expect(try await fixture.stored(id) == ["1 user hello", "2 assistant Hello!"])
            #expect(try await store.messages(in: id, after: 1, limit: 1).first?.inReplyTo == 1)
        }
    }

    @Test func `everyone who watches sees messages and states in one order`() async throws {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        let (one, two) = (EventRecorder(), EventRecorder())
        _ = try await fixture.service.attach(one, to: id, caller: fixture.patient)
        _ = try await fixture.service.attach(two, to: id, caller: fixture.patient)
        _ = try await fixture.say("I want a human", in: id)
        #expect(
            one.lines == [
                "message 1 user I want a human",
                "message 2 assistant I am getting a person to help you. Please stay here.",
                "state waiting desk",
            ])
        #expect(two.lines == one.lines)
        fixture.service.detach(one, from: id)
        _ = try await fixture.say("hello", in: id)
        #expect(one.lines.count == 3)
        #expect(two.lines.count == 5)
    }

    @Test func `the sender is told that its message is stored before everyone sees it`() async throws {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        let progress = EventRecorder()
        _ = try await fixture.service.submit(
            "hello", to: id, caller: fixture.patient, clientMessageID: "c1", progress: progress)
        #expect(progress.lines == ["accepted c1 1", "message 1 user hello", "message 2 assistant Hello!"])
    }

    @Test func `a hundred messages at once are answered one after the other`() async throws {
        let fixture = ServiceFixture(change: { parts, _ in parts.escalations = [] })
        let id = try await fixture.begin()
        let watcher = EventRecorder()
        _ = try await fixture.service.attach(watcher, to: id, caller: fixture.patient)
        let results = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<100 {
                group.addTask {
                    (try? await fixture.service.submit(
                        "hello", to: id, caller: fixture.patient, clientMessageID: "c\(number)")) != nil
                }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        let answered = results.count { $0 }
        let stored = try await fixture.store.messages(in: id, after: 0, limit: 1000)
        #expect(stored.count == answered * 2)
        #expect(stored.map(\.sequence) == Array(1...(answered * 2)))
        #expect(
            stored.enumerated().allSatisfy { $0.element.author == ($0.offset % 2 == 0 ? .user : .assistant) })
        let seen = watcher.events.compactMap {
            if case .message(let message) = $0 { message.sequence } else { nil }
        }
        #expect(seen == Array(1...(answered * 2)))
    }

    @Test func `messages are answered in the order in which they came, and too many are refused`()
        async throws
    {
        let hanging = ScriptedProvider("slow", .hangs(after: []), .says("done"))
        let fixture = ServiceFixture(providers: [hanging])
        let id = try await fixture.begin()
        let watcher = EventRecorder()
        _ = try await fixture.service.attach(watcher, to: id, caller: fixture.patient)
        let first = Task.immediate { try await fixture.say("explain my results", in: id) }
        await hanging.waitForRequests(1)
        let waiting = (1...Mailbox.maxWaiting).map { number in
            Task.immediate { try await fixture.say("hello \(number)", in: id) }
        }
        await #expect(throws: ServiceError.self) { try await fixture.say("one too many", in: id) }
        try await fixture.service.stop(id, caller: fixture.patient)
        _ = try await first.value
        for task in waiting { _ = try await task.value }
        let said = watcher.events.compactMap { event -> String? in
            guard case .message(let message) = event, message.author == .user else { return nil }
            return message.text
        }
        #expect(said == ["explain my results"] + (1...Mailbox.maxWaiting).map { "hello \($0)" })
    }

    @Test(arguments: StoreKind.allCases)
    func `the same client message id gets the same answer, also after a restart`(_ kind: StoreKind)
        async throws
    {
        try await kind.withStore { store in
            let fixture = ServiceFixture(store: store)
            let id = try await fixture.begin()
            let first = try await fixture.service.submit(
                "hello", to: id, caller: fixture.patient, clientMessageID: "c1")
            let again = try await fixture.service.submit(
                "hello", to: id, caller: fixture.patient, clientMessageID: "c1")
            #expect(again == first)
            let restarted = ServiceFixture(store: store)
            let after = try await restarted.service.submit(
                "hello", to: id, caller: fixture.patient, clientMessageID: "c1")
            #expect(after.replies.map(\.id) == first.replies.map(\.id))
            #expect(try await fixture.stored(id).count == 2)
        }
    }

    @Test func `a retry while the first still runs joins it`() async throws {
        let provider = ScriptedProvider("slow", .hangs(after: ["So. "]))
        let fixture = ServiceFixture(providers: [provider])
        let id = try await fixture.begin()
        let first = Task {
            try await fixture.service.submit(
                "explain my results", to: id, caller: fixture.patient, clientMessageID: "c1")
        }
        await provider.waitForRequests(1)
        let second = Task.immediate {
            try await fixture.service.submit(
                "explain my results", to: id, caller: fixture.patient, clientMessageID: "c1")
        }
        try await fixture.service.stop(id, caller: fixture.patient)
        #expect(try await first.value == second.value)
        #expect(provider.requests.count == 1)
        #expect(try await fixture.stored(id) == ["1 user explain my results", "2 assistant So.  (partial)"])
    }

    @Test func `a message that a crash left without an answer is answered when it is sent again`()
        async throws
    {
        let provider = ScriptedProvider("ai", .says("All is well."))
        let fixture = ServiceFixture(providers: [provider])
        let id = try await fixture.begin()
        // What the first part of a turn leaves behind.
        var row = try #require(try await fixture.store.conversation(id))
        var context = ConversationContext()
        context.unanswered = [1]
        row.dialogue = context.json
        row.sequence = 1
        let left = MessageRecord(
            id: "m1", conversation: id, sequence: 1, author: .user, text: "explain my results",
            clientMessageID: "c1",
            createdAt: fixture.clock.now())
        try await fixture.store.commit(TurnWrite(conversation: row, messages: [left]))
        let answer = try await fixture.service.submit(
            "explain my results", to: id, caller: fixture.patient, clientMessageID: "c1")
        #expect(answer.message == left)
        #expect(answer.replies.map(\.text) == ["All is well."])
        #expect(try await fixture.stored(id) == ["1 user explain my results", "2 assistant All is well."])
        let again = try await fixture.service.submit(
            "explain my results", to: id, caller: fixture.patient, clientMessageID: "c1")
        #expect(again.replies == answer.replies)
        #expect(provider.requests.count == 1)
    }

    @Test func `nothing is said when it cannot be stored, and the same message works later`() async throws {
        let base = MemoryStore()
        let gated = GatedStore(base)
        let fixture = ServiceFixture(store: base, conversations: gated)
        let id = try await fixture.begin()
        let watcher = EventRecorder()
        _ = try await fixture.service.attach(watcher, to: id, caller: fixture.patient)
        gated.set(.failing(.full))
        await #expect(throws: ServiceError(StorageError(.full, ""))) {
            try await fixture.say("hello", in: id, clientMessageID: "c1")
        }
        #expect(watcher.lines == [])
        gated.set(.open)
        #expect(try await fixture.say("hello", in: id, clientMessageID: "c1") == ["Hello!"])
        #expect(try await fixture.stored(id) == ["1 user hello", "2 assistant Hello!"])
    }

    @Test func `the conversations of others do not exist`() async throws {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        let other = Caller(user: "p2", role: "PATIENT")
        await #expect(throws: ConversationService.noConversation) {
            try await fixture.service.submit("hello", to: id, caller: other)
        }
        await #expect(throws: ConversationService.noConversation) {
            try await fixture.service.messages(in: id, caller: other, after: 0, limit: 10)
        }
        await #expect(throws: ConversationService.noConversation) {
            try await fixture.service.attach(EventRecorder(), to: id, caller: other)
        }
    }

    @Test func `what is too long, empty or for another role is refused`() async throws {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        for (text, kind) in [
            (String(repeating: "é", count: 8193), ServiceError.Kind.tooLong), (" \n", .emptyMessage),
        ] {
            let error = await #expect(throws: ServiceError.self) { try await fixture.say(text, in: id) }
            #expect(error?.kind == kind)
        }
        #expect(
            try await fixture.say(String(repeating: "é", count: 8192), in: id) == ["Please say that again."])
        let error = await #expect(throws: ServiceError.self) {
            try await fixture.service.begin(
                assistant: "patient", caller: Caller(user: "d", role: "DOCTOR"), channel: "native")
        }
        #expect(error?.kind == .forbidden)
    }

    @Test func `between people messages are stored and passed on`() async throws {
        let fixture = ServiceFixture()
        let id = try await fixture.begin(ConversationService.relay)
        let watcher = EventRecorder()
        _ = try await fixture.service.attach(watcher, to: id, caller: fixture.patient)
        #expect(try await fixture.say("hello", in: id) == [])
        #expect(try await fixture.say("hello", in: id, clientMessageID: "c") == [])
        #expect(try await fixture.say("hello", in: id, clientMessageID: "c") == [])
        #expect(watcher.lines == ["message 1 user hello", "message 2 user hello"])
    }

    @Test func `while a person has the conversation the assistant is silent`() async throws {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        var row = try #require(try await fixture.store.conversation(id))
        row.state = .human
        row.staff = "d1"
        try await fixture.store.commit(TurnWrite(conversation: row, messages: []))
        #expect(try await fixture.say("hello", in: id) == [])
        #expect(try await fixture.stored(id) == ["1 user hello"])
        let doctor = Caller(user: "d1", role: "DOCTOR")
        #expect(
            try await fixture.service.messages(in: id, caller: doctor, after: 0, limit: 9).messages.count == 1
        )
    }

    @Test func `a message reopens a closed conversation`() async throws {
        let fixture = ServiceFixture()
        let id = try await fixture.begin()
        var row = try #require(try await fixture.store.conversation(id))
        row.state = .closed
        try await fixture.store.commit(TurnWrite(conversation: row, messages: []))
        #expect(try await fixture.say("hello", in: id) == ["Hello!"])
        #expect(try await fixture.service.conversation(id, caller: fixture.patient).state == .assistant)
    }

    @Test func `a server that stops lets turns end and takes no more`() async throws {
        let provider = ScriptedProvider("slow", .hangs(after: ["So. "]))
        let fixture = ServiceFixture(providers: [provider])
        let id = try await fixture.begin()
        let running = Task { try await fixture.say("explain my results", in: id) }
        await provider.waitForRequests(1)
        await fixture.delay.waitForSleepers(1)
        let draining = Task { await fixture.service.drain(within: .seconds(8)) }
        await fixture.delay.waitForSleepers(2)
        let error = await #expect(throws: ServiceError.self) { try await fixture.say("hello", in: id) }
        #expect(error?.kind == .draining)
        fixture.delay.advance(by: .seconds(8))
        await draining.value
        #expect(try await running.value == ["So. "])
    }

    @Test func `idle conversations leave the memory`() async throws {
        let store = MemoryStore()
        let directory = MailboxDirectory(store: store, metrics: NoTurnMetrics(), maxIdle: 2)
        for number in 1...5 {
            _ = try await store.create(conversation("c\(number)"))
            let mailbox = try #require(try await directory.checkOut("c\(number)"))
            directory.checkIn(mailbox)
        }
        #expect(directory.count == 2)
        let held = try #require(try await directory.checkOut("c1"))
        #expect(try await directory.checkOut("c1") === held)
    }
}
