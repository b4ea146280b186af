// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing
import Transport
import WireProtocols

@testable import Orchestrator

/// Checklist S3, the chat endpoint; a name begins with the items it is about.
@Suite(.timeLimit(.minutes(1)))
struct WidgetChatTests {
    let vendor = WidgetFixture.vendor()
    let fixture: WidgetFixture

    init() throws { fixture = try WidgetFixture([vendor]) }

    @Test(arguments: ClientKind.allCases)
    func `S3.1 S3.8 S3.14-18 a message is answered in the documented members`(kind: ClientKind) async throws {
        try await fixture.withClient(kind) { client in
            let reply = try await client.say("Hello, how can you help me?")
            #expect(reply.status == 200)
            #expect(reply.names == ["message", "conversationId", "threadId", "provider", "assistantId"])
            #expect(reply.text("message") == "You said: Hello, how can you help me?")
            #expect(reply.text("threadId") == "thread_abc")
            #expect(reply.text("provider") == "openai")
            #expect(reply.text("assistantId") == "asst_main")
            #expect(reply.text("conversationId")?.utf8.count == 36)
        }
    }

    @Test(arguments: ["conversationId", "threadId"])
    func `S3.12 S3.13 S3.19 either id goes on with the conversation and its thread`(key: String) async throws
    {
        let client = fixture.client()
        let first = try await client.say("one")
        let again = try await client.say("two", [key: first.json[key] ?? .null])
        #expect(again.json["conversationId"] == first.json["conversationId"])
        #expect(again.json["threadId"] == first.json["threadId"])
        #expect(vendor.requests.map { $0.threads["main"] } == [nil, "thread_abc"])
    }

    @Test func `S3.5 S3.19 a conversation goes on after a restart, from another address`() async throws {
        let first = try await fixture.client().say("one")
        let second = try WidgetFixture([vendor], store: fixture.store)
        let thread = ["threadId": first.json["threadId"] ?? .null] as JSONObject
        let again = try await second.client(peer: "203.0.113.9").say("two", thread)
        #expect(again.json["conversationId"] == first.json["conversationId"])
        #expect(vendor.requests.last?.threads["main"] == "thread_abc")
    }

    @Test func `a known thread counts above the conversation that is named`() async throws {
        let other = ScriptedProvider(
            "main",
            .replies { request, _ in
                var answer = ProviderAnswer(text: "x")
                answer.thread = request.threads["main"] ?? "thread_\(request.utterance)"
                return answer
            })
        let client = try WidgetFixture([other]).client()
        let (one, two) = (try await client.say("one"), try await client.say("two"))
        let reply = try await client.say(
            "three",
            [
                "threadId": one.json["threadId"] ?? .null,
                "conversationId": two.json["conversationId"] ?? .null,
            ])
        #expect(reply.json["conversationId"] == one.json["conversationId"])
    }

    @Test func `a thread that is unknown is passed on, and a new conversation begins`() async throws {
        let client = fixture.client()
        let first = try await client.say("one")
        let reply = try await client.say(
            "two", ["threadId": "thread_of_old", "conversationId": first.json["conversationId"] ?? .null])
        #expect(reply.text("threadId") == "thread_of_old")
        #expect(reply.json["conversationId"] != first.json["conversationId"])
        #expect(vendor.requests.last?.thread == "thread_of_old")
    }

