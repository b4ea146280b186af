// SPDX-License-Identifier: Apache-2.0

/// What can be asked of the channel.
enum ClinicRoute: Sendable, Hashable {
    case chat(role: String)
    case createRoom
    case history(room: String)
    case rooms(user: String)
    case activeUsers, stats, broadcast
    case notify(user: String)
    case shareFile
    case uploadFile(room: String)
    case file(id: String)
    case socket(user: String)
    case chatHealth, health, root, info, docs, redoc, openAPI

    // A table: long, and without a branch.
    init?(_ path: [String]) {
        switch path {
        case []: self = .root
        case ["info"]: self = .info
        case ["health"]: self = .health
        case ["docs"]: self = .docs
        case ["redoc"]: self = .redoc
        case ["openapi.json"]: self = .openAPI
        case ["chat", "health"]: self = .chatHealth
        case ["chat", "patient"]: self = .chat(role: "PATIENT")
        case ["chat", "doctor"]: self = .chat(role: "DOCTOR")
        case ["chat", "rooms", "create"]: self = .createRoom
        case ["chat", "active-users"]: self = .activeUsers
        case ["chat", "stats"]: self = .stats
        case ["chat", "broadcast"]: self = .broadcast
        case ["chat", "upload-file"]: self = .shareFile
        default:
            if path.count == 3, path[0] == "uploads", path[1] == "files" {
                self = .file(id: path[2])
                return
            }
            guard path.count >= 3, path[0] == "chat", !path[2].isEmpty else { return nil }
            switch (path.count, path[1]) {
            case (3, "notify"): self = .notify(user: path[2])
            case (3, "ws"): self = .socket(user: path[2])
            case (4, "rooms") where path[3] == "history": self = .history(room: path[2])
            case (4, "rooms") where path[3] == "files": self = .uploadFile(room: path[2])
            case (4, "rooms") where path[2] == "user" && !path[3].isEmpty: self = .rooms(user: path[3])
            default: return nil
            }
        }
    }

    var method: String {
        switch self {
        case .chat, .createRoom, .broadcast, .notify, .shareFile, .uploadFile: "POST"
        default: "GET"
        }
    }

    /// The route as it is counted and logged: without ids.
    var pattern: String {
        switch self {
        case .chat(let role): role == "PATIENT" ? "/chat/patient" : "/chat/doctor"
        case .createRoom: "/chat/rooms/create"
        case .history: "/chat/rooms/{room_id}/history"
        case .rooms: "/chat/rooms/user/{user_id}"
        case .activeUsers: "/chat/active-users"
        case .stats: "/chat/stats"
        case .broadcast: "/chat/broadcast"
        case .notify: "/chat/notify/{user_id}"
        case .shareFile: "/chat/upload-file"
        case .uploadFile: "/chat/rooms/{room_id}/files"
        case .file: "/uploads/files/{file_id}"
        case .socket: "/chat/ws/{user_id}"
        case .chatHealth: "/chat/health"
        case .health: "/health"
        case .root: "/"
        case .info: "/info"
        case .docs: "/docs"
        case .redoc: "/redoc"
        case .openAPI: "/openapi.json"
        }
    }

    /// One of each, for the description of the API.
    static let all: [(ClinicRoute, String)] = [
        (.chat(role: "PATIENT"), "Say something to the patients' assistant"),
        (.chat(role: "DOCTOR"), "Say something to the doctors' assistant"),
        (.createRoom, "Open the room of a doctor and a patient"),
        (.history(room: ""), "The last messages of a room"),
        (.rooms(user: ""), "The rooms of a person"), (.activeUsers, "Who is connected"),
        (.stats, "Connections, rooms and messages"), (.broadcast, "Tell every connected person"),
        (.notify(user: ""), "Tell one person"), (.shareFile, "Share a file in a room"),
        (.uploadFile(room: ""), "Upload a file and share it in a room"),
        (.file(id: ""), "A file that was shared in a room"),
        (.chatHealth, "Whether the chat is up"), (.health, "Whether the server is up"),
        (.info, "What this server is"),
    ]
}
