// SPDX-License-Identifier: Apache-2.0

extension EngineSession {
    /// A message came over the session's WebSocket.
    package mutating func receive(_ frame: EngineFrame, now: Int, into outputs: inout [Output]) {
        guard phase == .webSocket else { return }
        guard frame.bytes.count <= settings.maxPayload else { return close(.tooLarge, into: &outputs) }
        switch EnginePacket(frame) {
        case .binary(let bytes): outputs.append(.message(.binary(bytes)))
        case .text(.message, let text): outputs.append(.message(.text(text)))
        case .text(.pong, _): takePong(now: now)
        case .text(.close, _): end(.clientClosed, into: &outputs)
        // Since revision 4 it is the server that asks.
        case .text(.ping, _), nil: close(.parseError, into: &outputs)
        case .text: break
        }
    }

    /// The session's WebSocket is gone.
    package mutating func socketEnded(into outputs: inout [Output]) {
        guard phase == .webSocket else { return }
        end(.clientClosed, into: &outputs)
    }

    /// Whether a WebSocket may try to take the session over.
    ///
    /// One tries at a time.
    package var acceptsProbe: Bool { phase == .polling }

    /// A message came over the probe: first `2probe`, then `5`; anything else ends the attempt.
    package mutating func receiveProbe(_ frame: EngineFrame, now: Int, into outputs: inout [Output]) {
        switch (phase, EnginePacket(frame)) {
        case (.polling, .text(.ping, let text)?) where text.elementsEqual("probe".utf8):
            phase = .upgrading(until: now + settings.upgradeTimeout)
            outputs.append(.sendToProbe(EngineFrame(.pong, "probe".utf8)))
            // The client waits for its poll to end before it says that it goes over.
            flush(into: &outputs)
            release(into: &outputs)
        case (.upgrading, .text(.upgrade, _)?):
            phase = .webSocket
            release(into: &outputs)
            outputs.append(.promoteProbe)
            for frame in buffer { outputs.append(.send(frame)) }
            buffer = []
            bufferedBytes = 0
        case (.webSocket, _), (.closed, _): break
        default: dropProbe(into: &outputs)
        }
    }

    /// The probe is gone; the session polls on.
    package mutating func probeEnded() {
        if case .upgrading = phase { phase = .polling }
    }

    mutating func dropProbe(into outputs: inout [Output]) {
        outputs.append(.closeProbe)
        probeEnded()
    }
}
