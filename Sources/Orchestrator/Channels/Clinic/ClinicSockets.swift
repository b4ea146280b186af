// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WireProtocols

/// The channel's open sockets by user.
final class ClinicSockets: Sendable {
    private let sockets = Mutex<[String: [ObjectIdentifier: ClinicSocket]]>([:])

    var count: Int { sockets.withLock { $0.values.reduce(0) { $0 + $1.count } } }

    func add(_ socket: ClinicSocket) {
        sockets.withLock { $0[socket.member.user, default: [:]][ObjectIdentifier(socket)] = socket }
    }

    func remove(_ socket: ClinicSocket) {
        sockets.withLock { sockets in
            sockets[socket.member.user]?[ObjectIdentifier(socket)] = nil
            if sockets[socket.member.user]?.isEmpty == true { sockets[socket.member.user] = nil }
        }
    }

    func all() -> [ClinicSocket] { sockets.withLock { $0.values.flatMap(\.values) } }

    /// The sockets of these people.
    func of(_ users: [String]) -> [ClinicSocket] {
        sockets.withLock { sockets in users.flatMap { sockets[$0].map { Array($0.values) } ?? [] } }
    }

    /// Everybody who is connected, each once, since their first socket that is still open; by id.
    func users() -> [SessionMember] {
        sockets.withLock { sockets in
            sockets.values.compactMap { $0.values.map(\.member).min { $0.since < $1.since } }
        }.sorted { $0.user < $1.user }
    }
}
