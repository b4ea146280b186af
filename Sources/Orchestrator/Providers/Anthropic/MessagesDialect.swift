// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Anthropic's messages.
struct MessagesDialect: VendorDialect {
    /// The interface wants a limit; this is one where the route has none.
    static let usualLimit = 1024
    let key: Secret?
    let model: String?

    func call(for request: ProviderRequest) -> VendorCall {
        var body = JSONObject()
        if let model = request.model ?? model { body["model"] = .string(model) }
        body["max_tokens"] = .integer(request.maxTokens ?? Self.usualLimit)
        if let system = PromptText.system(for: request) { body["system"] = .string(system) }
        body["messages"] = .array(messages(request))
        body["stream"] = true
        // Its scale ends at 1.
        if let temperature = request.temperature { body["temperature"] = .number(min(temperature, 1)) }
        if !request.tools.isEmpty {
            body["tools"] = .array(
                request.tools.map {
                    [
                        "name": .string($0.name), "description": .string($0.summary),
                        "input_schema": $0.input,
                    ]
                })
        }
        var headers = ["anthropic-version": "2023-06-01"]
        if let key, !key.revealed.isEmpty { headers["x-api-key"] = key.revealed }
        return VendorCall(path: "/v1/messages", body: .object(body), headers: headers)
    }

    func reader() -> any VendorReader { MessagesReader() }

    private func messages(_ request: ProviderRequest) -> [JSON] {
        let turns: [JSON] = PromptText.alternatingTurns(of: request).map {
            ["role": $0.isPerson ? "user" : "assistant", "content": .string($0.text)]
        }
        return turns
            + request.exchanges.flatMap { exchange -> [JSON] in
                let input = (try? JSON.parse(exchange.call.arguments)) ?? [:]
                let use: JSON = [
                    "type": "tool_use", "id": .string(exchange.call.id), "name": .string(exchange.call.name),
                    "input": input,
                ]
                let result: JSON = [
                    "type": "tool_result", "tool_use_id": .string(exchange.call.id),
                    "content": .string(exchange.result),
                ]
                return [
                    ["role": "assistant", "content": [use]], ["role": "user", "content": [result]],
                ]
            }
    }
}

/// Reads messages, whole or in events.
struct MessagesReader: VendorReader {
    private var calls = ToolCallAssembly()
    private var usage = TokenUsage(input: 0, output: 0)
    private(set) var isComplete = false

    mutating func take(_ event: SSEEvent) throws(VendorFailure) -> [VendorEvent] {
        let value = try VendorJSON.parse(event.data)
        switch value["type"]?.text ?? event.event {
        case "message_start": return start(value["message"] ?? .null)
        case "content_block_start":
            guard let block = value["content_block"], block["type"] == "tool_use" else {
                return value["content_block"]?["text"]?.text.map { $0.isEmpty ? [] : [.text($0)] } ?? []
            }
            calls.add(
                at: value["index"]?.int ?? 0, id: block["id"]?.text, name: block["name"]?.text,
                arguments: nil)
            return []
        case "content_block_delta": return delta(value)
        case "message_delta":
            count(value["usage"])
            return try [.usage(usage)] + stop(value["delta"]?["stop_reason"]?.text)
        case "message_stop":
            isComplete = true
            return calls.finish()
        case "error": throw VendorFailure(VendorStatus.cause(of: value["error"]))
        default: return []
        }
    }

    mutating func take(whole answer: JSON) throws(VendorFailure) -> [VendorEvent] {
        if answer["type"] == "error" { throw VendorFailure(VendorStatus.cause(of: answer["error"])) }
        guard let content = answer["content"]?.list else { throw VendorFailure(.malformed) }
        var events = start(answer)
        for (index, block) in content.enumerated() {
            if let text = block["text"]?.text, !text.isEmpty { events.append(.text(text)) }
            guard block["type"] == "tool_use" else { continue }
            calls.add(
                at: index, id: block["id"]?.text, name: block["name"]?.text,
                arguments: block["input"]?.encodedText)
        }
        events += try stop(answer["stop_reason"]?.text)
        isComplete = true
        return events + calls.finish()
    }

    private mutating func start(_ message: JSON) -> [VendorEvent] {
        count(message["usage"])
        return (message["model"]?.text.map { [.model($0)] } ?? []) + [.usage(usage)]
    }

    private mutating func delta(_ value: JSON) -> [VendorEvent] {
        let delta = value["delta"]
        if let json = delta?["partial_json"]?.text {
            calls.add(at: value["index"]?.int ?? 0, id: nil, name: nil, arguments: json)
        }
        return delta?["text"]?.text.map { [.text($0)] } ?? []
    }

    // The beginning counts the question, the end the answer; both may name both.
    private mutating func count(_ usage: JSON?) {
        if let input = usage?["input_tokens"]?.int { self.usage.input = max(self.usage.input, input) }
        if let output = usage?["output_tokens"]?.int { self.usage.output = output }
    }

    private mutating func stop(_ reason: String?) throws(VendorFailure) -> [VendorEvent] {
        guard let reason else { return [] }
        isComplete = true
        switch reason {
        case "max_tokens": return calls.finish() + [.cutShort]
        case "refusal": throw VendorFailure(.declined)
        default: return calls.finish()
        }
    }
}
