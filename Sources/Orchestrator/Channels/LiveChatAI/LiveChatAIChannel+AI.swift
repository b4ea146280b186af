// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Transport
import WireProtocols

extension LiveChatAIChannel {
    /// The AI settings as they are being served.
    func config() -> JSON {
        LiveChatAIPayload.config(
            settings?.ai ?? ChannelAI(), id: configID, updatedAt: state.withLock { $0.aiChangedAt })
    }

    // One set of settings for each channel, so its id is made from the channel's name (RFC 9562, version 8).
    private var configID: String {
        var hash: (UInt64, UInt64) = (0xCBF2_9CE4_8422_2325, 0x9E37_79B9_7F4A_7C15)
        for byte in name.utf8 {
            hash.0 = (hash.0 ^ UInt64(byte)) &* 0x100_0000_01B3
            hash.1 = (hash.1 ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        func hex(_ value: UInt64, _ count: Int) -> String {
            let digits = String(value, radix: 16)
            return String((String(repeating: "0", count: 16) + digits).suffix(count))
        }
        let (a, b) = (hex(hash.0, 16), hex(hash.1, 16))
        return "\(a.prefix(8))-\(a.dropFirst(8).prefix(4))-8\(a.suffix(3))-9\(b.prefix(3))-\(b.suffix(12))"
    }

    /// What a change of the settings says; throws what is wrong with it.
    static func change(_ fields: JSONObject) throws(Failure) -> @Sendable (inout ChannelAI) -> Void {
        let isEnabled = try value(fields["isEnabled"], "isEnabled must be true or false") { $0.flag }
        let provider = try value(fields["provider"], "provider must be openai or openrouter") {
            ["openai", "openrouter"].contains($0.text) ? $0.text : nil
        }
        let model = try value(fields["model"], "model must be a text") {
            $0.text?.isEmpty == false ? $0.text : nil
        }
        let prompt = try value(fields["systemPrompt"], "systemPrompt must be a text") { $0.text }
        let temperature = try value(fields["temperature"], "temperature must be a number from 0 to 2") {
            $0.double.flatMap { (0...2).contains($0) ? $0 : nil }
        }
        let maxTokens = try value(fields["maxTokens"], "maxTokens must be a whole number above 0") {
            $0.int.flatMap { (1...1_000_000).contains($0) ? $0 : nil }
        }
        return { ai in
            if let isEnabled { ai.isEnabled = isEnabled }
            if let provider { ai.provider = provider }
            if let model { ai.model = model }
            if let prompt { ai.systemPrompt = prompt }
            if let temperature { ai.temperature = temperature }
            if let maxTokens { ai.maxTokens = maxTokens }
        }
    }

    private static func value<Value>(
        _ json: JSON?, _ message: String, _ read: (JSON) -> Value?
    ) throws(Failure) -> Value? {
        guard let json else { return nil }
        guard let value = read(json) else { throw Failure(400, message) }
        return value
    }
}

// MARK: a trial

extension LiveChatAIChannel {
    /// Asks as a visitor's message would, in a store of its own: nothing is kept.
    func testAI(_ request: HTTPRequest) async throws(Failure) -> JSON {
        _ = try checkAdmin(request)
        let fields = try fields(request)
        guard let session = fields["sessionId"]?.text, let text = fields["message"]?.text, !session.isEmpty,
            !text.isEmpty
        else { throw Failure(400, "sessionId and message are required") }
        guard let settings, settings.ai.isEnabled else { throw Failure(500, "AI is not enabled") }
        var wiring = services.service.settings
        wiring.store = MemoryStore()
        wiring.alerts = nil
        let service = ConversationService(wiring)
        let caller = visitor(session)
        do throws(ServiceError) {
            let record = try await service.begin(
                assistant: settings.assistant ?? ConversationService.relay, caller: caller, channel: name)
            var message = ChannelMessage(text)
            message.asking = settings.ai.asking
            let answer = try await service.submit(message, to: record.id, caller: caller)
            if let cause = answer.failure {
                throw ServiceError(.storageUnavailable, "no provider answered: \(cause.rawValue)")
            }
            return ["response": .string(answer.replies.map { $0.text }.joined(separator: "\n\n"))]
        } catch {
            throw Failure(500, error.message)
        }
    }
}
