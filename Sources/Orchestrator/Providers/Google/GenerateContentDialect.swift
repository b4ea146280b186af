// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Google's generateContent, asked for as an event stream.
struct GenerateContentDialect: VendorDialect {
    let key: Secret?
    let model: String?

    func call(for request: ProviderRequest) -> VendorCall {
        var body = JSONObject([.init(name: "contents", value: .array(contents(request)))])
        if let system = PromptText.system(for: request) {
            body["systemInstruction"] = ["parts": [["text": .string(system)]]]
        }
        var generation = JSONObject()
        if let temperature = request.temperature { generation["temperature"] = .number(temperature) }
        if let limit = request.maxTokens { generation["maxOutputTokens"] = .integer(limit) }
        if generation.count > 0 { body["generationConfig"] = .object(generation) }
        if !request.tools.isEmpty {
            let declarations: [JSON] = request.tools.map {
                [
                    "name": .string($0.name), "description": .string($0.summary),
                    "parameters": $0.input.withoutAdditionalProperties,
                ]
            }
            body["tools"] = [["functionDeclarations": .array(declarations)]]
        }
        let model = (request.model ?? model ?? "gemini-2.0-flash").filter { !"/?#% ".contains($0) }
        var headers: [String: String] = [:]
        if let key, !key.revealed.isEmpty { headers["x-goog-api-key"] = key.revealed }
        return VendorCall(
            path: "/models/\(model):streamGenerateContent?alt=sse", body: .object(body), headers: headers)
    }

    func reader() -> any VendorReader { GenerateContentReader() }

    private func contents(_ request: ProviderRequest) -> [JSON] {
        let turns: [JSON] = PromptText.alternatingTurns(of: request).map {
            ["role": $0.isPerson ? "user" : "model", "parts": [["text": .string($0.text)]]]
        }
        return turns
            + request.exchanges.flatMap { exchange -> [JSON] in
                let arguments = (try? JSON.parse(exchange.call.arguments)) ?? [:]
                let result = (try? JSON.parse(exchange.result)) ?? .string(exchange.result)
                let name = JSON.string(exchange.call.name)
                return [
                    ["role": "model", "parts": [["functionCall": ["name": name, "args": arguments]]]],
                    [
                        "role": "user",
                        "parts": [["functionResponse": ["name": name, "response": ["result": result]]]],
                    ],
                ]
            }
    }
}

extension JSON {
    // Its schemas know no `additionalProperties`.
    fileprivate var withoutAdditionalProperties: JSON {
        guard var object = members else { return self }
        object["additionalProperties"] = nil
        return .object(object)
    }
}

/// Reads generateContent, whole or in chunks: each chunk looks like a whole answer.
struct GenerateContentReader: VendorReader {
    private var count = 0
    private(set) var isComplete = false

    mutating func take(_ event: SSEEvent) throws(VendorFailure) -> [VendorEvent] {
        try take(whole: VendorJSON.parse(event.data))
    }

    mutating func take(whole answer: JSON) throws(VendorFailure) -> [VendorEvent] {
        if let error = answer["error"] { throw VendorFailure(VendorStatus.cause(of: error)) }
        if answer["promptFeedback"]?["blockReason"] != nil { throw VendorFailure(.declined) }
        var events: [VendorEvent] = []
        if let model = answer["modelVersion"]?.text { events.append(.model(model)) }
        if let usage = answer["usageMetadata"], let input = usage["promptTokenCount"]?.int {
            events.append(.usage(TokenUsage(input: input, output: usage["candidatesTokenCount"]?.int ?? 0)))
        }
        guard let candidate = answer["candidates"]?.list?.first else { return events }
        for part in candidate["content"]?["parts"]?.list ?? [] {
            // Thoughts are the model's own.
            if let text = part["text"]?.text, !text.isEmpty, part["thought"] != true {
                events.append(.text(text))
            }
            guard let call = part["functionCall"], let name = call["name"]?.text else { continue }
            count += 1
            events.append(
                .call(
                    ToolCall(
                        id: call["id"]?.text ?? "call_\(count)", name: name,
                        arguments: (call["args"] ?? [:]).encodedText)))
        }
        return try events + stop(candidate["finishReason"]?.text)
    }

    private mutating func stop(_ reason: String?) throws(VendorFailure) -> [VendorEvent] {
        switch reason {
        case nil, "FINISH_REASON_UNSPECIFIED": return []
        case "MAX_TOKENS":
            isComplete = true
            return [.cutShort]
        case "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII":
            throw VendorFailure(.declined)
        default:
            isComplete = true
            return []
        }
    }
}
