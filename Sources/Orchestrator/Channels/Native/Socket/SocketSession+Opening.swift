// SPDX-License-Identifier: Apache-2.0

import Synchronization

extension SocketSession {
    /// Missed messages that are told again; with more, the client reads the history page by page.
    static let maxMissed = 500

    /// Watches a conversation, or begins one, and tells what was missed since `after`.
    func open(
        _ conversation: String?, _ assistant: String?, epoch: String?, after: Int?, _ snapshot: Snapshot
    ) async throws(ServiceError) {
        let id: String
        if let conversation { id = conversation } else { id = try await begin(assistant ?? "", snapshot) }
        let record = try await attach(id, snapshot)
        let missed = after.map { record.sequence - $0 } ?? -1
        let isResumed = epoch == record.epoch && (0...Self.maxMissed).contains(missed)
        send(FramePayload.opened(record, resumed: isResumed))
        if isResumed, let after { await tellMissed(id, from: after, to: record.sequence) }
        finishResuming(id)
    }

    /// Watches the conversation of a message if that has not been asked for; the assistant that answers there.
    func watch(_ conversation: String, _ snapshot: Snapshot) async throws(ServiceError) -> String? {
        if let watched = state.withLock({ $0.watched[conversation] }) { return watched.assistant }
        try await open(conversation, nil, epoch: nil, after: nil, snapshot)
        return state.withLock { $0.watched[conversation]?.assistant }
    }

    private func begin(_ assistant: String, _ snapshot: Snapshot) async throws(ServiceError) -> String {
        guard channel.mayBegin(assistant, identity, snapshot) else {
            throw ServiceError(.unknownAssistant, "there is no such assistant")
        }
        return try await channel.settings.service.begin(
            assistant: assistant, caller: identity.caller, channel: channel.name
        ).id
    }

    private func attach(_ id: String, _ snapshot: Snapshot) async throws(ServiceError) -> ConversationRecord {
        let service = channel.settings.service
        guard state.withLock({ $0.watched.count < Self.maxConversations || $0.watched[id] != nil }) else {
            throw ServiceError(.busy, "this socket watches too many conversations")
        }
        let isNew = state.withLock { state in
            let assistant = state.watched[id]?.assistant
            let isNew = state.watched[id] == nil
            state.watched[id] = Watched(watch: .resuming(held: []), assistant: assistant, told: 0)
            return isNew
        }
        do throws(ServiceError) {
            let record =
                isNew
                ? try await service.attach(self, to: id, caller: identity.caller)
                : try await service.conversation(id, caller: identity.caller)
            guard channel.offers(record.assistant, snapshot), identity.reaches(record.assistant) else {
                if isNew { service.detach(self, from: id) }
                throw ServiceError(.notFound, "there is no such conversation")
            }
            let assistant = record.user == identity.user ? record.assistant : nil
            state.withLock { $0.watched[id]?.assistant = assistant }
            return record
        } catch {
            state.withLock { $0.watched[id] = nil }
            throw error
        }
    }

    private func tellMissed(_ id: String, from after: Int, to last: Int) async {
        var next = after
        while next < last {
            let page: MessagePage
            do throws(ServiceError) {
                page = try await channel.settings.service.messages(
                    in: id, caller: identity.caller, after: next, limit: min(100, last - next))
            } catch {
                return fail(error, conversation: id)
            }
            for message in page.messages {
                send(FramePayload.encode(.message(message), of: id))
                next = max(next, message.sequence)
            }
            let told = next
            state.withLock { $0.watched[id]?.told = told }
            if page.messages.isEmpty { return }
        }
    }

    /// Tells what was held back, and lets events through.
    ///
    /// What happens while it is told is held back in turn.
    private func finishResuming(_ id: String) {
        while true {
            let (held, told): ([ConversationDelivery], Int) = state.withLock { state in
                guard var watched = state.watched[id], case .resuming(let held) = watched.watch else {
                    return ([], 0)
                }
                let told = watched.told
                watched.watch = held.isEmpty ? .live : .resuming(held: [])
                for delivery in held { watched.note(delivery) }
                state.watched[id] = watched
                return (held, told)
            }
            guard !held.isEmpty else { return }
            for delivery in held {
                // A message that was stored while the missed ones were read may have been among them.
                if case .message(let message) = delivery.event, message.sequence <= told { continue }
                tell(delivery)
            }
        }
    }
}
