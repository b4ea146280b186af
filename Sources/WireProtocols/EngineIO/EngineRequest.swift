// SPDX-License-Identifier: Apache-2.0

/// How a session's packets travel.
package enum EngineTransport: String, Sendable, Hashable {
    case polling, websocket
}

/// A request to an Engine.IO endpoint, judged by its method and query before any session is touched.
package enum EngineRequest: Sendable, Hashable {
    /// A new session.
    case open(EngineTransport)
    /// The client wants what is waiting for it.
    case poll(session: String)
    /// The client brings packets.
    case push(session: String)
    /// A WebSocket that wants to take a polling session over.
    case probe(session: String)

    /// What a request says about itself.
    package struct Parts: Sendable {
        /// The method.
        package var method: String
        /// Asks for a WebSocket, correctly.
        package var isUpgrade: Bool
        /// The values of `EIO`, `transport` and `sid` in the query.
        package var version: String?, transport: String?, session: String?

        /// The parts of a request.
        package init(
            method: String, isUpgrade: Bool, version: String?, transport: String?, session: String?
        ) {
            self.method = method
            self.isUpgrade = isUpgrade
            self.version = version
            self.transport = transport
            self.session = session
        }
    }

    /// Judges a request; `current` tells how a session travels now, nil for one that is not known.
    ///
    /// The order of the checks is the one clients see: transport, session, method, version.
    package init(
        _ parts: Parts, current: (String) -> EngineTransport?
    ) throws(EngineRefusal) {
        guard let transport = parts.transport.flatMap(EngineTransport.init(rawValue:)) else {
            throw .unknownTransport
        }
        guard parts.isUpgrade == (transport == .websocket) else { throw .badRequest }
        guard let session = parts.session else {
            guard parts.method == "GET" else { throw .badHandshakeMethod }
            guard parts.version == "4" else { throw .unsupportedProtocol }
            self = .open(transport)
            return
        }
        guard let now = current(session) else { throw .unknownSession }
        switch (transport, parts.method) {
        // Whatever the session's transport: who comes too late is let in and closed, as clients expect.
        case (.websocket, _): self = .probe(session: session)
        case (.polling, "GET") where now == .polling: self = .poll(session: session)
        case (.polling, "POST") where now == .polling: self = .push(session: session)
        case (.polling, _): throw .badRequest
        }
    }
}
