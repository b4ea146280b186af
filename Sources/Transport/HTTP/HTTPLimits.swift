// SPDX-License-Identifier: Apache-2.0
internal import CBeast

/// What a client may ask of a listener; the defaults are those of a public server.
public struct HTTPLimits: Sendable, Equatable {
    /// Bytes of all header lines of a request together; beyond, 431.
    public var headerBytes = 16 * 1024
    /// Header lines of a request; beyond, 431.
    public var headerCount = 100
    /// Bytes of the request target; beyond, 414.
    public var targetBytes = 8 * 1024
    /// Bytes of a request body; beyond, 413, before reading it where its length is announced.
    public var bodyBytes = 1024 * 1024
    /// From a request's first byte, or from connecting, to the end of its header; beyond, 408.
    public var headerDeadline: Duration = .seconds(10)
    /// From the end of the header to the end of the body, beyond, 408; also what a client has to take an
    /// answer, on top of a second for each 16 kB.
    public var bodyDeadline: Duration = .seconds(60)
    /// How long a connection is kept between two requests.
    public var idleDeadline: Duration = .seconds(75)
    /// Bytes of one WebSocket message; beyond, the socket is closed with 1009.
    public var webSocketMessageBytes = 1024 * 1024
    /// Bytes that may wait to be sent to one WebSocket; beyond, it is closed with 1008.
    public var sendQueueBytes = 1024 * 1024
    /// Silence after which a WebSocket is pinged.
    public var pingInterval: Duration = .seconds(20)
    /// What it then has to answer before it counts as dead.
    public var pingGrace: Duration = .seconds(10)
    /// Whether WebSocket messages are compressed for clients that offer it (RFC 7692), with nothing remembered between
    /// messages.
    public var deflate = true
    /// Connections open at once, WebSockets included; beyond, 503.
    public var connections = 65_536

    /// The defaults.
    public init() {}

    var native: cb_limits {
        cb_limits(
            header_bytes: UInt32(clamping: headerBytes), header_count: UInt32(clamping: headerCount),
            target_bytes: UInt32(clamping: targetBytes), connections: UInt32(clamping: connections),
            body_bytes: UInt64(clamping: bodyBytes), header_ms: headerDeadline.clampedMilliseconds,
            body_ms: bodyDeadline.clampedMilliseconds, idle_ms: idleDeadline.clampedMilliseconds,
            message_bytes: UInt64(clamping: webSocketMessageBytes),
            queue_bytes: UInt64(clamping: sendQueueBytes),
            ping_ms: pingInterval.clampedMilliseconds, pong_ms: pingGrace.clampedMilliseconds,
            deflate: deflate)
    }
}