    @Test func `S3.35 a conversation that is unknown is 404`() async throws {
        let reply = try await fixture.client().say("one", ["conversationId": "nobody"])
        #expect(reply.status == 404)
        #expect(
            reply.json == [
                "error": true, "message": "Conversation not found", "details": [], "statusCode": 404,
                "timestamp": "2024-01-01T00:00:00.000Z",
            ])
    }

    @Test func `a vendor without threads has thread_ and the conversation, which goes on by it`() async throws
    {
        let claude = ScriptedProvider("claude", .says("I am Claude."))
        let client = try WidgetFixture([vendor, claude]).client()
        let first = try await client.say("one", ["provider": "Anthropic"])
        #expect(first.text("provider") == "anthropic")
        #expect(first.text("threadId") == "thread_" + (first.text("conversationId") ?? ""))
        let again = try await client.say("two", ["threadId": first.json["threadId"] ?? .null])
        #expect(again.json["conversationId"] == first.json["conversationId"])
        #expect(again.text("provider") == "openai")
        #expect(again.text("threadId") == "thread_abc")
        // Both names stay.
        let third = try await client.say("three", ["threadId": first.json["threadId"] ?? .null])
        #expect(third.json["conversationId"] == first.json["conversationId"])
    }

    @Test func `S3.2 S3.10 S3.48 a provider is moved to the front, in whatever case, with its own limits`()
        async throws
    {
        let claude = ScriptedProvider("claude", .says("I am Claude."))
        let client = try WidgetFixture([vendor, claude]).client()
        for word in ["anthropic", "ANTHROPIC"] {
            let reply = try await client.say("hi", ["provider": .string(word)])
            #expect(reply.text("message") == "I am Claude.")
        }
        #expect(vendor.requests.isEmpty)
        #expect(try await client.say("hi", ["provider": "openai"]).text("provider") == "openai")
    }

    @Test func `who was moved to the front and failed is not asked again`() async throws {
        let claude = ScriptedProvider("claude", .fails(.serverError))
        let main = ScriptedProvider("main", .fails(.serverError))
        let reply = try await WidgetFixture([main, claude]).client().say("hi", ["provider": "anthropic"])
        #expect(reply.status == 502)
        #expect(claude.requests.count == 1)
        #expect(main.requests.count == 1)
    }

    @Test(arguments: ["google", "azure"])
    func `S3.21 a provider that is known and not there is 400`(word: String) async throws {
        let reply = try await fixture.client().say("hi", ["provider": .string(word)])
        #expect(reply.status == 400)
        #expect(reply.text("message") == "Unsupported provider")
        #expect(reply.json["details"] == [.string("Provider '\(word)' is not supported")])
    }

    @Test func `S3.11 S3.36 S3.37 the type chooses the assistant, and any other means the default`()
        async throws
    {
        let tech = WidgetFixture.vendor("tech", thread: "thread_tech")
        let client = try WidgetFixture([vendor, tech]).client()
        let reply = try await client.say("hi", ["assistantType": "technical"])
        #expect(reply.text("assistantId") == "asst_tech")
        #expect(reply.text("threadId") == "thread_tech")
        #expect(try await client.say("hi", ["assistantType": "nonsense"]).text("assistantId") == "asst_main")
        // It keeps its assistant, whatever is named later.
        let again = try await client.say(
            "again", ["conversationId": reply.json["conversationId"] ?? .null, "assistantType": "default"])
        #expect(again.text("assistantId") == "asst_tech")
    }

    @Test func `S3.39 without an assistant's id anywhere it says so`() async throws {
        for (client, more) in [
            (fixture.client("lost"), JSONObject()),
            (fixture.client(), ["assistantType": "bare"] as JSONObject),
        ] {
            let reply = try await client.say("hi", more)
            #expect(reply.status == 500)
            #expect(reply.text("message") == "No assistant configured")
            #expect(reply.json["details"] == ["Assistant ID not found in configuration"])
        }
    }

    @Test func `callers choose the vendor's assistant where the author lets them, and nowhere else`()
        async throws
    {
        let open = try await fixture.client().say("hi", ["assistantId": "asst_mine"])
        #expect(open.text("assistantId") == "asst_mine")
        #expect(vendor.requests.last?.assistantID == "asst_mine")
        let closed = try await fixture.client("closed").say("hi", ["assistantId": "asst_mine"])
        #expect(closed.text("assistantId") == "asst_main")
        #expect(vendor.requests.last?.assistantID == nil)
    }

    @Test func `S3.9 S3.20 history is told where the server has none, without the message itself`()
        async throws
    {
        let history: JSON = [
            ["text": "Previous message", "sender": "user", "timestamp": 1_642_678_800_000],
            ["text": "Previous answer", "sender": "bot"], ["text": "hi", "sender": "user"],
        ]
        let client = fixture.client()
        let first = try await client.say("hi", ["history": history])
        #expect(
            vendor.requests.last?.history == [
                .init(author: .user, text: "Previous message"),
                .init(author: .assistant, text: "Previous answer"),
            ])
        _ = try await client.say(
            "more", ["history": history, "conversationId": first.json["conversationId"] ?? .null])
        #expect(
            vendor.requests.last?.history == [
                .init(author: .user, text: "hi"), .init(author: .assistant, text: "You said: hi"),
            ])
    }

    @Test func `an emergency is answered without any provider`() async throws {
        let reply = try await fixture.client().say("I have chest pain")
        #expect(reply.status == 200)
        #expect(reply.text("message") == "Call 911 now.")
        #expect(reply.text("provider") == "openai")
        #expect(vendor.requests.isEmpty)
    }

    struct Failure: Sendable, CustomTestStringConvertible {
        var cause: ProviderCause
        var vendor: Int?
        var status: Int
        var message: String
        var testDescription: String { "\(cause.rawValue) \(vendor ?? 0)" }
    }

    @Test(arguments: [
        Failure(cause: .rejected, vendor: 401, status: 401, message: "Authentication failed"),
        Failure(cause: .rejected, vendor: 403, status: 401, message: "Authentication failed"),
        Failure(cause: .rejected, vendor: 404, status: 404, message: "Assistant not found"),
        Failure(cause: .rejected, vendor: 400, status: 500, message: "Internal server error"),
        Failure(cause: .rejected, vendor: 429, status: 429, message: "Rate limit exceeded"),
        Failure(cause: .rateLimited, vendor: 429, status: 429, message: "Rate limit exceeded"),
        Failure(cause: .timeout, status: 408, message: "Request timeout"),
        Failure(cause: .serverError, vendor: 500, status: 502, message: "Bad gateway"),
        Failure(cause: .malformed, vendor: 200, status: 502, message: "Bad gateway"),
        Failure(cause: .cut, status: 502, message: "Bad gateway"),
        Failure(cause: .overloaded, vendor: 503, status: 503, message: "Service unavailable"),
        Failure(cause: .connectionRefused, status: 503, message: "Service unavailable"),
        Failure(cause: .unreachable, status: 503, message: "Service unavailable"),
    ])
    func `S3.7 S3.55 S3.60 S3.65 S3.69 a vendor's failure has its status, and leaks nothing in production`(
        failure: Failure
    ) async throws {
        for environment in ["development", "production"] {
            let provider = ScriptedProvider(
                "main",
                .replies { _, _ throws(ProviderError) in
                    throw ProviderError(
                        failure.cause, provider: "main", status: failure.vendor, detail: "sk-secret")
                })
            let fixture = try WidgetFixture([provider], environment: ["NODE_ENV": environment])
            let client = fixture.client()
            let reply = try await client.say("hi")
            #expect(reply.status == failure.status)
            #expect(reply.text("message") == failure.message)
            #expect(reply.json["statusCode"] == .integer(failure.status))
            #expect((reply.json["details"] == []) == (environment == "production"))
            #expect(!reply.text.contains("sk-secret"))
            // What was said stays, and no excuse with it.
            let list = try await client.ask("GET", "/api/users/127.0.0.1/conversations")
            let id = try #require(list.json["conversations"]?.list?.first?["id"]?.text)
            let kept = try await client.ask("GET", "/api/conversations/\(id)").json["messages"]?.list ?? []
            #expect(kept.map { $0["text"] } == ["hi"])
        }
    }
}
