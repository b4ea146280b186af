// SPDX-License-Identifier: Apache-2.0

import Synchronization

extension SocketSession: ConversationSubscriber {
    /// Passes an event on, or holds it back while the conversation is being resumed.
    package func deliver(_ delivery: ConversationDelivery) {
        let isLive = state.withLock { state in
            guard var watched = state.watched[delivery.conversation] else { return false }
            defer { state.watched[delivery.conversation] = watched }
            guard case .resuming(var held) = watched.watch else {
                watched.note(delivery)
                return true
            }
            // Full: the client reads the history instead, see `finishResuming`.
            if held.count < Self.maxHeld { held.append(delivery) }
            watched.watch = .resuming(held: held)
            return false
        }
        if isLive { tell(delivery) }
    }

    /// Sends an event, unless it is the person's own typing.
    package func tell(_ delivery: ConversationDelivery) {
        if case .typing(let user, _) = delivery.event, user == identity.user { return }
        send(FramePayload.bytes(delivery))
    }
}

extension SocketSession.Watched {
    mutating func note(_ delivery: ConversationDelivery) {
        if case .message(let message) = delivery.event { told = max(told, message.sequence) }
    }
}

/// Tells a socket that its message is stored; everything else comes to it as a subscriber.
final class AcceptanceReport: TurnProgress {
    private let session: SocketSession
    private let isTold = Flag()

    init(_ session: SocketSession) { self.session = session }

    func report(_ delivery: ConversationDelivery) {
        guard case .accepted = delivery.event, isTold.raise() else { return }
        session.send(FramePayload.bytes(delivery))
    }

    /// A repeated message is answered from the store, without any event: what this socket has not seen is told.
    func complete(_ answer: TurnAnswer, clientMessageID: String) {
        let message = answer.message
        guard isTold.raise() else { return }
        session.send(
            FramePayload.encode(
                .accepted(clientMessageID: clientMessageID, sequence: message.sequence),
                of: message.conversation))
        let told = session.state.withLock { $0.watched[message.conversation]?.told ?? 0 }
        for reply in answer.replies where reply.sequence > told {
            session.send(FramePayload.encode(.message(reply), of: reply.conversation))
        }
    }
}
