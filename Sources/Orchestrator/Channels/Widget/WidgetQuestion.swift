// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// What a client says in one message, once it is sound.
struct WidgetQuestion: Sendable, Hashable {
    static let maxHistory = 100
    static let maxHistoryText = 4000
    /// Longer ids are nobody's.
    static let maxID = 256

    var text: String
    var history: [ProviderRequest.Line] = []
    /// In small letters.
    var provider: String?
    var assistantType: String?
    var assistantID: String?
    var conversation: String?
    var thread: String?

    /// Reads a body; `vendors` are the providers that have a word here, beside those that every such server knows.
    ///
    /// Throws everything that is wrong with it at once.
    init(
        _ body: [UInt8], limits: Limits, vendors: some Sequence<String>
    ) throws(WidgetError) {
        guard let value = body.isEmpty ? [:] : try? JSON.parse(body, maxDepth: limits.jsonDepth) else {
            throw .invalid(["Request body must be valid JSON"])
        }
        let most = limits.messageCharacters
        var problems = Self.problems(ofMessage: value["message"], most)
        problems += Self.problems(ofHistory: value["history"])
        let known = ProviderType.vendors.union(vendors)
        if let provider = value["provider"], !provider.isFalsy {
            let word = provider.text?.trimmed.lowercased()
            if word == nil { problems.append("Provider must be a string") }
            if let word, !known.contains(word) { problems.append("Invalid provider") }
        }
        problems += Self.problems(ofAssistantID: value["assistantId"])
        for (key, name) in [
            ("assistantType", "AssistantType"), ("conversationId", "ConversationId"),
            ("threadId", "ThreadId"),
        ] {
            if let field = value[key], !field.isFalsy, field.text == nil {
                problems.append("\(name) must be a string")
            }
        }
        guard problems.isEmpty else { throw .invalid(problems) }
        func text(_ key: String) -> String? {
            value[key]?.text.map(\.trimmed).flatMap { $0.isEmpty ? nil : $0 }
        }
        self.text = text("message") ?? ""
        provider = text("provider")?.lowercased()
        assistantType = text("assistantType")
        assistantID = text("assistantId")
        conversation = text("conversationId")
        thread = text("threadId")
        history = Self.history(value["history"]?.list ?? [], before: self.text)
    }

    // A client's history ends with the message it sends, which is asked once.
    private static func history(_ items: [JSON], before text: String) -> [ProviderRequest.Line] {
        var lines = items.compactMap { item -> ProviderRequest.Line? in
            guard let said = item["text"]?.text.map(\.trimmed), !said.isEmpty else { return nil }
            return .init(author: item["sender"]?.text == "user" ? .user : .assistant, text: said)
        }
        if lines.last == .init(author: .user, text: text) { lines.removeLast() }
        return lines
    }
}

// MARK: what can be wrong

extension WidgetQuestion {
    private static func problems(ofMessage message: JSON?, _ most: Int) -> [String] {
        guard let message, !message.isFalsy else { return ["Message is required"] }
        guard let text = message.text else { return ["Message must be a string"] }
        if text.trimmed.isEmpty { return ["Message cannot be empty"] }
        return text.isLonger(than: most) ? ["Message too long (max \(most) characters)"] : []
    }

    private static func problems(ofHistory history: JSON?) -> [String] {
        guard let history, !history.isFalsy else { return [] }
        guard let items = history.list else { return ["History must be an array"] }
        // What is too long is not looked at.
        guard items.count <= maxHistory else { return ["History too long (max \(maxHistory) messages)"] }
        return items.enumerated().flatMap {
            problems(of: $1).map { [index = $0] in "History item \(index) \($0)" }
        }
    }

    private static func problems(of item: JSON) -> [String] {
        guard item.members != nil else { return ["must be an object"] }
        var problems: [String] = []
        if let text = item["text"]?.text, !text.isEmpty {
            if text.isLonger(than: maxHistoryText) { problems.append("text too long") }
        } else {
            problems.append("must have a text field")
        }
        if let sender = item["sender"], !sender.isFalsy {
            if !["user", "bot", "assistant"].contains(sender.text) {
                problems.append("sender must be 'user', 'bot', or 'assistant'")
            }
        } else {
            problems.append("must have a sender field")
        }
        if let time = item["timestamp"], !time.isNull, time.double.map({ $0 >= 0 }) != true {
            problems.append("timestamp must be a positive number")
        }
        return problems
    }

    private static func problems(ofAssistantID id: JSON?) -> [String] {
        guard let id, !id.isNull else { return [] }
        guard let text = id.text else { return ["AssistantId must be a string"] }
        if text.trimmed.isEmpty { return ["AssistantId cannot be empty"] }
        return text.utf8.count > maxID ? ["AssistantId too long (max \(maxID) characters)"] : []
    }
}

extension JSON {
    /// What the original's language takes for nothing.
    fileprivate var isFalsy: Bool {
        switch self {
        case .null, .bool(false), .integer(0), .string(""): true
        case .number(let number): number == 0 || number.isNaN
        default: false
        }
    }
}

extension String {
    /// Without white space at its ends, as JavaScript's `trim` has it.
    fileprivate var trimmed: String {
        let isSpace: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace || $0.value == 0xFEFF }
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !isSpace($0) }),
            let last = scalars.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(scalars[first...last])
    }

    // Counted as JavaScript counts; a text has at most as many units as bytes.
    fileprivate func isLonger(than most: Int) -> Bool { self.utf8.count > most && self.utf16.count > most }
}
