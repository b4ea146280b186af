// SPDX-License-Identifier: Apache-2.0

import WireProtocols

extension NativeRoute {
    /// Every route of the native API and who may use it.
    static let all = service + accounts + conversations + staff + events + completions + operators + demo

    private static let service: [NativeRoute] = [
        NativeRoute(
            method: "GET", path: "/health", access: .everyone, operation: .health,
            summary: "Whether the server is up, and on which configuration", answers: [.ok("Health")]),
        NativeRoute(
            method: "GET", path: "/ready", access: .everyone, operation: .ready,
            summary: "Whether the server takes messages",
            answers: [.ok("Readiness"), Answer(status: 503, summary: "Not now", schema: "Readiness")]),
        NativeRoute(
            method: "GET", path: "/metrics", access: .operatorsOrLocal, operation: .metrics,
            summary: "Counters in Prometheus' text format",
            answers: [Answer(status: 200, summary: "The counters", type: "text/plain")]),
        NativeRoute(
            method: "GET", path: "/openapi.json", access: .everyone, operation: .openAPI,
            summary: "This description", answers: [.ok("Document")]),
        NativeRoute(
            method: "GET", path: "/docs", access: .everyone, operation: .docs,
            summary: "This description to read",
            answers: [Answer(status: 200, summary: "A page", type: "text/html")]),
        NativeRoute(
            method: "GET", path: "/v1/auth/me", access: .bearer, operation: .whoAmI,
            summary: "Who the token says you are", answers: [.ok("Me")]),
    ]

    private static let accounts: [NativeRoute] = [
        NativeRoute(
            method: "POST", path: "/v1/auth/register", access: .everyone, operation: .register,
            summary: "Make an account", body: "NewAccount",
            answers: [
                Answer(status: 201, summary: "Made", schema: "Login"),
                .problem(403, "Nobody may make an account here"), .problem(409, "The name is taken"),
            ]),
        NativeRoute(
            method: "POST", path: "/v1/auth/login", access: .everyone, operation: .login,
            summary: "A token for a name and a password", body: "Credentials",
            answers: [.ok("Login"), .problem(401, "The name or the password is wrong")]),
        NativeRoute(
            method: "POST", path: "/v1/auth/password", access: .bearer, operation: .changePassword,
            summary: "Change your password; tokens made before prove nothing any more",
            body: "PasswordChange", answers: [.ok("Login")]),
        NativeRoute(
            method: "POST", path: "/v1/auth/reset", access: .everyone, operation: .resetPassword,
            summary: "Set a new password by a reset token, which the operator makes", body: "PasswordReset",
            answers: [.ok("Login"), .problem(401, "The reset token is not valid, or not any more")]),
    ]

    private static let conversations: [NativeRoute] = [
        NativeRoute(
            method: "GET", path: "/v1/assistants", access: .anyRole, operation: .listAssistants,
            summary: "The assistants you may talk to", answers: [.ok("Assistants")]),
        NativeRoute(
            method: "POST", path: "/v1/conversations", access: .anyRole, operation: .createConversation,
            summary: "Begin a conversation", body: "NewConversation",
            answers: [Answer(status: 201, summary: "Begun", schema: "StartedConversation")]),
        NativeRoute(
            method: "GET", path: "/v1/conversations", access: .bearer, operation: .listConversations,
            summary: "Your conversations, newest first; for staff also those that wait for them",
            query: [
                Query(name: "limit", schema: .range(1, 200, default: 50), summary: "At most so many"),
                Query(name: "cursor", schema: ["type": "string"], summary: "Where the last page ended"),
            ], answers: [.ok("Conversations")]),
        NativeRoute(
            method: "GET", path: "/v1/conversations/{id}", access: .bearer, operation: .getConversation,
            summary: "One conversation, its state and what its open flow knows",
            answers: [.ok("Conversation")]),
        NativeRoute(
            method: "POST", path: "/v1/conversations/{id}/messages", access: .bearer, operation: .sendMessage,
            summary: "Say something; with Accept: text/event-stream the answer comes as the frames of /v1/ws",
            body: "NewMessage",
            answers: [
                .ok("Turn"),
                Answer(status: 200, summary: "The turn as it happens", type: "text/event-stream"),
            ]),
        NativeRoute(
            method: "GET", path: "/v1/conversations/{id}/messages", access: .bearer, operation: .listMessages,
            summary: "What was said, in order",
            query: [
                Query(name: "after", schema: .range(0, Int.max, default: 0), summary: "A sequence number"),
                Query(name: "limit", schema: .range(1, 200, default: 50), summary: "At most so many"),
            ], answers: [.ok("Messages")]),
        NativeRoute(
            method: "POST", path: "/v1/conversations/{id}/files", access: .bearer, operation: .uploadFile,
            summary: "Share a file, in one part called file", body: "FileForm",
            bodyType: "multipart/form-data",
            answers: [
                Answer(status: 201, summary: "Stored", schema: "SharedFile"),
                .problem(413, "Too large, alone or with the files before it"),
                .problem(415, "Of no type that is taken"),
            ]),
        NativeRoute(
            method: "GET", path: "/v1/files/{id}", access: .bearer, operation: .downloadFile,
            summary: "A file of a conversation",
            answers: FileType.allCases.map {
                Answer(status: 200, summary: "The content, as an attachment", type: $0.rawValue)
            } + [.problem(503, "Not now")]),
        NativeRoute(
            method: "GET", path: "/v1/ws", access: .bearer, operation: .openSocket,
            summary: "A WebSocket for any number of conversations",
            answers: [
                Answer(status: 101, summary: "Frames follow"), .problem(426, "Asked without an upgrade"),
            ]),
    ]

