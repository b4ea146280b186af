// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Transport
import WireProtocols

extension WidgetChannel {
    /// Before the id of a conversation that no vendor keeps a thread of.
    static let threadPrefix = "thread_"
    /// Messages of one answer; more are asked for with `offset`.
    static let maxMessages = 10_000
    /// Conversations of one answer.
    static let maxListed = 100
    // Names of threads stand apart from those of conversations.
    private static let threads = "thread"

    /// The channel's name of a conversation, by which its lists go.
    func alias(_ id: String) -> ConversationAlias { ConversationAlias(channel: name, externalID: id) }

    /// Another name of the same conversation.
    func alias(thread: String) -> ConversationAlias {
        ConversationAlias(channel: name, user: Self.threads, externalID: thread)
    }

    /// The conversation of that id; nil when there is none.
    func find(_ id: String) async throws(WidgetError) -> AliasedConversation? {
        guard id.utf8.count <= WidgetQuestion.maxID else { return nil }
        do throws(ServiceError) { return try await services.service.aliased(alias(id)) } catch {
            throw WidgetError(error)
        }
    }

    /// The conversation of a vendor's thread, or of one of ours.
    func find(thread: String) async throws(WidgetError) -> AliasedConversation? {
        guard thread.utf8.count <= WidgetQuestion.maxID else { return nil }
        do throws(ServiceError) {
            if let known = try await services.service.aliased(alias(thread: thread)),
                let id = known.conversation.externalID
            {
                return try await services.service.aliased(alias(id))
            }
        } catch {
            throw WidgetError(error)
        }
        guard thread.hasPrefix(Self.threadPrefix) else { return nil }
        return try await find(String(thread.dropFirst(Self.threadPrefix.count)))
    }

    func show(_ id: String) async throws(WidgetError) -> JSON {
        guard let found = try await find(id) else { throw .noConversation }
        return WidgetPayload.conversation(found, try await messages(in: found, after: 0, Self.maxMessages))
    }

    func show(thread: String) async throws(WidgetError) -> JSON {
        guard let found = try await find(thread: thread) else { throw .noThread }
        return WidgetPayload.conversation(found, try await messages(in: found, after: 0, Self.maxMessages))
    }

    func delete(_ id: String) async throws(WidgetError) -> JSON {
        guard let found = try await find(id) else { throw .noConversation }
        do throws(ServiceError) {
            guard try await services.service.remove(found.conversation.id) else {
                throw ServiceError(.notFound, "")
            }
        } catch {
            throw WidgetError(error)
        }
        counted.withLock { $0 = nil }
        return ["success": true, "message": "Conversation deleted"]
    }

    func messages(of id: String, _ call: WidgetCall) async throws(WidgetError) -> JSON {
        let limit = call.number("limit", upTo: Self.maxMessages)
        let offset = call.number("offset", upTo: 1_000_000_000) ?? 0
        var shown: [MessageRecord] = []
        if let found = try await find(id) {
            // Numbers have no gaps, but the oldest may have been removed.
            let first = try await messages(in: found, after: 0, 1).first?.sequence ?? 1
            shown = try await messages(in: found, after: first - 1 + offset, limit ?? Self.maxMessages)
        }
        return [
            "conversationId": .string(id), "messages": .array(shown.map(WidgetPayload.message)),
            "pagination": Self.pagination(limit, offset, shown.count),
        ]
    }

    /// What was begun from the caller's own address; nobody else's is shown.
    func conversations(of user: String, _ call: WidgetCall) async throws(WidgetError) -> JSON {
        guard user == call.request.peer else { throw WidgetError(403, "Access denied") }
        let limit = call.number("limit", upTo: Self.maxListed) ?? 10
        let offset = call.number("offset", upTo: 1_000_000_000) ?? 0
        var query = AliasQuery(channel: name, limit: limit)
        query.user = ""
        query.person = Caller.guest(of: name, user).user
        query.order = .active
        query.offset = offset
        do throws(ServiceError) {
            let found = try await services.service.aliased(query)
            return [
                "conversations": .array(found.map(WidgetPayload.line)),
                "pagination": Self.pagination(limit, offset, found.count),
            ]
        } catch {
            throw WidgetError(error)
        }
    }

    private func messages(
        in found: AliasedConversation, after sequence: Int, _ limit: Int
    ) async throws(WidgetError) -> [MessageRecord] {
        do throws(ServiceError) {
            return try await services.service.messages(
                in: found.conversation.id, after: sequence, limit: limit)
        } catch {
            throw WidgetError(error)
        }
    }

    private static func pagination(_ limit: Int?, _ offset: Int, _ count: Int) -> JSON {
        [
            "limit": limit.map { .integer($0) } ?? .null, "offset": .integer(offset),
            "hasMore": .bool(limit.map { count >= $0 } ?? false),
        ]
    }
}
