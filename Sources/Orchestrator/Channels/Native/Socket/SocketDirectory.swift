// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Every native socket of the process: whom an alert reaches, and who must hear of a reload.
package final class SocketDirectory: Sendable, AlertSink {
    private let sessions = Mutex<[String: [ObjectIdentifier: SocketSession]]>([:])
    private let left = Atomic<Int>(0)

    /// No sockets yet.
    package init() {}

    /// How many sockets are open.
    package var count: Int { sessions.withLock { $0.values.reduce(0) { $0 + $1.count } } }

    /// How many have been closed since the start.
    var departures: Int { left.load(ordering: .relaxed) }

    /// Tells the sockets of the alert's role, or those of its users.
    package func raise(_ delivery: ConversationDelivery) {
        guard case .alert(let alert) = delivery.event else { return }
        let role = sessions.withLock { Array(($0[alert.role] ?? [:]).values) }
        for session in role where alert.users.map({ $0.contains(session.identity.user) }) ?? true {
            session.tell(delivery)
        }
    }

    /// To be called after each swap of the snapshot: sockets whose token, role or assistant is gone are told and
    /// closed.
    package func snapshotChanged() {
        let all = sessions.withLock { $0.values.flatMap(\.values) }
        for session in all { session.snapshotChanged() }
    }

    func add(_ session: SocketSession) {
        sessions.withLock { $0[session.identity.role, default: [:]][ObjectIdentifier(session)] = session }
    }

    func remove(_ session: SocketSession) {
        left.add(1, ordering: .relaxed)
        sessions.withLock { sessions in
            let role = session.identity.role
            sessions[role]?[ObjectIdentifier(session)] = nil
            if sessions[role]?.isEmpty == true { sessions[role] = nil }
        }
    }
}
