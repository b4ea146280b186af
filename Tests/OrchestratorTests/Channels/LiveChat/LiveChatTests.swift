// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing
import WireProtocols

@testable import Orchestrator

/// The contract of live-chat; each test names the checklist items it stands for.
@Suite(.timeLimit(.minutes(1))) struct LiveChatTests {
    let fixture: SocketChannelFixture
    let channel: LiveChatChannel

    init() throws {
        fixture = try SocketChannelFixture()
        channel = fixture.liveChat()
    }

    private func begin(_ client: PollingClient, _ argument: JSON = ["sessionId": .null]) async throws
        -> String
    {
        try #require(try await client.ask("init_session", argument)["sessionId"]?.text)
    }

    @Test(arguments: [["sessionId": .null] as JSON, [:], .null, ["sessionId": ""]])
    func `S4.37-40 a session begins, whatever says that there is none yet`(argument: JSON) async throws {
        let client = try await PollingClient(channel)
        let answer = try await client.ask("init_session", argument)
        #expect(answer.members?.count == 1)
        let session = try #require(answer["sessionId"]?.text)
        #expect(
            session.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/)
                != nil)
        let chats = try await channel.ask("GET", "/api/chats").json
        #expect(chats.list?.first?["sessionId"]?.text == session)
        #expect(chats.list?.first?["ip"]?.text == "192.0.2.7")
        #expect(chats.list?.first?["userAgent"]?.text == "tests")
    }

    @Test func `S4.43-47 S4.52 a message is stored, then told to the room, the sender too, as it is stored`()
        async throws
    {
        let (user, other) = (try await PollingClient(channel), try await PollingClient(channel))
        let session = try await begin(user)
        #expect(try await begin(other, ["sessionId": .string(session)]) == session)
        try await user.emit("user_message", ["sessionId": .string(session), "content": "Hello!"])
        let event = try await user.event()
        #expect(try await other.event() == event)
        #expect(event.list?.first == "message")
        let message = try #require(event.list?.last)
        #expect(
            message.members?.members.map(\.name) == [
                "id", "sender", "content", "createdAt", "isAI", "chatSessionId",
            ])
        #expect(message["sender"] == "user")
        #expect(message["content"] == "Hello!")
        #expect(message["isAI"] == false)
        #expect(message["createdAt"] == "2026-03-09T10:00:00.000Z")
        #expect(try await channel.ask("GET", "/api/chats/\(session)").json == [message])
    }

    @Test func `S4.14 S4.20 S4.25 ids are cuids, and a message names its session's own id`() async throws {
        let client = try await PollingClient(channel)
        let session = try await begin(client)
        try await client.emit("user_message", ["sessionId": .string(session), "content": "x"])
        let message = try #require(try await client.event().list?.last)
        let chat = try #require(try await channel.ask("GET", "/api/chats").json.list?.first)
        #expect(message["chatSessionId"] == chat["id"])
        for id in [message["id"], chat["id"]] { #expect(id?.text?.wholeMatch(of: /c[0-9a-z]{24}/) != nil) }
        #expect(
            chat.members?.members.map(\.name) == [
                "id", "sessionId", "ip", "userAgent", "createdAt", "messages",
            ])
    }

    @Test func `S4.48 staff write into the same room`() async throws {
        let (user, admin) = (try await PollingClient(channel), try await PollingClient(channel))
        let session = try await begin(user)
        _ = try await begin(admin, ["sessionId": .string(session)])
        let told = try await admin.ask(
            "admin_message", ["sessionId": .string(session), "content": "How can I help?"])
        #expect(told["ok"] == true)
        let message = try await user.event().list?.last
        #expect(message?["sender"] == "admin")
        #expect(message?["isAI"] == false)
        #expect(message?["id"] == told["id"])
    }

    @Test func `S4.51 nobody hears another session`() async throws {
        let (one, two) = (try await PollingClient(channel), try await PollingClient(channel))
        let session = try await begin(one)
        _ = try await begin(two)
        _ = try await one.ask("user_message", ["sessionId": .string(session), "content": "private"])
        _ = try await two.ask("init_session", [:])
        #expect(two.pending == [])
    }

    @Test func `S4.44 S4.53 a message to nobody's session is answered, dropped, and stores nothing`()
        async throws
    {
        let client = try await PollingClient(channel)
        let answer = try await client.ask("user_message", ["sessionId": "nobody", "content": "x"])
        #expect(answer == ["ok": false, "error": "Chat session not found"])
        #expect(try await channel.ask("GET", "/api/chats").json == [])
        #expect(try await begin(client) != "")
    }

    @Test
    func `S4.41 a session id that nobody was given is taken as the original does, and nothing is stored`()
        async throws
    {
        let client = try await PollingClient(channel)
        #expect(try await begin(client, ["sessionId": "made-up"]) == "made-up")
        #expect(try await channel.ask("GET", "/api/chats/made-up").json == [])
        #expect(try await channel.ask("GET", "/api/chats").json == [])
    }

    @Test func `S4.41 with trust_unknown off it gets a session of its own`() async throws {
        let client = try await PollingClient(fixture.liveChat("closed"))
        #expect(try await begin(client, ["sessionId": "made-up"]) != "made-up")
    }

    @Test(arguments: [
        "[\"user_message\"]", "[\"user_message\",null]", "[\"user_message\",7]", "[\"user_message\",\"x\"]",
        "[\"user_message\",{\"sessionId\":1,\"content\":\"x\"}]", "[\"user_message\",{\"content\":\"x\"}]",
        "[\"user_message\",[]]", "[\"admin_message\",{\"sessionId\":\"a\",\"content\":{}}]",
        "[\"init_session\",\"x\"]", "[\"init_session\",{\"sessionId\":7}]", "[\"init_session\",[]]",
    ])
    func `S4.53 S4.87 a payload that is none is answered, and the client goes on`(packet: String) async throws
    {
        let client = try await PollingClient(channel)
        #expect(try await client.post("421" + packet) == 200)
        let answer = try await client.next()
        #expect(answer.hasPrefix(#"431[{"ok":false,"error":""#), "\(answer)")
        #expect(try await client.post("42" + packet) == 200)
        #expect(try await begin(client) != "")
    }

    @Test func `S4.50 who comes back with the session has what comes later, and the rest by REST`()
        async throws
    {
        let (user, admin) = (try await PollingClient(channel), try await PollingClient(channel))
        let session = try await begin(user)
        try await user.post("1")
        _ = try await admin.ask("admin_message", ["sessionId": .string(session), "content": "missed"])
        let back = try await PollingClient(channel)
        _ = try await begin(back, ["sessionId": .string(session)])
        _ = try await admin.ask("admin_message", ["sessionId": .string(session), "content": "later"])
        #expect(try await back.event().list?.last?["content"] == "later")
        #expect(try await channel.ask("GET", "/api/chats/\(session)").json.list?.count == 2)
    }

    @Test func `many messages of one client keep their order`() async throws {
        let client = try await PollingClient(channel)
        let session = try await begin(client)
        let packets = (0..<50).map { #"42["user_message",{"sessionId":"\#(session)","content":"\#($0)"}]"# }
        try await client.post(packets.joined(separator: "\u{1e}"))
        for number in 0..<50 {
            #expect(try await client.event().list?.last?["content"] == .string(String(number)))
        }
    }

    @Test func `S4.28 S4.27 health is exactly that, at both addresses`() async throws {
        for path in ["/health", "/api/health"] {
            let answer = try await channel.ask("GET", path)
            #expect(answer.status == 200)
            #expect(answer.json == ["status": "ok"])
        }
    }

    @Test func `S4.29-33 S4.85 sessions are listed newest first, and paged`() async throws {
        let client = try await PollingClient(channel)
        var sessions: [JSON] = []
        for _ in 0..<3 {
            sessions.insert(.string(try await begin(client)), at: 0)
            fixture.clock.advance(by: .seconds(1))
        }
        let listed = try await channel.ask("GET", "/api/chats").json.list?.compactMap { $0["sessionId"] }
        #expect(listed == sessions)
        let page = try await channel.ask("GET", "/api/chats?skip=1&take=1").json.list?.compactMap {
            $0["sessionId"]
        }
        #expect(page == [sessions[1]])
        #expect(try await channel.ask("GET", "/api/chats?take=x").status == 400)
        let unknown = try await channel.ask("GET", "/api/chats/nobody")
        #expect(unknown.status == 200)
        #expect(unknown.json == [])
    }

    @Test func `S4.88 other addresses are not found`() async throws {
        for (method, path) in [
            ("GET", "/"), ("POST", "/api/chats"), ("GET", "/api/other"), ("GET", "/api/chats/a/b"),
        ] {
            #expect(try await channel.ask(method, path).status == 404)
        }
    }

    @Test func `S07 where staff need a token, staff without one are told no and the list is closed`()
        async throws
    {
        let closed = fixture.liveChat("closed")
        let user = try await PollingClient(closed)
        let session = try await begin(user)
        let payload: JSON = ["sessionId": .string(session), "content": "x"]
        #expect(try await user.ask("admin_message", payload) == ["ok": false, "error": "Not authorized"])
        let patient = try fixture.token("p", role: "PATIENT")
        let pretender = try await PollingClient(closed, auth: #"{"token":"\#(patient)"}"#)
        #expect(
            try await pretender.ask("admin_message", payload) == ["ok": false, "error": "Not authorized"])
        #expect(try await closed.ask("GET", "/api/chats").status == 401)
        #expect(try await closed.ask("GET", "/api/chats", token: patient).status == 401)
        #expect(try await closed.ask("GET", "/api/chats/\(session)").json == [])
        let token = try fixture.token()
        let admin = try await PollingClient(closed, auth: #"{"token":"\#(token)"}"#)
        #expect(try await admin.ask("admin_message", payload)["ok"] == true)
        #expect(try await closed.ask("GET", "/api/chats", token: token).json.list?.count == 1)
        fixture.clock.advance(by: .seconds(25 * 3600))
        #expect(try await admin.ask("admin_message", payload)["ok"] == false)
    }

    @Test func `S4.24 an assistant answers as an admin that is an AI`() async throws {
        let answered = fixture.liveChat("answered")
        let client = try await PollingClient(answered)
        let session = try await begin(client)
        try await client.emit("user_message", ["sessionId": .string(session), "content": "hello"])
        #expect(try await client.event().list?.last?["isAI"] == false)
        let reply = try await client.event().list?.last
        #expect(reply?["sender"] == "admin")
        #expect(reply?["isAI"] == true)
        #expect(reply?["content"] == "Hello from the desk.")
    }

    @Test func `a reload and two channels of the type do not mix their sessions`() async throws {
        let client = try await PollingClient(channel)
        let session = try await begin(client)
        #expect(try await fixture.liveChat("answered").ask("GET", "/api/chats/\(session)").json == [])
    }
}

struct CUIDTests {
    @Test func `every bit of a UUID that is random makes a difference`() {
        var seen: Set<String> = []
        for _ in 0..<1000 { seen.insert(CUID.text(RandomID.uuid())) }
        #expect(seen.count == 1000)
        #expect(seen.allSatisfy { $0.count == 25 && $0.first == "c" })
        let base = Array("00000000-0000-4000-8000-000000000000")
        for index in base.indices where base[index] == "0" {
            var other = base
            other[index] = "1"
            #expect(CUID.text(String(other)) != CUID.text(String(base)))
        }
    }

    @Test func `what is no UUID stays as it is`() { #expect(CUID.text("abc") == "abc") }
}
