// SPDX-License-Identifier: Apache-2.0

/// What an Engine.IO endpoint keeps to; the defaults are those that clients of Socket.IO know.
///
/// Times are milliseconds.
package struct EngineSettings: Sendable, Hashable {
    /// From one pong to the next ping.
    package var pingInterval = 25_000
    /// What the client then has to answer.
    package var pingTimeout = 20_000
    /// Bytes of one message, and of one polling body.
    package var maxPayload = 1_000_000
    /// How long a probe may take to become the session's WebSocket.
    package var upgradeTimeout = 10_000
    /// Bytes that may wait for a poll; beyond, the session is closed.
    package var maxBuffered = 1_048_576

    /// The defaults.
    package init() {}
}

/// Why a session ended.
package enum EngineCloseReason: String, Sendable, Hashable {
    case clientClosed = "transport close"
    case pingTimeout = "ping timeout"
    case parseError = "parse error"
    case tooLarge = "payload too large"
    case overlappingPolls = "overlap of poll requests"
    case slowClient = "too much waits for the client"
    case serverClosed = "forced close"
    case shutdown = "server shutting down"
}
