// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// A service that answers from records of its own: `{ query }` to `{ response, patient_context, timestamp }`,
/// or words as an event stream.
struct ContextDialect: VendorDialect {
    /// Messages of the conversation that go with a streamed question.
    static let history = 10
    let name: String
    let path: String
    let key: Secret?
    let isStreamed: Bool

    func call(for request: ProviderRequest) -> VendorCall {
        var call = VendorCall(path: path, body: .null, headers: OpenAIHeaders.bearer(key))
        call.isStreamed = isStreamed
        let query = JSON.string(request.utterance.trimmedSpaces)
        guard isStreamed else {
            // Nothing else: the service refuses what it does not know.
            call.body = ["query": query]
            return call
        }
        let lines = request.history.filter { $0.author != .system }.suffix(Self.history).map { line -> JSON in
            ["role": line.author == .user ? "user" : "assistant", "content": .string(line.text)]
        }
        call.body = [
            "query": query, "user_id": .string(request.user), "session_id": .string(request.conversation),
            "context": ["conversation_history": .array(lines)],
        ]
        return call
    }

    func reader() -> any VendorReader { ContextReader(name: name) }
}

/// Reads such an answer, whole or in words.
struct ContextReader: VendorReader {
    let name: String
    private(set) var isComplete = false

    init(name: String) { self.name = name }

    mutating func take(_ event: SSEEvent) throws(VendorFailure) -> [VendorEvent] {
        if event.data == "[DONE]" {
            isComplete = true
            return []
        }
        // A line that is no JSON object is words as they stand.
        guard let value = try? JSON.parse(event.data), value.members != nil else {
            return event.data.isEmpty ? [] : [.text(event.data)]
        }
        if let error = value["error"], !error.isNull {
            throw VendorFailure(VendorStatus.cause(of: error), detail: error.text)
        }
        var events = about(value)
        let choice = value["choices"]?.list?.first
        if let text = choice?["delta"]?["content"]?.text, !text.isEmpty { events.append(.text(text)) }
        if choice?["finish_reason"]?.text != nil { isComplete = true }
        return events
    }

    mutating func take(whole answer: JSON) throws(VendorFailure) -> [VendorEvent] {
        guard let text = answer["response"]?.text else { throw VendorFailure(.malformed) }
        isComplete = true
        return about(answer) + (text.isEmpty ? [] : [.text(text)])
    }

    private func about(_ answer: JSON) -> [VendorEvent] {
        var events: [VendorEvent] = []
        if let records = answer["patient_context"]?.list {
            events.append(.sources(.array(records.map(source))))
        }
        if let time = answer["timestamp"]?.text { events.append(.timestamp(time)) }
        return events
    }

    // In our words, with what we have no word for kept beside.
    private func source(_ record: JSON) -> JSON {
        var source = JSONObject([
            .init(name: "id", value: record["record_id"] ?? ""), .init(name: "source", value: .string(name)),
            .init(name: "score", value: record["score"] ?? 0),
            .init(name: "text", value: record["content"] ?? ""),
        ])
        if let metadata = record["metadata"] { source["metadata"] = metadata }
        return .object(source)
    }
}
