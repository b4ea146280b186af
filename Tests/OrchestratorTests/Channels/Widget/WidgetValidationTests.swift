// SPDX-License-Identifier: Apache-2.0

import Testing
import WireProtocols

@testable import Orchestrator

/// What a message may look like.
struct WidgetValidationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var body: String
        var details: [String]
        var testDescription: String { String(body.prefix(70)) }

        init(_ body: String, _ details: String...) { (self.body, self.details) = (body, details) }
    }

    static let long = String(repeating: "é", count: 4001)

    @Test(arguments: [
        Case("{}", "Message is required"), Case("", "Message is required"), Case("[]", "Message is required"),
        Case(#"{"message":null}"#, "Message is required"), Case(#"{"message":""}"#, "Message is required"),
        Case(#"{"message":0}"#, "Message is required"),
        Case(#"{"message":7}"#, "Message must be a string"),
        Case(#"{"message":" \n\u00a0"}"#, "Message cannot be empty"),
        Case(#"{"message":"\#(long)"}"#, "Message too long (max 4000 characters)"),
        Case("{", "Request body must be valid JSON"),
        Case(#"{"message":"x","history":{}}"#, "History must be an array"),
        Case(
            #"{"message":"x","history":[\#(Array(repeating: "1", count: 101).joined(separator: ","))]}"#,
            "History too long (max 100 messages)"),
        Case(
            #"{"message":"x","history":[null,{"text":"","sender":"x"},{"text":"\#(long)","sender":"user","timestamp":-1},{"text":"a","timestamp":"b"}]}"#,
            "History item 0 must be an object", "History item 1 must have a text field",
            "History item 1 sender must be 'user', 'bot', or 'assistant'", "History item 2 text too long",
            "History item 2 timestamp must be a positive number", "History item 3 must have a sender field",
            "History item 3 timestamp must be a positive number"),
        Case(#"{"message":"x","provider":7}"#, "Provider must be a string"),
        Case(#"{"message":"x","provider":"mistral"}"#, "Invalid provider"),
        Case(#"{"message":"x","assistantId":7}"#, "AssistantId must be a string"),
        Case(#"{"message":"x","assistantId":" "}"#, "AssistantId cannot be empty"),
        Case(
            #"{"message":"x","assistantId":"\#(String(repeating: "a", count: 257))"}"#,
            "AssistantId too long (max 256 characters)"),
        Case(
            #"{"provider":"x","assistantType":1,"conversationId":[],"threadId":true}"#, "Message is required",
            "Invalid provider", "AssistantType must be a string", "ConversationId must be a string",
            "ThreadId must be a string"),
    ])
    func `S3.3 S3.57 everything that is wrong is said at once`(one: Case) async throws {
        let reply = try await WidgetFixture([]).client().chat(one.body)
        #expect(reply.status == 400)
        #expect(reply.text("message") == "Invalid request")
        #expect(reply.json["details"] == .array(one.details.map { .string($0) }))
        #expect(reply.names == ["error", "message", "details", "statusCode", "timestamp"])
    }

    @Test func `texts are trimmed, and what is empty or null is not there`() throws {
        let body =
            #"{"message":"\ufeff hi\u2028","history":null,"provider":" OpenAI ","assistantType":"","conversationId":" c ","threadId":null}"#
        let read = try WidgetQuestion(Array(body.utf8), limits: ChannelDialect.widget.limits, vendors: [])
        #expect(read.text == "hi")
        #expect(read.provider == "openai")
        #expect(read.assistantType == nil)
        #expect(read.conversation == "c")
        #expect(read.thread == nil)
        #expect(read.history == [])
    }

    @Test func `a message of exactly the limit is taken, and ids that are too long are nobody's`()
        async throws
    {
        let client = try WidgetFixture([WidgetFixture.vendor()]).client()
        #expect(try await client.say(String(repeating: "é", count: 4000)).status == 200)
        let long = JSON.string(String(repeating: "a", count: 5000))
        #expect(try await client.say("x", ["conversationId": long]).status == 404)
        #expect(try await client.say("x", ["threadId": long]).status == 200)
        #expect(try await client.ask("GET", "/api/conversations/\(long.text ?? "")").status == 404)
    }
}
