// SPDX-License-Identifier: Apache-2.0
internal import CBeast

/// What one WebSocket does otherwise than its listener.
public struct WebSocketSettings: Sendable, Equatable {
    /// Whether silence is answered with pings and silence after those with the end.
    ///
    /// A dialect with a heartbeat of its own turns this off, and then finds dead peers itself.
    public var pings = true
    /// Bytes of one message, beyond which the socket closes with 1009; nil for the listener's limit.
    public var messageBytes: Int?
    /// Whether messages may be compressed where the listener and the client want it.
    public var deflate = true

    /// As the listener does.
    public init() {}

    /// For dialects with a heartbeat of their own.
    public static let withoutPings: WebSocketSettings = {
        var settings = WebSocketSettings()
        settings.pings = false
        return settings
    }()

    var native: cb_ws_options {
        cb_ws_options(
            message_bytes: messageBytes.map { UInt64(clamping: max(1, $0)) } ?? 0, pings: pings,
            deflate: deflate)
    }
}
