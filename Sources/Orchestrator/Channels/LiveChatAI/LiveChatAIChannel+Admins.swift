// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Transport
import WireProtocols

/// All admins of a channel as the rest of the server knows them: one member of staff, there while any of their sockets is.
final class LiveChatAIDashboard: ChannelSession {
    let member: SessionMember
    // The channel lets go of it with its last admin, and when it closes.
    private let channel: LiveChatAIChannel

    init(_ channel: LiveChatAIChannel) {
        self.channel = channel
        member = SessionMember(
            channel: channel.name, user: "\(channel.name):admin", role: TokenVerifier.adminRole,
            isStaff: true,
            isVouched: true, since: channel.services.clock.now())
    }

    func tell(_ delivery: ConversationDelivery) {
        guard case .queue(let notice) = delivery.event, notice.change == .waiting else { return }
        channel.announce(notice, from: delivery.origin)
    }

    /// Each of its sockets is asked by itself.
    func snapshotChanged() {}
}

extension LiveChatAIChannel {
    /// Conversations of each queue that are listed.
    static let maxWaiting = 100

    /// Lets a socket hear what admins hear.
    func enterDashboard(_ client: SocketClient, _ member: LiveChatAIMember) {
        client.join(Self.admins)
        guard member.state.withLock({ $0.becomes(admin: true) }) else { return }
        let first = state.withLock { state -> LiveChatAIDashboard? in
            state.admins += 1
            guard state.admins == 1 else { return nil }
            let dashboard = LiveChatAIDashboard(self)
            state.dashboard = dashboard
            return dashboard
        }
        if let first { services.sockets.add(first) }
    }

    /// Ends that.
    func leaveDashboard(_ client: SocketClient, _ member: LiveChatAIMember) {
        client.leave(Self.admins)
        guard member.state.withLock({ $0.becomes(admin: false) }) else { return }
        let last = state.withLock { state -> LiveChatAIDashboard? in
            state.admins -= 1
            guard state.admins == 0 else { return nil }
            defer { state.dashboard = nil }
            return state.dashboard
        }
        if let last { services.sockets.remove(last) }
    }

    /// Tells admins of a conversation that waits in a queue of this channel, wherever it was begun.
    func announce(_ notice: QueueNotice, from origin: ConversationOrigin?) {
        let wasTold = state.withLock { state in
            guard let index = state.called.firstIndex(of: notice.conversation) else { return false }
            state.called.remove(at: index)
            return true
        }
        guard !wasTold else { return }
        var told = JSONObject()
        told["sessionId"] = .string(
            origin?.name(on: name, of: notice.conversation) ?? notice.conversation)
        if origin?.channel != name {
            told["queue"] = .string(notice.queue)
            if let summary = notice.summary { told["summary"] = .string(summary) }
        }
        toAdmins("handoff-requested", .object(told))
        toAdmins("chat-list-update")
    }

    /// An admin as a member of staff; legacy ones, who prove nothing, are all the same one.
    func staffMember(_ identity: Identity?) -> StaffMember {
        let caller = Caller(
            user: identity?.user ?? "\(name):admin", role: identity?.role ?? TokenVerifier.adminRole,
            name: identity?.name, staffOf: name)
        return StaffMember(caller, channel: name)
    }

    /// What waits in the channel's queues and was begun elsewhere: with its summary, since a transcript opens with the
    /// claim.
    func waiting(for staff: StaffMember) async throws(ServiceError) -> [JSONObject] {
        var sessions: [JSONObject] = []
        for queue in settings?.serves ?? [] {
            let records = try await services.service.waiting(in: queue, limit: Self.maxWaiting)
            for record in records where record.channel != name {
                // Claimed by somebody just now.
                guard let summary = try? await services.service.summary(of: record.id, for: staff) else {
                    continue
                }
                sessions.append(LiveChatAIPayload.waiting(record, summary))
            }
        }
        return sessions
    }

    func adminReply(_ session: String, _ fields: JSONObject, _ client: SocketClient) async {
        guard isAdmin(client), let text = fields["message"]?.text else { return }
        var message = ChannelMessage(text)
        message.createdAt = fields["timestamp"]?.text.flatMap { Timestamp(iso8601: $0) }
        let staff = staffMember(admin(token: ChannelStaff.token(client.auth, client.handshake)))
        do throws(ServiceError) {
            let found = try await services.service.aliased(alias(session))
            // One that waits for this channel goes by its own id; claimed, that is its name here.
            let id = found?.conversation.id ?? session
            _ = try await services.service.reply(message, to: id, by: staff)
            if found == nil { try await services.service.bind(alias(session), to: id) }
            try await services.service.setAttributes(
                JSONObject([.init(name: "handedOff", value: true)]), of: alias(session))
            if found == nil { toAdmins("chat-list-update") }
        } catch {
            tell(error)
        }
    }
}
