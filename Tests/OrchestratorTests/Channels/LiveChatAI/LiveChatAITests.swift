// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

/// The contract of live-chat-ai over its sockets; each test names the checklist items it stands for.
@Suite(.timeLimit(.minutes(1))) struct LiveChatAISocketTests {
    let fixture: SocketChannelFixture

    init() throws { fixture = try SocketChannelFixture() }

    private func visitor(_ channel: LiveChatAIChannel, _ session: String = "session_1") async throws
        -> PollingClient
    {
        let client = try await PollingClient(channel)
        try await client.emit("user-connected", ["sessionId": .string(session), "userAgent": "widget"])
        return client
    }

    private func admin(_ channel: LiveChatAIChannel) async throws -> PollingClient {
        try await PollingClient(channel, auth: #"{"token":"\#(try fixture.token())"}"#)
    }

    private func say(_ client: PollingClient, _ text: String, _ session: String = "session_1") async throws {
        try await client.emit(
            "user-message",
            [
                "sessionId": .string(session), "message": .string(text),
                "timestamp": "2026-03-09T09:59:59.000Z",
            ])
    }

    /// Events up to one of that name.
    private func events(_ client: PollingClient, through last: String) async throws -> [JSON] {
        var all: [JSON] = []
        while all.last?.list?.first?.text != last { all.append(try await client.event()) }
        return all
    }

    private func names(_ events: [JSON]) -> [String] { events.compactMap { $0.list?.first?.text } }

    @Test func `S2.28 S2.33 S2.36 a visitor is confirmed, sees thinking, the answer, and no more thinking`()
        async throws
    {
        let client = try await visitor(fixture.liveChatAI())
        try await say(client, "hello")
        let first = try await events(client, through: "ai-thinking")
        let rest = try await events(client, through: "ai-thinking")
        #expect(names(first + rest) == ["message-received", "ai-thinking", "ai-reply", "ai-thinking"])
        #expect(first[1].list?.last == ["sessionId": "session_1", "isThinking": true])
        #expect(rest[1].list?.last == ["sessionId": "session_1", "isThinking": false])
        let reply = try #require(rest[0].list?.last)
        #expect(
            reply.members?.members.map(\.name) == [
                "id", "sessionId", "message", "senderType", "timestamp", "isRead",
            ])
        #expect(reply["message"] == "Hello from the desk.")
        #expect(reply["senderType"] == "ai")
    }

    @Test func `S2.34 S2.35 admins see the message and are told to look again; the client's time counts`()
        async throws
    {
        let channel = fixture.liveChatAI("quiet")
        let (watching, client) = (try await admin(channel), try await visitor(channel))
        try await say(client, "hello")
        let seen = try await events(watching, through: "chat-list-update")
        #expect(names(seen) == ["user-message", "chat-list-update"])
        let message = try #require(seen[0].list?.last)
        #expect(message["timestamp"] == "2026-03-09T09:59:59.000Z")
        #expect(message["senderType"] == "user")
        #expect(message["isRead"] == false)
        #expect(seen[1].list?.count == 1)
        #expect(names([try await client.event()]) == ["message-received"])
    }

    @Test func `S2.29 S2.32 S2.38 an admin's reply goes to the room of its session and nowhere else`()
        async throws
    {
        let channel = fixture.liveChatAI("quiet")
        let (one, two) = (try await visitor(channel), try await visitor(channel, "session_2"))
        let desk = try await admin(channel)
        try await desk.emit("admin-reply", ["sessionId": "session_1", "message": "Hi, I am Ann."])
        let reply = try await one.event()
        #expect(names([reply]) == ["admin-reply"])
        #expect(reply.list?.last?["senderType"] == "admin")
        try await say(two, "x", "session_2")
        #expect(names([try await two.event()]) == ["message-received"])
        let chat = try await channel.ask("GET", "/api/chats/session_1", token: try fixture.token()).json
        #expect(chat["handedOffToAdmin"] == true)
    }

    @Test
    func `S2.57 S2.58 who asks for people is connected, even without AI, and the AI stays silent after it`()
        async throws
    {
        for name in ["live-chat-ai", "quiet"] {
            let channel = fixture.liveChatAI(name)
            let (watching, client) = (try await admin(channel), try await visitor(channel))
            try await say(client, "I want to TALK to a human")
            let told = try await events(client, through: "ai-reply")
            #expect(names(told) == ["message-received", "ai-reply"])
            #expect(told[1].list?.last?["message"] == "Connecting you to our support team...")
            #expect(names(try await events(watching, through: "handoff-requested")).contains("user-message"))
            try await say(client, "hello")
            try await say(client, "still there?")
            #expect(
                names([try await client.event(), try await client.event()]) == [
                    "message-received", "message-received",
                ])
        }
    }

    @Test func `emergencies are answered though the AI is off`() async throws {
        let client = try await visitor(fixture.liveChatAI("quiet"))
        try await say(client, "I have chest pain")
        let told = try await events(client, through: "ai-reply")
        #expect(told.last?.list?.last?["message"] == "Call 911 now.")
    }

    @Test func `S2.30 S2.31 S2.39 typing goes across, and the same word twice in a moment once`() async throws
    {
        let channel = fixture.liveChatAI("quiet")
        let (desk, client) = (try await admin(channel), try await visitor(channel))
        for isTyping in [true, true, false] {
            try await client.emit("user-typing", ["sessionId": "session_1", "isTyping": .bool(isTyping)])
        }
        #expect(try await desk.event() == ["user-typing", ["sessionId": "session_1", "isTyping": true]])
        #expect(try await desk.event() == ["user-typing", ["sessionId": "session_1", "isTyping": false]])
        try await desk.emit("admin-typing", ["sessionId": "session_1", "isTyping": true])
        #expect(try await client.event() == ["admin-typing", ["sessionId": "session_1", "isTyping": true]])
    }

    @Test func `a visitor is no admin, hears no other session, and writes in nobody's name`() async throws {
        let channel = fixture.liveChatAI("quiet")
        let (one, two) = (try await visitor(channel), try await visitor(channel, "session_2"))
        try await two.emit("admin-reply", ["sessionId": "session_1", "message": "I am the admin"])
        try await two.emit("admin-typing", ["sessionId": "session_1", "isTyping": true])
        try await say(two, "mine", "session_2")
        #expect(names([try await two.event()]) == ["message-received"])
        try await say(one, "hello")
        #expect(names([try await one.event()]) == ["message-received"])
        #expect(try await channel.ask("GET", "/api/messages/session_1").json.list?.count == 1)
    }

    @Test func `legacy_admins: a socket that never said whom it serves is a dashboard, a visitor's never`()
        async throws
    {
        let channel = fixture.liveChatAI("legacy")
        let (dashboard, client) = (try await PollingClient(channel), try await visitor(channel))
        let other = try await visitor(channel, "session_2")
        try await say(client, "hello")
        #expect(
            names(try await events(dashboard, through: "chat-list-update")) == [
                "user-message", "chat-list-update",
            ])
        try await dashboard.emit("admin-reply", ["sessionId": "session_1", "message": "Hi"])
        #expect(names(try await events(client, through: "admin-reply")).last == "admin-reply")
        try await say(other, "x", "session_2")
        #expect(names([try await other.event()]) == ["message-received"])
    }

    @Test func `a token that is none is told at once`() async throws {
        await #expect(throws: ConnectRefusal.self) {
            try await PollingClient(fixture.liveChatAI(), auth: #"{"token":"x"}"#)
        }
        let patient = try fixture.token("p", role: "PATIENT")
        await #expect(throws: ConnectRefusal.self) {
            try await PollingClient(fixture.liveChatAI(), auth: #"{"token":"\#(patient)"}"#)
        }
    }

    @Test(arguments: [
        "[\"user-message\"]", "[\"user-message\",null]", "[\"user-message\",\"x\"]", "[\"user-message\",{}]",
        "[\"user-message\",{\"sessionId\":7,\"message\":\"x\"}]",
        "[\"user-message\",{\"sessionId\":\"a\",\"message\":7}]",
        "[\"user-connected\",{\"sessionId\":\"\"}]",
        "[\"user-typing\",{\"sessionId\":\"a\",\"isTyping\":\"yes\"}]",
        "[\"user-connected\",{\"sessionId\":\"\\u0000admins\"}]", "[\"nonsense\",{\"sessionId\":\"a\"}]",
    ])
    func `a payload that is none is let pass, and the client goes on`(packet: String) async throws {
        let channel = fixture.liveChatAI("quiet")
        let client = try await visitor(channel)
        #expect(try await client.post("42" + packet) == 200)
        try await say(client, "hello")
        #expect(names([try await client.event()]) == ["message-received"])
    }
}

