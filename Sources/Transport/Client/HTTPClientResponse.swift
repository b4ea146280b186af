// SPDX-License-Identifier: Apache-2.0

/// The beginning of an answer: what is known before its body.
public struct HTTPClientHead: Sendable {
    /// The status code, as the server sent it.
    public let status: Int
    /// The fields of the final head; those of 1xx answers are dropped.
    public let headers: HTTPHeaders
    /// How long it took to get here.
    public let timings: HTTPClientTimings
}

/// A whole answer.
public struct HTTPClientResponse: Sendable {
    /// Status, fields and times.
    public let head: HTTPClientHead
    /// The body, decompressed.
    public let body: [UInt8]

    /// The status code, as the server sent it.
    public var status: Int { head.status }
    /// The fields of the final head.
    public var headers: HTTPHeaders { head.headers }
}

/// Where the time of a call went, from its start.
public struct HTTPClientTimings: Sendable, Equatable {
    /// Until the connection stood, TLS included; near zero where one was kept.
    public var connected: Duration = .zero
    /// Until the first byte of the answer.
    public var firstByte: Duration = .zero
    /// Whether the connection had been used before.
    public var reusedConnection = false
}
