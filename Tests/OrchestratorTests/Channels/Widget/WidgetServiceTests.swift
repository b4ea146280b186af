// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import OrchestratorTesting
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

/// Checklist S3, everything but the chat endpoint.
@Suite(.timeLimit(.minutes(1)))
struct WidgetServiceTests {
    let vendor = WidgetFixture.vendor()
    let fixture: WidgetFixture

    init() throws { fixture = try WidgetFixture([vendor]) }

    @Test(arguments: ClientKind.allCases)
    func `S3.6 S3.22-29 S3.63 S3.64 health tells how much there is`(kind: ClientKind) async throws {
        try await fixture.withClient(kind) { client in
            let empty = try await client.ask("GET", "/health")
            #expect(empty.status == 200)
            #expect(empty.names == ["status", "timestamp", "uptime", "memory", "stats", "providers"])
            #expect(empty.text("status") == "healthy")
            #expect(empty.text("timestamp") == "2024-01-01T00:00:00.000Z")
            #expect(empty.json["memory"]?["rss"]?.int.map { $0 > 0 } == true)
            #expect(empty.json["providers"] == ["openai", "anthropic"])
            #expect(empty.headers["RateLimit-Limit"] == nil)
            let first = try await client.say("one")
            _ = try await client.say("two", ["conversationId": first.json["conversationId"] ?? .null])
            fixture.clock.advance(by: .seconds(3601))
            _ = try await client.say("other")
            #expect(
                try await client.ask("GET", "/health").json["stats"] == [
                    "totalConversations": 2, "totalMessages": 6, "activeConversations": 1,
                ])
        }
    }

    @Test func `a store that does not answer is unhealthy`() async throws {
        await fixture.store.close()
        let reply = try await fixture.client().ask("GET", "/health")
        #expect(reply.status == 500)
        #expect(
            reply.json == [
                "status": "unhealthy", "error": "The store does not answer",
                "timestamp": "2024-01-01T00:00:00.000Z",
            ])
    }

    @Test func `S3.30 S3.49 S3.50 providers with what they can do; one without a key is not there`()
        async throws
    {
        let reply = try await fixture.client().ask("GET", "/api/providers")
        #expect(
            reply.json == [
                "providers": [
                    [
                        "name": "openai",
                        "capabilities": [
                            "streaming": true, "fileUpload": false, "functionCalling": false,
                            "imageGeneration": false, "codeInterpreter": true,
                        ],
                    ],
                    [
                        "name": "anthropic",
                        "capabilities": [
                            "streaming": true, "fileUpload": false, "functionCalling": true,
                            "imageGeneration": false, "codeInterpreter": false,
                        ],
                    ],
                ], "default": "openai",
            ])
    }

    @Test func `S3.31 S3.32 assistants without ids and instructions`() async throws {
        let reply = try await fixture.client().ask("GET", "/api/assistants")
        #expect(reply.text("default") == "default")
        #expect(
            reply.json["assistants"]?.list?.first == [
                "type": "default", "name": "The help desk", "description": "Answers help",
                "provider": "openai",
            ])
        #expect(reply.json["assistants"]?.list?.map { $0["type"] } == ["default", "bare", "technical"])
        #expect(!reply.text.contains("asst_"))
    }

    @Test(arguments: ClientKind.allCases)
    func `S3.4 S3.33 a conversation by its id and by its thread`(kind: ClientKind) async throws {
        try await fixture.withClient(kind) { client in
            let said = try await client.say("one")
            let id = try #require(said.text("conversationId"))
            let reply = try await client.ask("GET", "/api/conversations/\(id)")
            #expect(
                reply.json == [
                    "id": .string(id), "userId": "127.0.0.1", "threadId": "thread_abc", "provider": "openai",
                    "assistantId": "asst_main", "assistantType": "default", "created": 1_704_067_200_000,
                    "lastActivity": 1_704_067_200_000, "messageCount": 2, "metadata": [:],
                    "messages": [
                        ["text": "one", "sender": "user", "timestamp": 1_704_067_200_000],
                        ["text": "You said: one", "sender": "bot", "timestamp": 1_704_067_200_000],
                    ],
                ])
            let thread = try await client.ask("GET", "/api/threads/thread_abc/conversation")
            #expect(thread.json == reply.json)
            let own = try await client.ask("GET", "/api/threads/thread_\(id)/conversation")
            #expect(own.json == reply.json)
        }
    }

    @Test func `S3.34 S3.35 a deleted conversation is gone, and both statuses of a 404 are 404`() async throws
    {
        let client = fixture.client()
        let id = try #require(try await client.say("one").text("conversationId"))
        let deleted = try await client.ask("DELETE", "/api/conversations/\(id)")
        #expect(deleted.json == ["success": true, "message": "Conversation deleted"])
        for (method, path, message) in [
            ("GET", "/api/conversations/\(id)", "Conversation not found"),
            ("DELETE", "/api/conversations/\(id)", "Conversation not found"),
            ("GET", "/api/threads/thread_abc/conversation", "Conversation not found for thread"),
            ("GET", "/api/nothing", "Endpoint not found"), ("GET", "/", "Endpoint not found"),
            ("POST", "/api/conversations/\(id)", "Endpoint not found"),
        ] {
            let reply = try await client.ask(method, path)
            #expect(reply.status == 404)
            #expect(reply.text("message") == message)
            #expect(reply.json["statusCode"] == 404)
        }
        #expect(try await client.ask("GET", "/health").json["stats"]?["totalMessages"] == 0)
    }

    @Test func `messages come page by page, oldest first`() async throws {
        let client = fixture.client()
        let id = try #require(try await client.say("one").text("conversationId"))
        _ = try await client.say("two", ["conversationId": .string(id)])
        let pages: [(query: String, texts: [JSON], page: JSON)] = [
            (
                "", ["one", "You said: one", "two", "You said: two"],
                ["limit": .null, "offset": 0, "hasMore": false]
            ),
            ("?limit=2", ["one", "You said: one"], ["limit": 2, "offset": 0, "hasMore": true]),
            ("?limit=3&offset=2", ["two", "You said: two"], ["limit": 3, "offset": 2, "hasMore": false]),
            (
                "?limit=x&offset=-1", ["one", "You said: one", "two", "You said: two"],
                ["limit": .null, "offset": 0, "hasMore": false]
            ),
        ]
        for page in pages {
            let reply = try await client.ask("GET", "/api/conversations/\(id)/messages" + page.query)
            #expect(reply.names == ["conversationId", "messages", "pagination"])
            #expect(reply.json["messages"]?.list?.map { $0["text"] } == page.texts)
            #expect(reply.json["pagination"] == page.page)
        }
        let unknown = try await client.ask("GET", "/api/conversations/nobody/messages")
        #expect(unknown.status == 200)
        #expect(unknown.json["messages"] == [])
    }

    @Test func `a client sees the conversations of its own address and nobody else's`() async throws {
        let (mine, other) = (fixture.client(peer: "203.0.113.1"), fixture.client(peer: "203.0.113.2"))
        let first = try await mine.say("one")
        fixture.clock.advance(by: .seconds(1))
        let second = try await mine.say("two")
        _ = try await other.say("secret")
        fixture.clock.advance(by: .seconds(1))
        _ = try await mine.say("again", ["conversationId": first.json["conversationId"] ?? .null])
        let list = try await mine.ask("GET", "/api/users/203.0.113.1/conversations")
        #expect(
            list.json["conversations"]?.list?.map { $0["id"] ?? .null } == [
                first.json["conversationId"] ?? .null, second.json["conversationId"] ?? .null,
            ])
        #expect(
            list.json["conversations"]?.list?.first?.members?.members.map(\.name) == [
                "id", "threadId", "provider", "assistantType", "created", "lastActivity", "messageCount",
                "metadata",
            ])
        #expect(list.json["pagination"] == ["limit": 10, "offset": 0, "hasMore": false])
        let page = try await mine.ask("GET", "/api/users/203.0.113.1/conversations?limit=1&offset=1")
        #expect(page.json["conversations"]?.list?.map { $0["id"] } == [second.json["conversationId"]])
        #expect(page.json["pagination"] == ["limit": 1, "offset": 1, "hasMore": true])
        let foreign = try await other.ask("GET", "/api/users/203.0.113.1/conversations")
        #expect(foreign.status == 403)
        #expect(foreign.text("message") == "Access denied")
    }

    @Test func `S3.43 S3.44 S3.56 S3.67 one address asks so often in so much time`() async throws {
        let client = fixture.client("closed")
        for left in [1, 0] {
            let reply = try await client.ask("GET", "/api/providers")
            #expect(reply.status == 200)
            #expect(reply.headers["RateLimit-Limit"] == "2")
            #expect(reply.headers["RateLimit-Remaining"] == String(left))
            #expect(reply.headers["RateLimit-Reset"] != nil)
        }
        let refused = try await client.ask("GET", "/api/providers")
        #expect(refused.status == 429)
        #expect(
            refused.json == [
                "error": true, "message": "Too many requests, please try again later.", "statusCode": 429,
            ])
        #expect(refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"])
        #expect(try await client.ask("GET", "/health").status == 200)
        #expect(ChannelDialect.widget.limits.requests == RequestLimit(max: 100, per: .seconds(900)))
    }

    @Test(arguments: ClientKind.allCases)
    func `S3.59 every answer has the security headers and no content policy`(kind: ClientKind) async throws {
        try await fixture.withClient(kind) { client in
            for path in ["/health", "/api/providers", "/nothing"] {
                let headers = try await client.ask("GET", path).headers
                #expect(headers.all("X-Content-Type-Options") == ["nosniff"])
                #expect(headers.all("X-Frame-Options") == ["SAMEORIGIN"])
                #expect(headers.all("Referrer-Policy") == ["no-referrer"])
                #expect(headers.all("Strict-Transport-Security").count == 1)
                #expect(headers["X-Powered-By"] == nil)
                #expect(headers["Content-Security-Policy"] == nil)
            }
        }
    }

    struct Origin: Sendable {
        var channel: String
        var environment: String
        var allowed: [String: String?]
    }

    @Test(arguments: [
        Origin(
            channel: "closed", environment: "development",
            allowed: ["https://shop.example": "https://shop.example", "https://evil.example": nil]),
        Origin(
            channel: "open", environment: "development", allowed: ["null": "*", "https://evil.example": "*"]),
        Origin(
            channel: "open", environment: "production",
            allowed: ["https://shop.example": "https://shop.example", "null": nil]),
    ])
    func `S3.42 S3.58 pages of the listed origins, and in development of any where the author says so`(
        one: Origin
    ) async throws {
        let client = try WidgetFixture([], environment: ["NODE_ENV": one.environment]).client(one.channel)
        for (origin, allowed) in one.allowed {
            let reply = try await client.ask("GET", "/health", headers: ["Origin": origin])
            #expect(reply.status == 200)
            #expect(reply.headers["Access-Control-Allow-Origin"] == allowed)
            #expect(reply.headers["Access-Control-Allow-Credentials"] == nil)
            let preflight = try await client.ask(
                "OPTIONS", "/api/conversations/x",
                headers: ["Origin": origin, "Access-Control-Request-Method": "DELETE"])
            #expect(preflight.status == 204)
            #expect(
                preflight.headers["Access-Control-Allow-Methods"]
                    == (allowed == nil ? nil : "GET, POST, DELETE, OPTIONS"))
            #expect(
                preflight.headers["Access-Control-Allow-Headers"]
                    == (allowed == nil ? nil : "Content-Type, Authorization"))
        }
    }

    @Test func `a channel needs a default, and assistants that anybody may talk to`() {
        let server = WidgetFixture.server.replacing(
            "default: help, technical", with: "usual: help, technical"
        )
        .replacing("{ default: bare }", with: "{ default: staff_only }")
        let files = [
            "server.yaml": server, "routing.yaml": WidgetFixture.routing,
            "help.yaml": WidgetFixture.assistant("help"), "tech.yaml": WidgetFixture.assistant("tech"),
            "bare.yaml": WidgetFixture.assistant("bare"),
            "staff.yaml": WidgetFixture.assistant("staff_only").replacing("[anonymous]", with: "[ADMIN]"),
        ]
        let tree = SourceTree(files.map { TreeFile(path: "bots/" + $0.key, bytes: Array($0.value.utf8)) })
        let found = SnapshotCompiler().compile(tree, environment: EnvironmentValues(["VENDOR_KEY": "k"]))
            .diagnostics
        #expect(
            found.contains { $0.code == "key-missing" && $0.message.contains("needs the key 'default'") })
        #expect(
            found.contains {
                $0.code == "channel-role"
                    && $0.message
                        == "the channel 'lost' gives anonymous the assistant 'staff_only', which is not for that role"
            })
    }
}
