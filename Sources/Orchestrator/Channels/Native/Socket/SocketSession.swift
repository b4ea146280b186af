// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Transport
import WireProtocols

/// One socket of a proven person, and the conversations it watches.
///
/// A conversation is `resuming` while what was missed is read from the store; what happens meanwhile is held back
/// and told after it. Then it is `live`: events go from the conversation straight to the socket.
package final class SocketSession: ChannelSession {
    /// Conversations one socket may watch.
    static let maxConversations = 64
    /// Messages of one socket that may be on their way at once.
    static let maxRunning = 64
    /// Events held back for one resuming conversation; with more, the client is told to read the history.
    static let maxHeld = 1024

    enum Watch {
        /// Nothing above `after` has been told yet.
        case resuming(held: [ConversationDelivery])
        case live
    }

    struct Watched {
        var watch: Watch
        /// The assistant, for the one whose conversation it is; nil for staff, who do not depend on its roles.
        var assistant: String?
        /// The highest sequence number that went to this socket.
        var told: Int
    }

    struct State {
        var watched: [String: Watched] = [:]
        var malformed = 0
        var running = 0
        var isClosed = false
    }

    let channel: NativeChannel
    let socket: any NativeSocket
    let identity: Identity
    /// Verified again after each reload: its secret or role may be gone.
    let token: String
    let peer: String
    /// Whose it is.
    package let member: SessionMember
    /// Whose requests these count with.
    let limitKey: String
    let state = Mutex(State())

    init(
        _ channel: NativeChannel, _ socket: any NativeSocket, identity: Identity, token: String, peer: String
    ) {
        self.channel = channel
        self.socket = socket
        self.identity = identity
        self.token = token
        self.peer = peer
        limitKey = NativeChannel.key(identity, peer: peer)
        let roles = channel.settings.snapshots.current().parts.server.roles
        member = SessionMember(
            channel: channel.name, user: identity.user, role: identity.role, name: identity.name,
            isStaff: roles[identity.role]?.isStaff ?? false, since: channel.settings.clock.now())
    }

    /// Serves the socket until it is closed.
    package func run() async {
        channel.settings.sockets.add(self)
        // What was taken back between the handshake and this line has told only those who were there.
        snapshotChanged()
        channel.settings.metrics.socketsChanged(channel: channel.name, by: 1)
        let cancelExpiry = identity.expires.map { end in
            socket.schedule(max(.zero, end - channel.settings.clock.now())) { [weak self] in
                self?.end(.expired)
            }
        }
        await withDiscardingTaskGroup { group in
            while let message = await socket.receive() {
                await take(message, &group)
                if state.withLock(\.isClosed) { break }
            }
            leave()
            // Turns that still run are cut short, as for any client that leaves.
            group.cancelAll()
        }
        cancelExpiry?()
        channel.settings.sockets.remove(self)
        channel.settings.metrics.socketsChanged(channel: channel.name, by: -1)
    }

    private func leave() {
        let watched = state.withLock { state in
            defer { state.watched = [:] }
            return Array(state.watched.keys)
        }
        for conversation in watched { channel.settings.service.detach(self, from: conversation) }
    }

    func send(_ bytes: [UInt8]) { _ = socket.send(bytes: bytes, isText: true) }

    func fail(_ error: ServiceError, conversation: String? = nil, clientMessageID: String? = nil) {
        send(
            FramePayload.error(
                error.kind.rawValue, error.message, conversation: conversation,
                clientMessageID: clientMessageID))
    }
}

// MARK: the end

extension SocketSession {
    /// Why a socket is closed by the server.
    enum Ending {
        case expired, invalidToken, roleGone, assistantGone, malformed, flood

        var code: UInt16 {
            switch self {
            case .expired, .invalidToken: 4401
            case .roleGone, .assistantGone: 4403
            case .malformed, .flood: 1008
            }
        }

        var name: String {
            switch self {
            case .expired: "expired-token"
            case .invalidToken: "token-no-longer-valid"
            case .roleGone: "unknown-role"
            case .assistantGone: "unknown-assistant"
            case .malformed: "too-many-malformed-frames"
            case .flood: "rate-limited"
            }
        }

        var message: String {
            switch self {
            case .expired: "the token has expired"
            case .invalidToken: "the token is no longer valid"
            case .roleGone: "your role is no longer known here"
            case .assistantGone: "the assistant is no longer offered to you"
            case .malformed: "too many malformed frames"
            case .flood: "too many frames"
            }
        }
    }

    /// Says why, and closes.
    func end(_ ending: Ending) {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard isFirst else { return }
        send(FramePayload.error(ending.name, ending.message))
        socket.close(code: ending.code, reason: ending.name)
        let fields: JSON = ["channel": .string(channel.name), "peer": .string(peer)]
        channel.settings.log.log(.info, ending.name, nil, fields.members ?? JSONObject())
    }

    /// Closes when the token, the role or an assistant is gone from the snapshot that is now being served.
    package func snapshotChanged() {
        let snapshot = channel.settings.snapshots.current()
        do throws(TokenError) {
            let now = try channel.credentials.verify(token, snapshot, now: channel.settings.clock.now())
            guard now.role == identity.role, now.user == identity.user else { return end(.invalidToken) }
        } catch {
            return end(error.kind == .unknownRole ? .roleGone : .invalidToken)
        }
        let assistants = state.withLock { Set($0.watched.values.compactMap(\.assistant)) }
        for id in assistants where id != ConversationService.relay {
            let isOffered =
                channel.offers(id, snapshot)
                && snapshot.assistant(id)?.parts.roles.contains(identity.role) == true
            if !isOffered { return end(.assistantGone) }
        }
    }
}
