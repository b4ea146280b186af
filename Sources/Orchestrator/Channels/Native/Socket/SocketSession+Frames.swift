// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Transport

extension SocketSession {
    /// Carries out one frame.
    ///
    /// Messages run beside the socket, which goes on reading: a stop must overtake a turn.
    func take(_ message: WebSocketMessage, _ group: inout DiscardingTaskGroup) async {
        let snapshot = channel.settings.snapshots.current()
        let limits = channel.limits(snapshot)
        let now = channel.settings.clock.now()
        guard case .admitted = channel.admitFlood(limitKey, limits, now: now) else { return end(.flood) }
        let frame: SocketFrame
        do throws(SocketFrame.Malformed) {
            frame = try SocketFrame(message, limits: limits)
        } catch {
            return refuse(error, limits)
        }
        switch frame {
        case .ping: send(FramePayload.pong)
        case .message(let conversation, let text, let id):
            await say(text, in: conversation, clientMessageID: id, snapshot, &group)
        default: await follow(frame, snapshot)
        }
    }

    private func refuse(_ error: SocketFrame.Malformed, _ limits: Limits) {
        send(FramePayload.error("malformed-frame", error.message))
        let count = state.withLock { state in
            state.malformed += 1
            return state.malformed
        }
        if count >= limits.malformedFrames { end(.malformed) }
    }

    private func follow(_ frame: SocketFrame, _ snapshot: Snapshot) async {
        let service = channel.settings.service
        let caller = identity.caller
        do throws(ServiceError) {
            switch frame {
            case .open(let conversation, let assistant, let epoch, let after):
                try await open(conversation, assistant, epoch: epoch, after: after, snapshot)
            case .typing(let conversation, let on):
                try await service.typing(on, in: conversation, caller: caller)
            case .read(let conversation, let sequence):
                try await service.read(sequence, in: conversation, caller: caller)
            case .stop(let conversation): try await service.stop(conversation, caller: caller)
            case .message, .ping: break
            }
        } catch {
            fail(error, conversation: frame.conversation)
        }
    }

    private func say(
        _ text: String, in conversation: String, clientMessageID: String?, _ snapshot: Snapshot,
        _ group: inout DiscardingTaskGroup
    ) async {
        do throws(ServiceError) {
            let assistant = try await watch(conversation, snapshot)
            try admit(text, to: assistant, snapshot)
        } catch {
            return fail(error, conversation: conversation, clientMessageID: clientMessageID)
        }
        let turn = TurnRequest(
            text: text, conversation: conversation, caller: identity.caller, clientMessageID: clientMessageID)
        // Starts at once on this thread, so that messages take their places in the order in which they came.
        group.addImmediateTask { [self] in await run(turn) }
    }

    private func run(_ turn: TurnRequest) async {
        let report = turn.clientMessageID.map { _ in AcceptanceReport(self) }
        do throws(ServiceError) {
            let answer = try await channel.submit(turn, progress: report)
            if let id = turn.clientMessageID { report?.complete(answer, clientMessageID: id) }
        } catch {
            fail(error, conversation: turn.conversation, clientMessageID: turn.clientMessageID)
        }
        state.withLock { $0.running -= 1 }
    }

    // Takes a place among the running messages, which `run` gives back.
    private func admit(_ text: String, to assistant: String?, _ snapshot: Snapshot) throws(ServiceError) {
        do throws(NativeError) {
            try channel.limitMessage(
                text, to: assistant ?? "", key: limitKey, snapshot, now: channel.settings.clock.now())
        } catch {
            throw ServiceError(.rateLimited, error.message)
        }
        let isFree = state.withLock { $0.running < Self.maxRunning }
        guard isFree || NativeChannel.isEmergency(text, for: assistant ?? "", snapshot) else {
            throw ServiceError(.busy, "too many messages of this socket are waiting")
        }
        state.withLock { $0.running += 1 }
    }
}

extension SocketFrame {
    var conversation: String? {
        switch self {
        case .open(let conversation, _, _, _): conversation
        case .message(let conversation, _, _), .typing(let conversation, _), .read(let conversation, _),
            .stop(let conversation):
            conversation
        case .ping: nil
        }
    }
}
