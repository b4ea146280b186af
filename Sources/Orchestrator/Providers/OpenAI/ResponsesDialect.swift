// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// OpenAI's responses, asked without being kept there.
struct ResponsesDialect: VendorDialect {
    let key: Secret?
    let model: String?

    func call(for request: ProviderRequest) -> VendorCall {
        var body = JSONObject()
        if let model = request.model ?? model { body["model"] = .string(model) }
        if let system = PromptText.system(for: request) { body["instructions"] = .string(system) }
        body["input"] = .array(input(request))
        body["stream"] = true
        body["store"] = false
        if let temperature = request.temperature { body["temperature"] = .number(temperature) }
        if let limit = request.maxTokens { body["max_output_tokens"] = .integer(limit) }
        if !request.tools.isEmpty {
            body["tools"] = .array(
                request.tools.map {
                    [
                        "type": "function", "name": .string($0.name), "description": .string($0.summary),
                        "parameters": $0.input,
                    ]
                })
        }
        return VendorCall(path: "/responses", body: .object(body), headers: OpenAIHeaders.bearer(key))
    }

    func reader() -> any VendorReader { ResponsesReader() }

    private func input(_ request: ProviderRequest) -> [JSON] {
        let turns: [JSON] = PromptText.turns(of: request).map {
            ["role": $0.isPerson ? "user" : "assistant", "content": .string($0.text)]
        }
        return turns
            + request.exchanges.flatMap { exchange -> [JSON] in
                [
                    [
                        "type": "function_call", "call_id": .string(exchange.call.id),
                        "name": .string(exchange.call.name), "arguments": .string(exchange.call.arguments),
                    ],
                    [
                        "type": "function_call_output", "call_id": .string(exchange.call.id),
                        "output": .string(exchange.result),
                    ],
                ]
            }
    }
}

/// Reads responses, whole or in events.
struct ResponsesReader: VendorReader {
    private(set) var isComplete = false

    mutating func take(_ event: SSEEvent) throws(VendorFailure) -> [VendorEvent] {
        if event.data == "[DONE]" { return [] }
        let value = try VendorJSON.parse(event.data)
        switch value["type"]?.text ?? event.event {
        case "response.output_text.delta":
            return value["delta"]?.text.map { [.text($0)] } ?? []
        case "response.refusal.delta", "response.refusal.done": throw VendorFailure(.declined)
        case "response.output_item.done": return value["item"].flatMap(Self.call).map { [.call($0)] } ?? []
        case "response.completed", "response.incomplete":
            isComplete = true
            return try ending(value["response"] ?? .null)
        case "response.failed":
            throw VendorFailure(VendorStatus.cause(of: value["response"]?["error"]))
        case "error": throw VendorFailure(VendorStatus.cause(of: value["error"] ?? value))
        default: return []
        }
    }

    mutating func take(whole answer: JSON) throws(VendorFailure) -> [VendorEvent] {
        if let error = answer["error"], !error.isNull { throw VendorFailure(VendorStatus.cause(of: error)) }
        guard let output = answer["output"]?.list else { throw VendorFailure(.malformed) }
        isComplete = true
        var events: [VendorEvent] = []
        for item in output {
            if let call = Self.call(item) { events.append(.call(call)) }
            for part in item["content"]?.list ?? [] {
                if part["type"] == "refusal" { throw VendorFailure(.declined) }
                if let text = part["text"]?.text, !text.isEmpty { events.append(.text(text)) }
            }
        }
        return try events + ending(answer)
    }

    private static func call(_ item: JSON) -> ToolCall? {
        guard item["type"] == "function_call", let name = item["name"]?.text else { return nil }
        return ToolCall(
            id: item["call_id"]?.text ?? "", name: name, arguments: item["arguments"]?.text ?? "")
    }

    private func ending(_ response: JSON) throws(VendorFailure) -> [VendorEvent] {
        var events: [VendorEvent] = []
        if let model = response["model"]?.text { events.append(.model(model)) }
        if let usage = response["usage"], let input = usage["input_tokens"]?.int {
            events.append(.usage(TokenUsage(input: input, output: usage["output_tokens"]?.int ?? 0)))
        }
        switch response["incomplete_details"]?["reason"]?.text {
        case "content_filter": throw VendorFailure(.declined)
        case nil: return events
        default: return events + [.cutShort]
        }
    }
}
