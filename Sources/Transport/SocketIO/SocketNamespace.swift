// SPDX-License-Identifier: Apache-2.0
package import WireProtocols

/// What is served in one namespace of a Socket.IO endpoint.
///
/// Calls for one client come one at a time, in order; those for different clients at once. None may block.
package protocol SocketNamespace: AnyObject, Sendable {
    /// Whether a client may join; nil lets it in.
    func refusal(of auth: JSONObject, _ handshake: EngineHandshake) -> SocketRefusal?
    /// A client has joined and been told so.
    func joined(_ client: SocketClient)
    /// A client says something.
    func received(_ event: SocketEvent, from client: SocketClient)
    /// A client is gone, and in no room any longer.
    func left(_ client: SocketClient, rooms: [String])
}

/// Why a client may not join.
package struct SocketRefusal: Sendable, Hashable {
    /// One sentence, which the client's `connect_error` carries.
    package let message: String
    /// More about it.
    package let data: JSON?

    /// A refusal of these parts.
    package init(_ message: String, data: JSON? = nil) {
        self.message = message
        self.data = data
    }
}

/// What a Socket.IO endpoint keeps to.
package struct SocketSettings: Sendable, Hashable {
    /// What the sessions below keep to.
    package var engine = EngineSettings()
    /// Milliseconds in which a session must have joined a namespace.
    package var connectTimeout = 45_000
    /// Milliseconds in which a client that lost its connection comes back as if nothing had happened; 0 never.
    package var recovery = 0

    /// The defaults.
    package init() {}
}
