// SPDX-License-Identifier: Apache-2.0
import Transport
import WireProtocols

/// Says back every message of a WebSocket.
final class WebSocketEcho: WebSocketReceiver {
    func opened(_ socket: WebSocket) {}
    func received(_ message: WebSocketMessage, from socket: WebSocket) {
        socket.send(bytes: message.bytes, isText: message.isText)
    }
    func ended(_ socket: WebSocket) {}
}

/// Says back every message of an Engine.IO session.
final class EngineEcho: EngineApplication {
    private final class Session: EngineReceiver {
        private let connection: EngineConnection

        init(_ connection: EngineConnection) { self.connection = connection }

        func received(_ message: EngineMessage) {
            switch message {
            case .text(let text): connection.send(EngineFrame(.message, text))
            case .binary(let bytes): connection.send(EngineFrame(bytes, isText: false))
            }
        }
        func closed(_ reason: EngineCloseReason) {}
        func visit(now: Int) -> Int? { nil }
    }

    func opened(_ connection: EngineConnection, _ handshake: EngineHandshake) -> any EngineReceiver {
        Session(connection)
    }
}

/// Tells a client of Socket.IO what it came with, and says back what it is told.
final class EchoNamespace: SocketNamespace {
    func refusal(of auth: JSONObject, _ handshake: EngineHandshake) -> SocketRefusal? { nil }
    func joined(_ client: SocketClient) {
        // Suites listen for one packet after the other; two in one segment would be one too many for them.
        Task {
            try? await Task.sleep(for: .milliseconds(10))
            client.emit("auth", .object(client.auth))
        }
    }
    func received(_ event: SocketEvent, from client: SocketClient) {
        switch event.name {
        case "message": client.emit("message-back", event.arguments, attachments: event.attachments)
        case "message-with-ack":
            client.acknowledge(event, event.arguments, attachments: event.attachments)
        default: break
        }
    }
    func left(_ client: SocketClient, rooms: [String]) {}
}
