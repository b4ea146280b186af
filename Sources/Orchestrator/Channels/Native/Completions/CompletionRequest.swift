// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// What a client of OpenAI's chat completions asks of us.
///
/// Its clients send many settings that mean nothing here; only what would be answered wrongly is refused.
struct CompletionRequest: Sendable {
    /// More messages than this are no conversation.
    static let maxMessages = 400

    var model: String
    /// What goes before the question, oldest first; its system messages are not among them.
    var history: [ProviderRequest.Line]
    var question: String
    var isStreamed: Bool
    var wantsUsage: Bool

    /// Reads a body.
    init(_ body: JSON, atMost characters: Int) throws(CompletionError) {
        guard body.members != nil else { throw .invalid("the body must be an object") }
        guard let model = body["model"]?.text, !model.isEmpty, model.utf8.count <= 256 else {
            throw .invalid("model must be the id of an assistant", param: "model")
        }
        guard let messages = body["messages"]?.list, !messages.isEmpty, messages.count <= Self.maxMessages
        else {
            throw .invalid("messages must be a list of 1 to \(Self.maxMessages) messages", param: "messages")
        }
        if let count = body["n"]?.int, count != 1 { throw .invalid("n must be 1", param: "n") }
        var lines: [ProviderRequest.Line] = []
        for (index, message) in messages.enumerated() {
            if let line = try Self.line(message, at: index) { lines.append(line) }
        }
        guard let last = lines.popLast(), last.author == .user, !last.text.isEmpty else {
            throw .invalid("the last message must be the user's", param: "messages")
        }
        guard last.text.unicodeScalars.count <= characters else {
            throw .invalid("a message has at most \(characters) characters", param: "messages")
        }
        self.model = model
        history = lines
        question = last.text
        isStreamed = body["stream"]?.flag ?? false
        wantsUsage = body["stream_options"]?["include_usage"]?.flag ?? false
    }

    // Who an assistant is, its author says: a system message of the client changes nothing.
    private static func line(_ message: JSON, at index: Int) throws(CompletionError) -> ProviderRequest.Line?
    {
        let param = "messages[\(index)]"
        guard let text = text(of: message["content"]) else {
            throw .invalid("\(param).content must be text, or a list of text parts", param: param)
        }
        switch message["role"]?.text {
        case "user": return ProviderRequest.Line(author: .user, text: text)
        case "assistant": return ProviderRequest.Line(author: .assistant, text: text)
        case "system", "developer", "tool", "function": return nil
        default: throw .invalid("\(param).role must be user, assistant or system", param: param)
        }
    }

    private static func text(of content: JSON?) -> String? {
        guard let content, !content.isNull else { return "" }
        if let text = content.text { return text }
        guard let parts = content.list else { return nil }
        let texts = parts.compactMap { $0["type"] == "text" ? $0["text"]?.text : nil }
        return texts.count == parts.count ? texts.joined(separator: "\n") : nil
    }
}

/// A failure in the shape that OpenAI's clients read.
struct CompletionError: Error, Sendable, Hashable {
    var status: Int
    var type: String
    var code: String?
    var param: String?
    var message: String
    var headers: [NativeError.Header] = []

    static func invalid(_ message: String, param: String? = nil) -> CompletionError {
        CompletionError(
            status: 400, type: "invalid_request_error", code: nil, param: param, message: message)
    }

    static func unknownModel(_ model: String) -> CompletionError {
        CompletionError(
            status: 404, type: "invalid_request_error", code: "model_not_found", param: "model",
            message: "there is no assistant '\(String(model.prefix(64)))' for you")
    }

    /// A route has ended without an answer.
    static func failed(_ cause: ProviderCause) -> CompletionError {
        if cause == .overBudget {
            return CompletionError(
                status: 429, type: "insufficient_quota", code: "budget-exceeded",
                message: "what may be spent today is spent")
        }
        return CompletionError(
            status: 503, type: "server_error", code: cause.rawValue, message: "no provider has answered")
    }

    /// The same failure as the native API would tell it.
    init(_ error: NativeError) {
        let type =
            switch error.status {
            case 429: "rate_limit_error"
            case 500...: "server_error"
            default: "invalid_request_error"
            }
        let code =
            error.status == 401 ? "invalid_api_key" : error.status == 429 ? "rate_limit_exceeded" : error.code
        self.init(
            status: error.status == 422 ? 400 : error.status, type: type, code: code,
            message: error.message, headers: error.headers)
    }

    init(
        status: Int, type: String, code: String?, param: String? = nil, message: String,
        headers: [NativeError.Header] = []
    ) {
        self.status = status
        self.type = type
        self.code = code
        self.param = param
        self.message = message
        self.headers = headers
    }

    /// `{"error":{"message","type","param","code"}}`.
    var body: JSON {
        [
            "error": [
                "message": .string(message), "type": .string(type),
                "param": param.map { .string($0) } ?? .null,
                "code": code.map { .string($0) } ?? .null,
            ]
        ]
    }
}
