// SPDX-License-Identifier: Apache-2.0

/// Where a server listens, and what it takes there.
public struct ListenerSettings: Sendable {
    /// What messages and metrics call the listener.
    public var name: String
    /// A numeric address, or `localhost`.
    public var host: String
    /// 0 asks for any free port.
    public var port: Int
    /// See ``HTTPLimits``.
    public var limits: HTTPLimits
    /// What connections speak TLS with; nil for plain ones.
    public var identity: TLSIdentity?
    /// Says which requests are handled as soon as their header is there, with ``HTTPRequest/bodyReader`` for the
    /// body: the limits for the body, which take the place of the listener's; nil to read it whole first.
    ///
    /// Called on an event loop, for requests whose body is still to come; the request it is shown has no body yet.
    public var streamsBody: (@Sendable (HTTPRequest) -> HTTPBodyLimits?)?
    /// Makes the answer to a request refused before routing; status and close are as the refusal says.
    public var refusalResponse: @Sendable (HTTPRefusal) -> HTTPResponse = { $0.defaultResponse }
    /// Hears of each refusal, on an event loop; for the log.
    public var onRefusal: @Sendable (HTTPRefusal) -> Void = { _ in }

    /// A listener with the standard error bodies.
    public init(name: String, host: String = "127.0.0.1", port: Int, limits: HTTPLimits = HTTPLimits()) {
        self.name = name
        self.host = host
        self.port = port
        self.limits = limits
    }
}