    private static let events: [NativeRoute] = [
        NativeRoute(
            method: "POST", path: "/v1/events/{name}", access: .keys, operation: .tellEvent,
            summary: "Tell a person, in their conversation, what happened in another system",
            headers: [
                Query(
                    name: "Idempotency-Key", schema: Schema.text(atMost: EventPost.maxKeyLength, atLeast: 1),
                    summary: "The same key again tells nothing again, and answers the same")
            ],
            body: "NewEvent", answers: [Answer(status: 202, summary: "Told", schema: "ToldEvent")])
    ]

    private static let completions: [NativeRoute] = [
        NativeRoute(
            method: "GET", path: "/v1/models", access: .bearer, operation: .listModels,
            summary: "The assistants you may talk to, as OpenAI's clients read them",
            answers: [.ok("Document")]),
        NativeRoute(
            method: "GET", path: "/v1/models/{id}", access: .bearer, operation: .getModel,
            summary: "One of them", answers: [.ok("Document")]),
        NativeRoute(
            method: "POST", path: "/v1/chat/completions", access: .bearer, operation: .complete,
            summary:
                "Ask an assistant in OpenAI's words; X-Conversation-ID joins the question to a stored conversation",
            body: "NewCompletion",
            answers: [
                .ok("Document"), Answer(status: 200, summary: "Chunks", type: "text/event-stream"),
            ]),
    ]

    private static let operators: [NativeRoute] = [
        NativeRoute(
            method: "POST", path: "/v1/admin/reload", access: .operators, operation: .reload,
            summary: "Read the configuration again",
            query: [Query(name: "dry_run", schema: ["type": "boolean"], summary: "Serve nothing new")],
            answers: [.ok("Document")]),
        NativeRoute(
            method: "GET", path: "/v1/admin/status", access: .operators, operation: .status,
            summary: "The revision being served and the last changes", answers: [.ok("Document")]),
        NativeRoute(
            method: "GET", path: "/v1/admin/diagnostics", access: .operators, operation: .diagnostics,
            summary: "What is wrong or doubtful in the files", answers: [.ok("Document")]),
        NativeRoute(
            method: "GET", path: "/v1/admin/stats", access: .operators, operation: .stats,
            summary: "What has been counted since the start", answers: [.ok("Document")]),
    ]

    private static let demo: [NativeRoute] = [
        NativeRoute(
            method: "GET", path: "/", access: .demo, operation: .demoPage,
            summary: "The chat page of the demo",
            answers: [
                Answer(status: 200, summary: "A page", type: "text/html"), .problem(404, "No demo here"),
            ]),
        NativeRoute(
            method: "POST", path: "/demo/token", access: .demo, operation: .demoToken,
            summary: "A token for the demo", body: "DemoRequest",
            answers: [.ok("DemoToken"), .problem(403, "Not the code"), .problem(404, "No demo here")]),
    ]
}

extension NativeRoute.Answer {
    static func ok(_ schema: String) -> Self { Self(status: 200, summary: "Done", schema: schema) }
    static func problem(_ status: Int, _ summary: String) -> Self {
        Self(status: status, summary: summary, schema: "Problem")
    }
}

extension JSON {
    fileprivate static func range(_ low: Int, _ high: Int, default standard: Int) -> JSON {
        var object: JSONObject = JSONObject()
        object["type"] = "integer"
        object["minimum"] = .integer(low)
        if high < Int.max { object["maximum"] = .integer(high) }
        object["default"] = .integer(standard)
        return .object(object)
    }
}
