// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing
import WireProtocols

@testable import Orchestrator

/// What waits in a queue that the channel serves, begun on another channel.
@Suite(.timeLimit(.minutes(1))) struct LiveChatAIHandoffTests {
    let fixture: SocketChannelFixture

    init() throws {
        let library = """
            kind: library
            version: 1
            id: people
            queues:
              people: { roles: [ADMIN], claim_within: 1m, otherwise: [{ end: true }] }
            """
        fixture = try SocketChannelFixture(["people.yaml": library]) { server in
            server.replacing("port: 5000,", with: "port: 5000, serves: [people],")
        }
    }

    private func say(_ text: String, _ session: String, on client: PollingClient) async throws {
        try await client.emit("user-message", ["sessionId": .string(session), "message": .string(text)])
    }

    private func event(_ name: String, of client: PollingClient) async throws -> JSON {
        while true {
            let event = try await client.event()
            if event.list?.first?.text == name { return event.list?.dropFirst().first ?? .null }
        }
    }

    @Test
    func `it is announced and listed with its summary, claimed by the first reply, and then all is told`()
        async throws
    {
        let (channel, elsewhere) = (fixture.liveChatAI(), fixture.liveChatAI("quiet"))
        let token = try fixture.token()
        let admin = try await PollingClient(channel, auth: #"{"token":"\#(token)"}"#)
        let visitor = try await PollingClient(elsewhere)
        try await visitor.emit("user-connected", ["sessionId": "session_1"])
        try await say("I want to talk to a human", "session_1", on: visitor)

        let told = try await event("handoff-requested", of: admin)
        let id = try #require(told["sessionId"]?.text)
        #expect(id != "session_1")
        #expect(told["queue"] == "people")
        #expect(told["summary"]?.text?.contains("I want to talk to a human") == true)
        let listed = try await channel.ask("GET", "/api/chats", token: token).json.list ?? []
        #expect(listed.map { $0["sessionId"]?.text } == [id])
        #expect(listed.first?["messages"]?.list?.first?["message"] == told["summary"])
        #expect(listed.first?["handedOffToAdmin"] == false)
        #expect(
            try await channel.ask("GET", "/api/chats/\(id)", token: token).json["messages"]?.list?.count == 1)
        // The transcript opens with the claim.
        #expect(try await channel.ask("GET", "/api/messages/\(id)").json == [])

        try await admin.emit("admin-reply", ["sessionId": .string(id), "message": "Hi, I am Ann."])
        #expect(try await event("admin-reply", of: visitor)["message"] == "Hi, I am Ann.")
        try await say("My order is late", "session_1", on: visitor)
        let heard = try await event("user-message", of: admin)
        #expect(heard["message"] == "My order is late")
        #expect(heard["sessionId"]?.text == id)
        let chat = try await channel.ask("GET", "/api/chats/\(id)", token: token).json
        #expect(chat["handedOffToAdmin"] == true)
        #expect((chat["messages"]?.list?.count ?? 0) >= 3)
    }

    @Test func `S2.57 who asks for people on the channel itself is announced once, and waits in the queue`()
        async throws
    {
        let channel = fixture.liveChatAI()
        let admin = try await PollingClient(channel, auth: #"{"token":"\#(try fixture.token())"}"#)
        let visitor = try await PollingClient(channel)
        try await say("real person please", "session_1", on: visitor)
        #expect(try await event("handoff-requested", of: admin) == ["sessionId": "session_1"])
        try await say("are you there?", "session_1", on: visitor)
        var names: [String] = []
        while names.last != "user-message" { names.append(try await admin.event().list?.first?.text ?? "") }
        #expect(!names.contains("handoff-requested"))
        let found = try await fixture.services.service.aliased(channel.alias("session_1"))
        #expect(found?.conversation.state == .waiting)
        #expect(found?.conversation.queue == "people")
    }

    @Test func `somebody else's conversation is not an admin's to answer`() async throws {
        let (channel, elsewhere) = (fixture.liveChatAI(), fixture.liveChatAI("legacy"))
        let admin = try await PollingClient(channel, auth: #"{"token":"\#(try fixture.token())"}"#)
        let visitor = try await PollingClient(elsewhere)
        try await say("hello", "session_1", on: visitor)
        let id = try #require(
            try await fixture.services.service.aliased(elsewhere.alias("session_1"))?.conversation.id)
        try await admin.emit("admin-reply", ["sessionId": .string(id), "message": "let me in"])
        try await admin.emit("admin-reply", ["sessionId": "session_1", "message": "let me in"])
        let messages = try await fixture.services.service.latestMessages(in: id, limit: 10)
        #expect(messages.allSatisfy { $0.author != .staff })
    }

    @Test func `admins count as one member of staff, there while any of them is`() async throws {
        let channel = fixture.liveChatAI()
        let auth = #"{"token":"\#(try fixture.token())"}"#
        let (one, two) = (
            try await PollingClient(channel, auth: auth), try await PollingClient(channel, auth: auth)
        )
        #expect(fixture.services.sockets.members(of: "live-chat-ai").map(\.user) == ["live-chat-ai:admin"])
        try await one.post("1")
        #expect(fixture.services.sockets.members(of: "live-chat-ai").count == 1)
        try await two.post("1")
        #expect(fixture.services.sockets.members(of: "live-chat-ai") == [])
    }
}
