// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Every socket of the process: whom a notice reaches, who is here, and who must hear of a reload.
package final class SocketDirectory: Sendable, AlertSink {
    private let sessions = Mutex<[String: [ObjectIdentifier: any ChannelSession]]>([:])
    private let left = Atomic<Int>(0)

    /// No sockets yet.
    package init() {}

    /// How many sockets are open.
    package var count: Int { sessions.withLock { $0.values.reduce(0) { $0 + $1.count } } }

    /// How many have been closed since the start.
    var departures: Int { left.load(ordering: .relaxed) }

    /// The open sockets of a channel, or of all.
    package func members(of channel: String? = nil) -> [SessionMember] {
        all().map(\.member).filter { channel == nil || $0.channel == channel }
    }

    /// Takes a notice to those it is for.
    package func raise(_ delivery: ConversationDelivery) {
        for session in all() where delivery.event.concerns(session.member) { session.tell(delivery) }
    }

    /// To be called after each swap of the snapshot: sockets whose token, role or assistant is gone are told and
    /// closed.
    package func snapshotChanged() {
        for session in all() { session.snapshotChanged() }
    }

    /// Counts a socket; the rest of the staff are told when it is a member's first.
    package func add(_ session: some ChannelSession) {
        let member = session.member
        let isFirst = sessions.withLock { sessions in
            defer { sessions[member.user, default: [:]][ObjectIdentifier(session)] = session }
            return sessions[member.user]?.values.contains { $0.member.isStaff } != true
        }
        if member.isStaff, isFirst { tellPresence(of: member, isOnline: true) }
    }

    /// The socket is closed; the rest of the staff are told when it was a member's last.
    package func remove(_ session: some ChannelSession) {
        let member = session.member
        left.add(1, ordering: .relaxed)
        let isLast = sessions.withLock { sessions in
            guard sessions[member.user]?.removeValue(forKey: ObjectIdentifier(session)) != nil else {
                return false
            }
            let isLast = sessions[member.user]?.values.contains { $0.member.isStaff } != true
            if sessions[member.user]?.isEmpty == true { sessions[member.user] = nil }
            return isLast
        }
        if member.isStaff, isLast { tellPresence(of: member, isOnline: false) }
    }

    private func all() -> [any ChannelSession] { sessions.withLock { $0.values.flatMap(\.values) } }

    private func tellPresence(of member: SessionMember, isOnline: Bool) {
        let notice = PresenceNotice(
            user: member.user, name: member.name, role: member.role, isOnline: isOnline)
        let delivery = ConversationDelivery(.presence(notice), of: "")
        for session in all() where session.member.isStaff && session.member.user != member.user {
            session.tell(delivery)
        }
    }
}

extension ConversationEvent {
    /// True for those a notice is for.
    fileprivate func concerns(_ member: SessionMember) -> Bool {
        switch self {
        case .alert(let alert):
            return member.role == alert.role && (alert.users.map { $0.contains(member.user) } ?? true)
        case .queue(let notice):
            let isServed =
                member.channel == NativeChannel.mainName || notice.channels.contains(member.channel)
            return member.isStaff && isServed && (member.isVouched || notice.roles.contains(member.role))
        default: return false
        }
    }
}
