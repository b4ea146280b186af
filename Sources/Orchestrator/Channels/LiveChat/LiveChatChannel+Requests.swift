// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

extension LiveChatChannel {
    /// Sessions of one list, and messages of one session; more are asked for with `skip` and `take`.
    static let maxListed = 1000
    static let maxMessages = 10_000

    private static let ok = Array(#"{"status":"ok"}"#.utf8)

    /// Answers what is not Socket.IO.
    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        let path = request.looseSegments
        guard request.method == "GET" || request.method == "HEAD" else { return Self.notFound }
        var response: HTTPResponse
        switch path.count {
        case 1 where path[0] == "health":
            response = .json(200, encoded: Self.ok)
            response.route = "/health"
        // The original's documents name both addresses.
        case 2 where path == ["api", "health"]:
            response = .json(200, encoded: Self.ok)
            response.route = "/api/health"
        case 2 where path == ["api", "chats"]:
            response = await listChats(request)
            response.route = "/api/chats"
        case 3 where path.starts(with: ["api", "chats"]) && !path[2].isEmpty:
            response = await messages(of: path[2])
            response.route = "/api/chats/{sessionId}"
        default: return Self.notFound
        }
        return response
    }

    private static let notFound = HTTPResponse.json(404, ["error": "Not found"])
    private static let failed = HTTPResponse.json(500, ["error": "Internal server error"])

    private func listChats(_ request: HTTPRequest) async -> HTTPResponse {
        guard settings?.staffAccess == .open || mayList(request) else {
            var response = HTTPResponse.json(401, ["error": "Unauthorized"])
            response.rejection = "unauthenticated"
            return response
        }
        var query = AliasQuery(channel: name, limit: Self.maxListed)
        for (name, place) in [("skip", \AliasQuery.offset), ("take", \AliasQuery.limit)] {
            guard let text = request.queryValue(name) else { continue }
            guard let number = Int(text), (0...1_000_000).contains(number) else {
                return .json(400, ["error": .string("\(name) must be a whole number, 0 or more")])
            }
            query[keyPath: place] = name == "take" ? min(number, Self.maxListed) : number
        }
        do throws(ServiceError) {
            var out: [UInt8] = [UInt8(ascii: "[")]
            for session in try await services.service.aliased(query) {
                if out.count > 1 { out.append(UInt8(ascii: ",")) }
                let messages = try await services.service.messages(
                    in: session.conversation.id, after: 0, limit: Self.maxMessages)
                LiveChatPayload.append(session, messages, to: &out)
            }
            out.append(UInt8(ascii: "]"))
            return .json(200, encoded: out)
        } catch {
            return Self.failed
        }
    }

    private func mayList(_ request: HTTPRequest) -> Bool {
        let headers = request.headers.all("Authorization")
        return headers.count == 1 && staff.member(token: ChannelStaff.bearer(headers[0])) != nil
    }

    private func messages(of session: String) async -> HTTPResponse {
        do throws(ServiceError) {
            var found: AliasedConversation?
            if session.utf8.count <= Self.maxSessionBytes {
                found = try await services.service.aliased(alias(session))
            }
            var messages: [MessageRecord] = []
            if let id = found?.conversation.id {
                messages = try await services.service.messages(in: id, after: 0, limit: Self.maxMessages)
            }
            var out: [UInt8] = []
            LiveChatPayload.append(messages, to: &out)
            return .json(200, encoded: out)
        } catch {
            return Self.failed
        }
    }
}
