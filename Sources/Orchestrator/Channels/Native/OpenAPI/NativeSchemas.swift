// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// The schemas of the native API, by name.
enum NativeSchemas {
    static let all: [(name: String, schema: JSON)] = requests + accounts + conversations + staff + service

    static let states = Schema.oneOf(ConversationState.allCases.map(\.rawValue))

    private static let requests: [(name: String, schema: JSON)] = [
        (
            "NewConversation",
            Schema.object([("assistant", Schema.text(atMost: 256, atLeast: 1))], isClosed: true)
        ),
        (
            "NewMessage",
            Schema.object(
                [
                    ("text", Schema.text(atMost: 8192, atLeast: 1)),
                    ("client_message_id", Schema.text(atMost: 128)),
                ], optional: ["client_message_id"], isClosed: true)
        ),
        (
            "NewEvent",
            Schema.object(
                [("user", Schema.text(atMost: 256, atLeast: 1)), ("data", ["type": "object"])],
                optional: ["data"], isClosed: true)
        ),
        ("FileForm", Schema.object([("file", ["type": "string", "format": "binary"])])),
        (
            "NewCompletion",
            Schema.object(
                [
                    ("model", Schema.text(atMost: 256, atLeast: 1)), ("messages", Schema.list(Schema.any)),
                    ("stream", Schema.flag), ("stream_options", Schema.any),
                ], optional: ["stream", "stream_options"])
        ),
        (
            "DemoRequest",
            Schema.object(
                [("code", Schema.text), ("role", Schema.text), ("user", Schema.text(atMost: 256))],
                optional: ["user"], isClosed: true)
        ),
    ]

    private static let password = Schema.text(atMost: 1024, atLeast: 1)

    private static let accounts: [(name: String, schema: JSON)] = [
        (
            "Credentials",
            Schema.object(
                [("username", Schema.text(atMost: 256, atLeast: 1)), ("password", password)], isClosed: true)
        ),
        (
            "NewAccount",
            Schema.object(
                [
                    ("username", Schema.text(atMost: 64, atLeast: 1)), ("password", password),
                    ("email", Schema.text(atMost: 254)),
                ], optional: ["email"], isClosed: true)
        ),
        (
            "PasswordChange",
            Schema.object([("current_password", password), ("new_password", password)], isClosed: true)
        ),
        (
            "PasswordReset",
            Schema.object(
                [("token", Schema.text(atMost: 256, atLeast: 1)), ("new_password", password)], isClosed: true)
        ),
        (
            "Login",
            Schema.object(
                [
                    ("token", Schema.text), ("expires_at", Schema.instant),
                    (
                        "user",
                        Schema.object(
                            [
                                ("id", Schema.text), ("name", Schema.text), ("email", Schema.text),
                                ("role", Schema.text),
                            ], optional: ["email"])
                    ), ("previous_login", Schema.instant),
                ], optional: ["previous_login"])
        ),
    ]

    private static let message = Schema.object(
        [
            ("id", Schema.text), ("conversation", Schema.text), ("sequence", Schema.integer),
            ("author", Schema.oneOf(MessageAuthor.allCases.map(\.rawValue))), ("name", Schema.text),
            ("text", Schema.text), ("type", Schema.text), ("buttons", Schema.list(Schema.any)),
            ("data", Schema.any), ("partial", Schema.flag),
            ("sources", Schema.list(Schema.reference("Source"))),
            ("safety", Schema.object([("level", Schema.text), ("family", Schema.text)])),
            ("intent", Schema.text), ("created_at", Schema.instant),
        ], optional: ["name", "type", "buttons", "data", "sources", "safety", "intent"])

    private static let started: [(String, JSON)] = [
        ("id", Schema.text), ("assistant", Schema.text), ("epoch", Schema.text),
        ("created_at", Schema.instant),
        ("state", states),
    ]

    private static let listed =
        started + [
            ("updated_at", Schema.instant), ("sequence", Schema.integer), ("queue", Schema.text),
            ("staff", Schema.text),
        ]

    private static let conversations: [(name: String, schema: JSON)] = [
        ("Message", message),
        (
            "Source",
            Schema.object([
                ("id", Schema.text), ("source", Schema.text), ("score", Schema.number), ("text", Schema.text),
            ])
        ),
        ("Turn", Schema.object([("message", Schema.reference("Message")), ("replies", messages)])),
        ("Messages", Schema.object([("epoch", Schema.text), ("messages", messages), ("more", Schema.flag)])),
        ("StartedConversation", Schema.object(started + [("token", Schema.text)], optional: ["token"])),
        ("ListedConversation", Schema.object(listed, optional: ["queue", "staff"])),
        (
            "Conversation",
            Schema.object(
                listed + [("flow", Schema.text), ("slots", Schema.object([]))],
                optional: ["queue", "staff", "flow", "slots"])
        ),
        (
            "Conversations",
            Schema.object([
                ("conversations", Schema.list(Schema.reference("ListedConversation"))),
                ("cursor", ["type": ["string", "null"]]),
            ])
        ),
        (
            "Assistants",
            Schema.object([
                (
                    "assistants",
                    Schema.list(
                        Schema.object([
                            ("id", Schema.text), ("name", Schema.text), ("description", Schema.text),
                        ]))
                )
            ])
        ),
    ]

    private static let messages = Schema.list(Schema.reference("Message"))

    private static let service: [(name: String, schema: JSON)] = [
        (
            "Problem",
            Schema.object([
                (
                    "error",
                    Schema.object(
                        [
                            ("code", Schema.text), ("message", Schema.text), ("request_id", Schema.text),
                            (
                                "details",
                                Schema.list(Schema.object([("path", Schema.text), ("message", Schema.text)]))
                            ),
                        ], optional: ["details"])
                )
            ])
        ),
        (
            "OpenAIProblem",
            Schema.object([
                (
                    "error",
                    Schema.object([
                        ("message", Schema.text), ("type", Schema.text),
                        ("param", ["type": ["string", "null"]]),
                        ("code", ["type": ["string", "null"]]),
                    ])
                )
            ])
        ),
        (
            "Health",
            Schema.object([
                ("status", Schema.oneOf(["ok"])), ("revision", Schema.text),
                ("config", Schema.oneOf(["ok", "stale"])), ("uptime_seconds", Schema.number),
            ])
        ),
        (
            "Readiness",
            Schema.object([
                ("status", Schema.oneOf(["starting", "ready", "draining", "storage_unavailable"]))
            ])
        ),
        (
            "Me",
            Schema.object(
                [
                    ("user", Schema.text), ("role", Schema.text), ("name", Schema.text),
                    ("issuer", Schema.text),
                    ("staff", Schema.flag), ("operator", Schema.flag), ("expires_at", Schema.instant),
                ], optional: ["name", "issuer", "expires_at"])
        ),
        (
            "SharedFile",
            Schema.object([
                (
                    "file",
                    Schema.object([
                        ("id", Schema.text), ("name", Schema.text), ("size", Schema.integer),
                        ("type", Schema.text), ("url", Schema.text),
                    ])
                )
            ])
        ),
        (
            "DemoToken",
            Schema.object([("token", Schema.text), ("user", Schema.text), ("role", Schema.text)])
        ),
        (
            "ToldEvent",
            Schema.object([("event", Schema.text), ("conversation", Schema.text), ("message", Schema.text)])
        ),
        ("Document", Schema.object([])),
    ]
}
