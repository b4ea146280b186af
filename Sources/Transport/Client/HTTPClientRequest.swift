// SPDX-License-Identifier: Apache-2.0

/// A request to another server, with everything that bounds it.
public struct HTTPClientRequest: Sendable {
    /// `GET`, `POST`, ...; sent as it is.
    public var method: String
    /// An `http:` or `https:` address; anything else fails as ``HTTPClientError/Kind/badRequest``.
    public var url: String
    /// Sent in their order, after those libcurl makes (`Host`, `Accept-Encoding`, `Content-Length`).
    public var headers: HTTPHeaders
    /// Sent with its length; empty, only `POST`, `PUT` and `PATCH` say that it is.
    public var body: [UInt8]
    /// How long each part may take.
    public var deadlines: HTTPClientDeadlines
    /// Bytes of the answer, after decompression; beyond, ``HTTPClientError/Kind/tooLarge``.
    public var maxResponseBytes: Int
    /// What the connection may lead to.
    public var destinations: AllowedDestinations
    /// A file of certificates to trust in place of the system's.
    public var certificateFile: String?
    /// Whether libcurl may send it a second time when a kept connection turns out to be dead.
    ///
    /// Only for what does no harm twice; by default where the method is idempotent (RFC 9110 9.2.2).
    public var isRepeatable: Bool

    /// A request with the defaults of a call to another service.
    public init(
        method: String = "GET", url: String, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = [],
        deadlines: HTTPClientDeadlines = HTTPClientDeadlines(), maxResponseBytes: Int = 1024 * 1024,
        destinations: AllowedDestinations = .any, certificateFile: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.deadlines = deadlines
        self.maxResponseBytes = maxResponseBytes
        self.destinations = destinations
        self.certificateFile = certificateFile
        isRepeatable = Self.idempotentMethods.contains(method)
    }

    /// The methods that RFC 9110 9.2.2 calls idempotent.
    public static let idempotentMethods: Set<String> = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]
}

/// How long each part of a call may take; nil is without a limit of its own.
public struct HTTPClientDeadlines: Sendable, Equatable {
    /// Name look-up, connection and TLS together.
    public var connect: Duration
    /// From the start of the call to the first byte of the answer.
    public var firstByte: Duration?
    /// Between two pieces of the answer; the time in which nobody asks for the next piece does not count.
    public var idle: Duration?
    /// The whole call.
    public var total: Duration?

    /// 1 s to connect, 15 s for the first byte and between pieces, 60 s in all.
    public init(
        connect: Duration = .seconds(1), firstByte: Duration? = .seconds(15), idle: Duration? = .seconds(15),
        total: Duration? = .seconds(60)
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
    }
}
