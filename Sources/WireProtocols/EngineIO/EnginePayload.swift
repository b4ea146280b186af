// SPDX-License-Identifier: Apache-2.0

/// The body of a polling request or answer: packets with a record separator between them.
package enum EnginePayload {
    private static let separator: UInt8 = 0x1E
    /// Packets of one body; more are not read.
    package static let maxPackets = 16_384

    /// The packets of a body; nil when one of them is none, or there are too many.
    package static func decode(_ body: [UInt8]) -> [EnginePacket]? {
        var packets: [EnginePacket] = []
        var start = body.startIndex
        while true {
            let end = body[start...].firstIndex(of: separator) ?? body.endIndex
            guard packets.count < maxPackets, let packet = EnginePacket(piece: body[start..<end]) else {
                return nil
            }
            packets.append(packet)
            if end == body.endIndex { return packets }
            start = end + 1
        }
    }

    /// Frames as one body.
    package static func encode(_ frames: some Collection<EngineFrame>) -> [UInt8] {
        if frames.count == 1, let only = frames.first, only.isText { return only.bytes }
        var body: [UInt8] = []
        body.reserveCapacity(frames.reduce(0) { $0 + size(of: $1) })
        for (index, frame) in frames.enumerated() {
            if index > 0 { body.append(separator) }
            if frame.isText {
                body.append(contentsOf: frame.bytes)
            } else {
                body.append(UInt8(ascii: "b"))
                Base64.encode(frame.bytes, into: &body)
            }
        }
        return body
    }

    /// The bytes a frame takes in a body, its separator included.
    package static func size(of frame: EngineFrame) -> Int {
        frame.isText ? frame.bytes.count + 1 : (frame.bytes.count + 2) / 3 * 4 + 2
    }
}