/// Its REST routes.
@Suite(.timeLimit(.minutes(1))) struct LiveChatAIRequestTests {
    let fixture: SocketChannelFixture
    let channel: LiveChatAIChannel

    init() throws {
        fixture = try SocketChannelFixture()
        channel = fixture.liveChatAI()
    }

    @Test func `S2.26 admin routes are closed to everybody else, with the contract's words`() async throws {
        let patient = try fixture.token("p", role: "PATIENT")
        for path in ["/api/auth/verify", "/api/chats", "/api/chats/x", "/api/ai/config"] {
            let without = try await channel.ask("GET", path)
            #expect(without.status == 401)
            #expect(without.json == ["error": "No token provided"])
            for token in ["x.y.z", patient] {
                let with = try await channel.ask("GET", path, token: token)
                #expect(with.status == 401)
                #expect(with.json == ["error": "Invalid token"])
            }
        }
        #expect(
            try await channel.ask("GET", "/api/auth/verify", token: try fixture.token()).json == [
                "valid": true
            ])
    }

    @Test func `S2.19 S2.40-44 a session is made once, by whatever name the client chose`() async throws {
        let body = #"{"sessionId":"session_1","ipAddress":"198.51.100.1","userAgent":"widget"}"#
        let first = try await channel.ask("POST", "/api/chats", body: body)
        #expect(first.status == 200)
        #expect(
            first.json.members?.members.map(\.name) == [
                "id", "sessionId", "ipAddress", "userAgent", "createdAt", "lastActive", "handedOffToAdmin",
            ])
        fixture.clock.advance(by: .seconds(5))
        let again = try await channel.ask("POST", "/api/chats", body: body)
        #expect(again.json["id"] == first.json["id"])
        #expect(again.json["createdAt"] == "2026-03-09T10:00:00.000Z")
        #expect(again.json["lastActive"] == "2026-03-09T10:00:05.000Z")
        #expect(try await channel.ask("POST", "/api/chats", body: "{}").status == 400)
        #expect(try await channel.ask("POST", "/api/chats", body: "{").status == 400)
    }

    @Test
    func
        `S2.17 S2.18 S2.20 sessions with their newest message, one with all of them, history for the widget`()
        async throws
    {
        let token = try fixture.token()
        let client = try await PollingClient(channel)
        for (session, text) in [("a", "first"), ("b", "other"), ("a", "second")] {
            try await client.emit("user-message", ["sessionId": .string(session), "message": .string(text)])
            fixture.clock.advance(by: .seconds(1))
        }
        let list = try await channel.ask("GET", "/api/chats", token: token).json.list ?? []
        #expect(list.map { $0["sessionId"]?.text } == ["a", "b"])
        #expect(list.allSatisfy { $0["messages"]?.list?.count == 1 })
        let chat = try await channel.ask("GET", "/api/chats/a", token: token).json
        #expect(
            chat["messages"]?.list?.filter { $0["senderType"] == "user" }.compactMap { $0["message"]?.text }
                == ["first", "second"])
        #expect(try await channel.ask("GET", "/api/messages/a").json == chat["messages"])
        #expect(try await channel.ask("GET", "/api/messages/nobody").json == [])
        let unknown = try await channel.ask("GET", "/api/chats/nobody", token: token)
        #expect(unknown.status == 404)
        #expect(unknown.json == ["error": "Chat not found"])
    }

    @Test func `S2.21 S2.49 a message is marked read, and only by an admin`() async throws {
        let client = try await PollingClient(channel)
        try await client.emit("user-message", ["sessionId": "a", "message": "x"])
        let id = try #require(try await channel.ask("GET", "/api/messages/a").json.list?.first?["id"]?.text)
        #expect(try await channel.ask("PATCH", "/api/messages/\(id)").status == 401)
        let read = try await channel.ask("PATCH", "/api/messages/\(id)", token: try fixture.token())
        #expect(read.json["isRead"] == true)
        let unknown = try await channel.ask("PATCH", "/api/messages/x", token: try fixture.token())
        #expect(unknown.status == 404)
        #expect(unknown.json == ["error": "Message not found"])
    }

    @Test func `S2.22 S2.50-55 the AI settings have the contract's values where nothing is set`() async throws
    {
        let quiet = fixture.liveChatAI("quiet")
        let config = try await quiet.ask("GET", "/api/ai/config", token: try fixture.token()).json
        #expect(config["isEnabled"] == false)
        #expect(config["provider"] == "openrouter")
        #expect(config["model"] == "z-ai/glm-4.5-air:free")
        #expect(config["systemPrompt"] == "You are a helpful customer support assistant.")
        #expect(config["temperature"]?.double == 0.7)
        #expect(config["maxTokens"] == 500)
        #expect(
            config["id"]?.text?.wholeMatch(
                of: /[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-9[0-9a-f]{3}-[0-9a-f]{12}/) != nil)
    }

    @Test func `S2.24 the AI is asked on trial, and nothing is stored`() async throws {
        let token = try fixture.token()
        let body = #"{"sessionId":"trial","message":"hello"}"#
        #expect(
            try await channel.ask("POST", "/api/ai/test", token: token, body: body).json == [
                "response": "Hello from the desk."
            ])
        #expect(try await channel.ask("GET", "/api/messages/trial").json == [])
        let missing = try await channel.ask("POST", "/api/ai/test", token: token, body: "{}")
        #expect(missing.status == 400)
        #expect(missing.json == ["error": "sessionId and message are required"])
        let off = try await fixture.liveChatAI("quiet").ask("POST", "/api/ai/test", token: token, body: body)
        #expect(off.status == 500)
        #expect(off.json == ["error": "AI is not enabled"])
    }

    @Test func `S2.60 other addresses are not found, and the root says what it is`() async throws {
        #expect(try await channel.ask("GET", "/").json == ["message": "Chatbot API Server"])
        #expect(try await channel.ask("GET", "/api/other").status == 404)
        #expect(try await channel.ask("GET", "/").headers["Access-Control-Allow-Origin"] == "*")
    }
}

struct HandoffPhraseTests {
    @Test(arguments: [
        "talk to a human", "I WANT an Agent", "can I speak with someone?", "need support",
        "real person please",
        "live chat", "Customer Support", "connect me to a representative", "wanna chat with a person",
    ])
    func `who asks for people is heard`(text: String) { #expect(HandoffPhrase.isIn(text)) }

    @Test(arguments: ["hello", "a human said I talk", "chat", "support", "need\nhuman", "where is my order"])
    func `who does not is not`(text: String) { #expect(!HandoffPhrase.isIn(text)) }
}
