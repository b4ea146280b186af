// SPDX-License-Identifier: Apache-2.0

import WireProtocols

extension NativeSchemas {
    private static let summary = Schema.object(
        [
            ("person", Schema.text), ("role", Schema.text), ("assistant", Schema.text),
            ("channel", Schema.text), ("reason", Schema.text), ("since", Schema.instant),
            ("flow", Schema.text), ("slots", Schema.object([])), ("last", Schema.list(Schema.text)),
            ("text", Schema.text),
        ], optional: ["reason", "flow", "slots"])

    private static let waiting = Schema.object(
        [
            ("conversation", Schema.text), ("summary", Schema.reference("Summary")),
            ("until", Schema.instant),
        ], optional: ["until"])

    /// What people who answer others send and are sent.
    static let staff: [(name: String, schema: JSON)] = [
        (
            "HandoffRequest",
            Schema.object(
                [("queue", Schema.text(atMost: 256)), ("reason", Schema.text(atMost: 200))],
                optional: ["queue", "reason"], isClosed: true)
        ),
        ("Transfer", Schema.object([("queue", Schema.text(atMost: 256, atLeast: 1))], isClosed: true)),
        ("NewNote", Schema.object([("text", Schema.text(atMost: 4000, atLeast: 1))], isClosed: true)),
        (
            "HandoffState",
            Schema.object(
                [
                    ("conversation", Schema.text), ("state", states), ("queue", Schema.text),
                    ("staff", Schema.text),
                ], optional: ["queue", "staff"])
        ),
        ("Summary", summary),
        (
            "Claim",
            Schema.object([
                ("conversation", Schema.reference("Conversation")),
                ("summary", Schema.reference("Summary")),
            ])
        ),
        ("Acknowledged", Schema.object([("acknowledged", Schema.flag)])),
        (
            "Note",
            Schema.object(
                [
                    ("id", Schema.text), ("author", Schema.text), ("name", Schema.text),
                    ("text", Schema.text), ("created_at", Schema.instant),
                ], optional: ["name"])
        ),
        ("Notes", Schema.object([("notes", Schema.list(Schema.reference("Note")))])),
        (
            "Queue",
            Schema.object([
                ("name", Schema.text), ("open", Schema.flag), ("waiting", Schema.list(waiting)),
            ])
        ),
        (
            "Queues",
            Schema.object([
                ("queues", Schema.list(Schema.reference("Queue"))),
                ("claimed", Schema.list(Schema.reference("ListedConversation"))),
            ])
        ),
        ("Found", Schema.object([("messages", Schema.list(Schema.reference("Message")))])),
    ]
}
