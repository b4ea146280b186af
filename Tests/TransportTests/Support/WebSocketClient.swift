// SPDX-License-Identifier: Apache-2.0

/// A WebSocket client that can also say what RFC 6455 forbids.
final class WebSocketClient {
    struct Frame: Equatable {
        var opcode: UInt8
        var payload: [UInt8]
        var isFinal = true

        var text: String { String(decoding: payload, as: UTF8.self) }
        /// Of a close frame.
        var code: Int { payload.count < 2 ? 1005 : Int(payload[0]) << 8 | Int(payload[1]) }

        static func text(_ text: String) -> Frame { Frame(opcode: 1, payload: Array(text.utf8)) }
        static func close(_ code: Int) -> Frame {
            Frame(opcode: 8, payload: [UInt8(code >> 8), UInt8(code & 255)])
        }
    }

    static let key = "dGhlIHNhbXBsZSBub25jZQ=="
    let raw: RawClient
    let handshake: RawClient.Reply?

    init(
        port: Int, path: String = "/ws", headers: String = "", early: [UInt8] = [],
        receiveBuffer: Int32? = nil
    ) {
        raw = RawClient(port: port, receiveBuffer: receiveBuffer)
        let request =
            "GET \(path) HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: \(Self.key)\r\n\(headers)\r\n"
        raw.send(Array(request.utf8) + early)
        handshake = raw.readReply()
    }

    /// The bytes of a masked frame.
    static func encode(_ frame: Frame, mask: [UInt8]? = [1, 2, 3, 4], reserved: UInt8 = 0) -> [UInt8] {
        let count = frame.payload.count
        var bytes = [(frame.isFinal ? 0x80 : 0) | reserved << 4 | frame.opcode]
        let masked: UInt8 = mask == nil ? 0 : 0x80
        switch count {
        case ..<126: bytes.append(masked | UInt8(count))
        case ..<65_536: bytes += [masked | 126, UInt8(count >> 8), UInt8(count & 255)]
        default: bytes += [masked | 127] + (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) }
        }
        guard let mask else { return bytes + frame.payload }
        return bytes + mask + frame.payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    func send(_ frame: Frame) { raw.send(Self.encode(frame)) }
    func send(_ text: String) { send(.text(text)) }

    func receive() -> Frame? {
        guard let head = raw.read(2) else { return nil }
        var count = Int(head[1] & 0x7f)
        if count >= 126 {
            guard let more = raw.read(count == 126 ? 2 : 8) else { return nil }
            count = more.reduce(0) { $0 << 8 | Int($1) }
        }
        guard let payload = raw.read(count) else { return nil }
        return Frame(opcode: head[0] & 15, payload: payload, isFinal: head[0] & 0x80 != 0)
    }
}
