// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Reads the events of an assistant's run.
struct RunReader: VendorReader {
    private(set) var isComplete = false

    mutating func take(_ event: SSEEvent) throws(VendorFailure) -> [VendorEvent] {
        if event.event == "done" || event.data == "[DONE]" { return [] }
        let value = try VendorJSON.parse(event.data)
        switch event.event {
        case "thread.run.created": return value["id"]?.text.map { [.run($0)] } ?? []
        case "thread.message.delta": return words(value["delta"])
        case "thread.run.completed":
            isComplete = true
            return about(value)
        case "thread.run.incomplete":
            isComplete = true
            return about(value) + [.cutShort]
        // It wants actions carried out; this type offers none.
        case "thread.run.requires_action": throw VendorFailure(.declined)
        case "thread.run.failed": throw VendorFailure(VendorStatus.cause(of: value["last_error"]))
        case "thread.run.expired", "thread.run.cancelled": throw VendorFailure(.cut)
        case "error": throw VendorFailure(VendorStatus.cause(of: value["error"] ?? value))
        default: return []
        }
    }

    // Runs are always asked for as a stream.
    mutating func take(whole answer: JSON) throws(VendorFailure) -> [VendorEvent] {
        throw VendorFailure(.malformed)
    }

    private func words(_ delta: JSON?) -> [VendorEvent] {
        (delta?["content"]?.list ?? []).compactMap { part in
            guard let text = part["text"]?["value"]?.text, !text.isEmpty else { return nil }
            return .text(text)
        }
    }

    private func about(_ run: JSON) -> [VendorEvent] {
        var events: [VendorEvent] = []
        if let model = run["model"]?.text { events.append(.model(model)) }
        if let usage = run["usage"], let input = usage["prompt_tokens"]?.int {
            events.append(.usage(TokenUsage(input: input, output: usage["completion_tokens"]?.int ?? 0)))
        }
        return events
    }
}
