// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// OpenAI's chat completions, which OpenRouter, Azure, Ollama, vLLM, LiteLLM and many others speak too.
struct ChatCompletionsDialect: VendorDialect {
    let key: Secret?
    /// The model where the question names none.
    let model: String?

    func call(for request: ProviderRequest) -> VendorCall {
        var body = JSONObject()
        if let model = request.model ?? model { body["model"] = .string(model) }
        body["messages"] = .array(messages(request))
        body["stream"] = true
        body["stream_options"] = ["include_usage": true]
        if let temperature = request.temperature { body["temperature"] = .number(temperature) }
        if let limit = request.maxTokens { body["max_tokens"] = .integer(limit) }
        if !request.tools.isEmpty { body["tools"] = .array(request.tools.map(\.chatTool)) }
        return VendorCall(
            path: "/chat/completions", body: .object(body), headers: OpenAIHeaders.bearer(key))
    }

    func reader() -> any VendorReader { ChatCompletionsReader() }

    private func messages(_ request: ProviderRequest) -> [JSON] {
        var messages: [JSON] = []
        if let system = PromptText.system(for: request) {
            messages.append(["role": "system", "content": .string(system)])
        }
        messages += PromptText.turns(of: request).map {
            ["role": $0.isPerson ? "user" : "assistant", "content": .string($0.text)]
        }
        for exchange in request.exchanges {
            let call: JSON = [
                "id": .string(exchange.call.id), "type": "function",
                "function": [
                    "name": .string(exchange.call.name), "arguments": .string(exchange.call.arguments),
                ],
            ]
            messages.append(["role": "assistant", "content": .null, "tool_calls": [call]])
            messages.append([
                "role": "tool", "tool_call_id": .string(exchange.call.id),
                "content": .string(exchange.result),
            ])
        }
        return messages
    }
}

/// The headers that all of OpenAI's interfaces want.
enum OpenAIHeaders {
    static func bearer(_ key: Secret?) -> [String: String] {
        guard let key, !key.revealed.isEmpty else { return [:] }
        return ["Authorization": "Bearer " + key.revealed]
    }
}

extension ProviderRequest.Tool {
    fileprivate var chatTool: JSON {
        [
            "type": "function",
            "function": ["name": .string(name), "description": .string(summary), "parameters": input],
        ]
    }
}

/// Reads chat completions, whole or in chunks.
struct ChatCompletionsReader: VendorReader {
    private var calls = ToolCallAssembly()
    private(set) var isComplete = false

    mutating func take(_ event: SSEEvent) throws(VendorFailure) -> [VendorEvent] {
        if event.data == "[DONE]" {
            defer { isComplete = true }
            return calls.finish()
        }
        let chunk = try VendorJSON.parse(event.data)
        if let error = chunk["error"], !error.isNull { throw VendorFailure(VendorStatus.cause(of: error)) }
        var events = common(chunk)
        guard let choice = chunk["choices"]?.list?.first else { return events }
        let delta = choice["delta"]
        if let text = delta?["content"]?.text, !text.isEmpty { events.append(.text(text)) }
        if let refusal = delta?["refusal"]?.text, !refusal.isEmpty { throw VendorFailure(.declined) }
        for call in delta?["tool_calls"]?.list ?? [] {
            calls.add(
                at: call["index"]?.int ?? 0, id: call["id"]?.text, name: call["function"]?["name"]?.text,
                arguments: call["function"]?["arguments"]?.text)
        }
        return try events + finish(choice)
    }

    mutating func take(whole answer: JSON) throws(VendorFailure) -> [VendorEvent] {
        if let error = answer["error"], !error.isNull { throw VendorFailure(VendorStatus.cause(of: error)) }
        guard let choice = answer["choices"]?.list?.first, let message = choice["message"] else {
            throw VendorFailure(.malformed)
        }
        if let refusal = message["refusal"]?.text, !refusal.isEmpty { throw VendorFailure(.declined) }
        var events = common(answer)
        if let text = message["content"]?.text, !text.isEmpty { events.append(.text(text)) }
        for (index, call) in (message["tool_calls"]?.list ?? []).enumerated() {
            calls.add(
                at: index, id: call["id"]?.text, name: call["function"]?["name"]?.text,
                arguments: call["function"]?["arguments"]?.text)
        }
        events += try finish(choice)
        isComplete = true
        return events
    }

    private func common(_ answer: JSON) -> [VendorEvent] {
        var events: [VendorEvent] = []
        if let model = answer["model"]?.text, !model.isEmpty { events.append(.model(model)) }
        if let usage = answer["usage"], let input = usage["prompt_tokens"]?.int {
            events.append(
                .usage(TokenUsage(input: input, output: usage["completion_tokens"]?.int ?? 0)))
        }
        return events
    }

    private mutating func finish(_ choice: JSON) throws(VendorFailure) -> [VendorEvent] {
        guard let reason = choice["finish_reason"]?.text else { return [] }
        isComplete = true
        switch reason {
        case "length": return calls.finish() + [.cutShort]
        case "content_filter": throw VendorFailure(.declined)
        default: return calls.finish()
        }
    }
}

/// Puts tool calls together whose arguments come in pieces.
struct ToolCallAssembly: Sendable {
    /// More calls at once than this are not meant seriously.
    static let limit = 16
    private var calls: [Int: ToolCall] = [:]

    mutating func add(at index: Int, id: String?, name: String?, arguments: String?) {
        guard calls[index] != nil || calls.count < Self.limit else { return }
        var call = calls[index] ?? ToolCall(id: "", name: "", arguments: "")
        if let id, !id.isEmpty { call.id = id }
        call.name += name ?? ""
        call.arguments += arguments ?? ""
        calls[index] = call
    }

    /// All calls, in order; then there are none.
    mutating func finish() -> [VendorEvent] {
        defer { calls = [:] }
        return calls.sorted { $0.key < $1.key }.map { .call($0.value) }
    }
}

/// Reads JSON that a vendor sent.
enum VendorJSON {
    static func parse(_ text: String) throws(VendorFailure) -> JSON {
        guard let value = try? JSON.parse(text), value.members != nil else {
            throw VendorFailure(.malformed)
        }
        return value
    }
}
