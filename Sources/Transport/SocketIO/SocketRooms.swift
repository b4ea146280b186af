// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// Who is in which room.
///
/// A room exists while somebody is in it. Most have one or two members, so they are lists.
final class SocketRooms: Sendable {
    private let members = Mutex<[String: [SocketClient]]>([:])

    func add(_ client: SocketClient, to room: String) {
        members.withLock { $0[Self.key(client.namespace, room), default: []].append(client) }
    }

    func remove(_ client: SocketClient, from room: String) {
        members.withLock { members in
            let key = Self.key(client.namespace, room)
            guard let index = members[key]?.firstIndex(where: { $0 === client }) else { return }
            members[key]?.remove(at: index)
            if members[key]?.isEmpty == true { members[key] = nil }
        }
    }

    /// The list as it is now: shared, not copied.
    func members(of room: String, in namespace: String) -> [SocketClient] {
        members.withLock { $0[Self.key(namespace, room)] ?? [] }
    }

    // Most endpoints have one namespace, whose rooms need no prefix.
    private static func key(_ namespace: String, _ room: String) -> String {
        namespace == "/" ? room : "\(namespace)\n\(room)"
    }
}
