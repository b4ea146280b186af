// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

/// The second version of OpenAI's assistants, which keep the conversation themselves: threads, messages, runs.
///
///     no thread: POST /threads -> POST /threads/T/messages -> POST /threads/T/runs, streamed
///     a thread that is gone (404): the same, once, with a new one
///
/// The vendor has retired it; compatible servers have not.
struct ThreadsProvider: Provider {
    /// The name it is configured under.
    let name: String
    /// The thread holds only whole messages.
    var canContinue: Bool { false }
    let assistant: String
    let model: String?
    let key: Secret?
    let exchange: VendorExchange

    init(_ settings: ProviderSettings, client: HTTPClient, clock: any WallClock) {
        name = settings.name
        assistant = settings.assistantID ?? ""
        model = settings.model
        key = settings.key
        exchange = VendorExchange(settings: settings, client: client, clock: clock)
    }

    func answer(
        _ request: ProviderRequest, stream: AnswerStream
    ) async throws(ProviderError) -> ProviderAnswer {
        let known = (request.threads[name] ?? request.thread).flatMap(Self.identifier)
        let thread = try await ask(request.utterance, in: known)
        var reading = VendorReading(reader: RunReader(), stream: stream, provider: name)
        do throws(ProviderError) {
            try await exchange.run(run(request, in: thread), into: &reading)
        } catch {
            abandon(reading, thread)
            throw error
        }
        if reading.isOver { abandon(reading, thread) }
        var answer = try reading.answer()
        answer.thread = thread
        return answer
    }

    // The thread that now holds the question.
    private func ask(_ utterance: String, in known: String?) async throws(ProviderError) -> String {
        if let known {
            do throws(ProviderError) {
                try await add(utterance, to: known)
                return known
            } catch {
                guard error.status == 404 else { throw error }
            }
        }
        let made = try await exchange.value(call("/threads", [:]))
        guard let thread = made["id"]?.text.flatMap(Self.identifier) else {
            throw ProviderError(.malformed, provider: name)
        }
        try await add(utterance, to: thread)
        return thread
    }

    private func add(_ utterance: String, to thread: String) async throws(ProviderError) {
        _ = try await exchange.value(
            call("/threads/\(thread)/messages", ["role": "user", "content": .string(utterance)]))
    }

    private func run(_ request: ProviderRequest, in thread: String) -> VendorCall {
        var body = JSONObject([
            .init(name: "assistant_id", value: .string(request.assistantID ?? assistant)),
            .init(name: "stream", value: true),
        ])
        if let model = request.model ?? model { body["model"] = .string(model) }
        if let persona = PromptText.system(for: request) {
            body["additional_instructions"] = .string(persona)
        }
        if let temperature = request.temperature { body["temperature"] = .number(temperature) }
        if let limit = request.maxTokens { body["max_completion_tokens"] = .integer(limit) }
        var call = call("/threads/\(thread)/runs", .object(body))
        call.isStreamed = true
        return call
    }

    private func call(_ path: String, _ body: JSON) -> VendorCall {
        var headers = OpenAIHeaders.bearer(key)
        headers["OpenAI-Beta"] = "assistants=v2"
        var call = VendorCall(path: path, body: body, headers: headers)
        call.isStreamed = false
        return call
    }

    // A thread takes no further question while a run is open in it.
    private func abandon(_ reading: VendorReading, _ thread: String) {
        guard let run = reading.run.flatMap(Self.identifier) else { return }
        let cancel = call("/threads/\(thread)/runs/\(run)/cancel", [:])
        // Ends with its call, which is bounded; what comes of it changes nothing.
        Task.detached { [exchange] in _ = try? await exchange.value(cancel) }
    }

    // Ids become part of an address, so nothing but what ids are made of.
    private static func identifier(_ text: String) -> String? {
        let isPlain = text.utf8.allSatisfy {
            ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x41 && $0 <= 0x5A) || ($0 >= 0x61 && $0 <= 0x7A)
                || $0 == 0x5F || $0 == 0x2D
        }
        return isPlain && (1...128).contains(text.utf8.count) ? text : nil
    }
}
