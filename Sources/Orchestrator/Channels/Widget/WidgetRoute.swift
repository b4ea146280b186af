// SPDX-License-Identifier: Apache-2.0

import Transport

/// What can be asked of the channel.
enum WidgetRoute: Sendable, Hashable {
    case chat, health, providers, assistants
    case conversation(String)
    case delete(String)
    case messages(String)
    case conversations(user: String)
    case thread(String)
    case nothing

    // A table: long, and without a branch.
    init(_ request: HTTPRequest) {
        let path = request.looseSegments
        let method = request.method == "HEAD" ? "GET" : request.method
        switch (method, path) {
        case ("GET", ["health"]): self = .health
        case ("POST", ["api", "chat"]): self = .chat
        case ("GET", ["api", "providers"]): self = .providers
        case ("GET", ["api", "assistants"]): self = .assistants
        default:
            guard path.count >= 3, path[0] == "api", !path[2].isEmpty else {
                self = .nothing
                return
            }
            switch (method, path.count, path[1], path.count > 3 ? path[3] : "") {
            case ("GET", 3, "conversations", _): self = .conversation(path[2])
            case ("DELETE", 3, "conversations", _): self = .delete(path[2])
            case ("GET", 4, "conversations", "messages"): self = .messages(path[2])
            case ("GET", 4, "users", "conversations"): self = .conversations(user: path[2])
            case ("GET", 4, "threads", "conversation"): self = .thread(path[2])
            default: self = .nothing
            }
        }
    }

    /// The route as it is counted and logged: without ids.
    var pattern: String {
        switch self {
        case .chat: "/api/chat"
        case .health: "/health"
        case .providers: "/api/providers"
        case .assistants: "/api/assistants"
        case .conversation, .delete: "/api/conversations/{id}"
        case .messages: "/api/conversations/{id}/messages"
        case .conversations: "/api/users/{userId}/conversations"
        case .thread: "/api/threads/{threadId}/conversation"
        case .nothing: "-"
        }
    }
}
