// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// What staff see of a conversation before they claim it: who, why, the last turns, what was gathered.
package struct HandoffSummary: Sendable, Hashable {
    /// The last messages that are shown.
    static let maxLines = 6
    /// The last messages that `${conversation.transcript}` holds.
    static let maxTranscript = 100
    /// Characters of one of them.
    static let maxLineCharacters = 200

    /// The person's name, or their id.
    package var person: String
    /// Their role.
    package var role: String
    /// The assistant it was begun with.
    package var assistant: String
    /// The channel it was begun on.
    package var channel: String
    /// Why people were called; nil where they were not.
    package var reason: String?
    /// Since when it waits, or people have it.
    package var since: Timestamp
    /// The flow it is in.
    package var flow: String?
    /// What the flow has gathered, without what is sensitive.
    package var slots: JSONObject
    /// The last messages, as `author: text`.
    package var lines: [String]

    init(
        _ record: ConversationRecord, _ context: ConversationContext, _ messages: [MessageRecord],
        _ snapshot: Snapshot
    ) {
        person = messages.last { $0.author == .user && $0.name != nil }?.name ?? record.user
        role = record.role
        assistant = record.assistant
        channel = record.channel
        reason = context.reason
        since = context.since ?? record.updatedAt
        flow = context.dialogue.open?.name
        slots = record.visibleSlots(snapshot)
        lines = messages.suffix(Self.maxLines).map { message in
            let line = message.transcriptLine
            return line.count > Self.maxLineCharacters ? line.prefix(Self.maxLineCharacters) + "…" : line
        }
    }

    /// As a few lines to read.
    package var text: String {
        var text = ["\(person) (\(role)), \(assistant) on \(channel)"]
        if let reason { text.append("why: \(reason)") }
        if let flow {
            let values = slots.members.map { "\($0.name)=\($0.value.text ?? $0.value.encodedText)" }
            text.append("open: \(flow)" + (values.isEmpty ? "" : " (\(values.joined(separator: ", ")))"))
        }
        return (text + lines).joined(separator: "\n")
    }

    /// As the native API shows it.
    package var json: JSON {
        var object = JSONObject([
            .init(name: "person", value: .string(person)), .init(name: "role", value: .string(role)),
            .init(name: "assistant", value: .string(assistant)),
            .init(name: "channel", value: .string(channel)),
            .init(name: "since", value: .string(since.iso8601)),
        ])
        if let reason { object["reason"] = .string(reason) }
        if let flow { object["flow"] = .string(flow) }
        if slots.count > 0 { object["slots"] = .object(slots) }
        object["last"] = .array(lines.map { .string($0) })
        object["text"] = .string(text)
        return .object(object)
    }
}

extension MessageRecord {
    /// The message on one line, with who wrote it.
    var transcriptLine: String {
        let writer = self.author == .user ? "person" : self.author.rawValue
        return "\(writer): \(self.text.replacing("\n", with: " "))"
    }
}
