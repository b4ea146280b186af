// SPDX-License-Identifier: Apache-2.0

import Testing
import WireProtocols

@testable import Orchestrator

struct VendorReaderTests {
    // MARK: - Streams, cut at every byte

    struct Stream: Sendable, CustomTestStringConvertible {
        var name: String
        var make: @Sendable () -> any VendorReader
        var text: String
        var events: [VendorEvent]
        var testDescription: String { name }
    }

    static let streams = [
        Stream(
            name: "chat completions", make: { ChatCompletionsReader() },
            text: """
                : hello\r
                data: {"id":"1","model":"m1","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}\r
                \r
                data: {"model":"m1","choices":[{"index":0,"delta":{"content":"Grüße "}}]}

                data: {"model":"m1","choices":[{"index":0,"delta":{"content":"🙂"},"finish_reason":null}]}\r\rdata: {"model":"m1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

                data: {"model":"m1","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}

                data: [DONE]


                """,
            events: [
                .model("m1"), .model("m1"), .text("Grüße "), .model("m1"), .text("🙂"), .model("m1"),
                .model("m1"),
                .usage(TokenUsage(input: 7, output: 2)),
            ]),
        Stream(
            name: "chat completions, a tool call in pieces", make: { ChatCompletionsReader() },
            text: """
                data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"find","arguments":"{\\"a\\""}}]}}]}

                data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}}]}

                data: {"choices":[{"delta":{},"finish_reason":"tool_calls"}]}

                data: [DONE]


                """,
            events: [.call(ToolCall(id: "c1", name: "find", arguments: #"{"a":1}"#))]),
        Stream(
            name: "responses", make: { ResponsesReader() },
            text: """
                event: response.created
                data: {"type":"response.created","response":{"id":"r1"}}

                event: response.output_text.delta
                data: {"type":"response.output_text.delta","delta":"Hello"}

                event: response.output_item.done
                data: {"type":"response.output_item.done","item":{"type":"function_call","call_id":"c1","name":"find","arguments":"{}"}}

                event: response.incomplete
                data: {"type":"response.incomplete","response":{"model":"m1","incomplete_details":{"reason":"max_output_tokens"},"usage":{"input_tokens":3,"output_tokens":1}}}


                """,
            events: [
                .text("Hello"), .call(ToolCall(id: "c1", name: "find", arguments: "{}")), .model("m1"),
                .usage(TokenUsage(input: 3, output: 1)), .cutShort,
            ]),
        Stream(
            name: "messages", make: { MessagesReader() },
            text: """
                event: message_start
                data: {"type":"message_start","message":{"id":"m","model":"claude","usage":{"input_tokens":25,"output_tokens":1}}}

                event: content_block_start
                data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

                event: ping
                data: {"type":"ping"}

                event: content_block_delta
                data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}

                event: content_block_start
                data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t1","name":"find","input":{}}}

                event: content_block_delta
                data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\\"a\\":"}}

                event: content_block_delta
                data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"2}"}}

                event: message_delta
                data: {"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":15}}

                event: message_stop
                data: {"type":"message_stop"}


                """,
            events: [
                .model("claude"), .usage(TokenUsage(input: 25, output: 1)), .text("Hi"),
                .usage(TokenUsage(input: 25, output: 15)),
                .call(ToolCall(id: "t1", name: "find", arguments: #"{"a":2}"#)),
            ]),
        Stream(
            name: "generateContent", make: { GenerateContentReader() },
            text: """
                data: {"candidates":[{"content":{"parts":[{"text":"thinking","thought":true},{"text":"Hi"}],"role":"model"}}],"modelVersion":"g1"}

                data: {"candidates":[{"content":{"parts":[{"functionCall":{"name":"find","args":{"a":1}}}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":6}}


                """,
            events: [
                .model("g1"), .text("Hi"), .usage(TokenUsage(input: 4, output: 6)),
                .call(ToolCall(id: "call_1", name: "find", arguments: #"{"a":1}"#)),
            ]),
        Stream(
            name: "context service", make: { ContextReader(name: "rag") },
            text: """
                data: {"choices":[{"delta":{"content":"Take "}}]}

                data: two tablets

                data: {"patient_context":[{"record_id":"r1","content":"age 40","score":0.5,"metadata":{"k":1}}]}

                data: [DONE]


                """,
            events: [
                .text("Take "), .text("two tablets"),
                .sources([
                    ["id": "r1", "source": "rag", "score": 0.5, "text": "age 40", "metadata": ["k": 1]]
                ]),
            ]),
        Stream(
            name: "runs", make: { RunReader() },
            text: """
                event: thread.run.created
                data: {"id":"run_1"}

                event: thread.message.delta
                data: {"delta":{"content":[{"index":0,"type":"text","text":{"value":"Hi"}}]}}

                event: thread.run.completed
                data: {"id":"run_1","model":"m1","usage":{"prompt_tokens":1,"completion_tokens":2}}

                event: done
                data: [DONE]


                """,
            events: [.run("run_1"), .text("Hi"), .model("m1"), .usage(TokenUsage(input: 1, output: 2))]),
    ]

    @Test(arguments: streams) func `a stream says the same wherever it is cut`(_ stream: Stream) throws {
        let bytes = Array(stream.text.utf8)
        #expect(try Self.read([bytes], stream.make()).events == stream.events)
        for cut in 1..<bytes.count {
            let (events, isComplete) = try Self.read(
                [Array(bytes[..<cut]), Array(bytes[cut...])], stream.make())
            #expect(events == stream.events, "cut at \(cut)")
            #expect(isComplete, "cut at \(cut)")
        }
    }

    @Test(arguments: streams) func `a stream that breaks off is not complete`(_ stream: Stream) throws {
        let bytes = Array(stream.text.utf8)
        #expect(try !Self.read([Array(bytes[..<(bytes.count / 3)])], stream.make()).isComplete)
    }

    private static func read(
        _ pieces: [[UInt8]], _ reader: any VendorReader
    ) throws -> (events: [VendorEvent], isComplete: Bool) {
        var (parser, reader) = (SSEParser(), reader)
        var events: [VendorEvent] = []
        for piece in pieces {
            for event in try parser.feed(piece) { events += try reader.take(event) }
        }
        return (events, reader.isComplete)
    }

    // MARK: - Failures

    struct Failing: Sendable {
        var reader: @Sendable () -> any VendorReader
        var event: SSEEvent
        var cause: ProviderCause
    }

    static let failing = [
        Failing(
            reader: { ChatCompletionsReader() },
            event: SSEEvent(data: #"{"error":{"type":"server_error","message":"x"}}"#), cause: .serverError),
        Failing(
            reader: { ChatCompletionsReader() },
            event: SSEEvent(data: #"{"error":{"code":429,"message":"slow down"}}"#), cause: .rateLimited),
        Failing(
            reader: { ChatCompletionsReader() },
            event: SSEEvent(data: #"{"choices":[{"delta":{},"finish_reason":"content_filter"}]}"#),
            cause: .declined),
        Failing(reader: { ChatCompletionsReader() }, event: SSEEvent(data: "{"), cause: .malformed),
        Failing(
            reader: { ResponsesReader() },
            event: SSEEvent(
                data: #"{"type":"response.failed","response":{"error":{"code":"rate_limit_exceeded"}}}"#),
            cause: .rateLimited),
        Failing(
            reader: { MessagesReader() },
            event: SSEEvent(event: "error", data: #"{"type":"error","error":{"type":"overloaded_error"}}"#),
            cause: .overloaded),
        Failing(
            reader: { MessagesReader() },
            event: SSEEvent(data: #"{"type":"message_delta","delta":{"stop_reason":"refusal"}}"#),
            cause: .declined),
        Failing(
            reader: { GenerateContentReader() },
            event: SSEEvent(data: #"{"promptFeedback":{"blockReason":"SAFETY"}}"#), cause: .declined),
        Failing(
            reader: { GenerateContentReader() },
            event: SSEEvent(data: #"{"error":{"code":503,"status":"UNAVAILABLE"}}"#), cause: .overloaded),
        Failing(
            reader: { RunReader() },
            event: SSEEvent(
                event: "thread.run.failed", data: #"{"last_error":{"code":"rate_limit_exceeded"}}"#),
            cause: .rateLimited),
    ]

    @Test(arguments: failing) func `a vendor's own failure has its cause`(_ example: Failing) {
        var reader = example.reader()
        #expect(throws: VendorFailure(example.cause)) { try reader.take(example.event) }
    }

    @Test func `statuses and their bodies have their causes`() {
        #expect(VendorStatus.failure(200, body: nil) == nil)
        #expect(VendorStatus.failure(401, body: nil) == .rejected)
        #expect(VendorStatus.failure(408, body: nil) == .timeout)
        #expect(VendorStatus.failure(429, body: nil) == .rateLimited)
        #expect(VendorStatus.failure(429, body: ["error": ["code": "insufficient_quota"]]) == .rejected)
        #expect(VendorStatus.failure(400, body: ["error": ["code": "content_filter"]]) == .declined)
        #expect(VendorStatus.failure(500, body: nil) == .serverError)
        #expect(VendorStatus.failure(503, body: nil) == .overloaded)
        #expect(VendorStatus.failure(529, body: nil) == .overloaded)
        #expect(VendorStatus.failure(204, body: nil) == .malformed)
        #expect(VendorStatus.failure(302, body: nil) == .malformed)
    }

    // MARK: - Retry-After

    @Test func `every form of Retry-After is read, and nonsense is none`() {
        let now = Timestamp(iso8601: "1994-11-06T08:49:30Z") ?? Timestamp(milliseconds: 0)
        func wait(_ seconds: String?, _ milliseconds: String? = nil, date: String? = nil) -> Duration? {
            RetryAfter.wait(milliseconds: milliseconds, seconds: seconds, date: date, now: now)
        }
        #expect(wait("3") == .seconds(3))
        #expect(wait("0.5") == .milliseconds(500))
        #expect(wait("9", "250") == .milliseconds(250))
        #expect(wait("Sun, 06 Nov 1994 08:49:37 GMT") == .seconds(7))
        #expect(
            wait("Sun, 06 Nov 1994 08:49:37 GMT", date: "Sun, 06 Nov 1994 08:49:36 GMT") == .seconds(1))
        #expect(wait("Sun, 06 Nov 1993 08:49:37 GMT") == .zero)
        for nonsense in ["", "soon", "-1", "inf", "nan", "1e300", "Sun, 99 Nov 1994 08:49:37 GMT"] {
            #expect(wait(nonsense) == nil, "\(nonsense)")
        }
    }
}
