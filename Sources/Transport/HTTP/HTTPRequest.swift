// SPDX-License-Identifier: Apache-2.0
internal import CBeast

/// A request that has passed the front door; its body is complete, or is read with ``bodyReader``.
public struct HTTPRequest: Sendable {
    /// `GET`, `HEAD`, `POST`, `PUT`, `PATCH`, `DELETE` or `OPTIONS`.
    public let method: String
    /// Case-insensitive, in their order.
    public let headers: HTTPHeaders
    /// Empty when there is none, and when it comes piece by piece.
    public let body: [UInt8]
    /// The client's address, without port: whoever is at the other end of the connection, or for whom a trusted
    /// proxy speaks (``spoken(for:)``).
    public private(set) var peer: String
    /// Whether the client is on this machine.
    public private(set) var isLoopbackPeer: Bool
    /// Whether the client speaks TLS with this listener.
    public let isSecure: Bool
    /// Whether the client asks for a WebSocket, correctly; only then may the answer be one.
    public let isUpgrade: Bool

    private let streamed: HTTPBodyReader?
    private let requestTarget: RequestTarget
    private let idHalves: (UInt64, UInt64)

    /// The path and query as they were sent.
    public var target: String { requestTarget.raw }
    /// The decoded path, which begins with a slash, or an asterisk.
    ///
    /// An encoded slash stays `%2F`.
    public var path: String { requestTarget.path }
    /// The decoded parts of the path: none for `/`, a last empty one for a trailing slash.
    public var pathSegments: [String] { requestTarget.segments }
    /// The decoded pairs of the query, in order.
    public var query: [(name: String, value: String)] { requestTarget.query }
    /// 32 hexadecimal digits that nobody can guess, made here; the answer carries it as `X-Request-Id`.
    public var id: String { RequestID(idHalves).text }

    /// The same request on behalf of a client elsewhere, as a trusted proxy says.
    public func spoken(for client: String) -> HTTPRequest {
        var request = self
        request.peer = client
        request.isLoopbackPeer = false
        return request
    }

    /// Whether the body is not in ``body`` and has to be read with ``bodyReader``.
    public var streamsBody: Bool { streamed != nil }
    /// The body piece by piece, for routes that ``ListenerSettings/streamsBody`` names; where the body came whole (it
    /// is small and came with its header, or the route is another) it is one piece, so that a handler need not ask.
    public var bodyReader: HTTPBodyReader { streamed ?? HTTPBodyReader(pieces: [body]) }

    /// The first value of that name in the query.
    public func queryValue(_ name: String) -> String? { query.first { $0.name == name }?.value }
}

extension HTTPRequest {
    /// A request that never was on a wire; nil when the target cannot be decoded.
    ///
    /// For clients in the same process.
    public init?(
        method: String, target: String, headers: HTTPHeaders = [:], body: [UInt8] = [],
        bodyReader: HTTPBodyReader? = nil, peer: String = "127.0.0.1", isSecure: Bool = false,
        isUpgrade: Bool = false
    ) {
        var bytes = target
        guard let target = bytes.withUTF8({ RequestTarget(UnsafeRawBufferPointer($0)) }) else { return nil }
        requestTarget = target
        self.method = method
        self.headers = headers
        self.body = body
        self.peer = peer
        isLoopbackPeer = peer == "127.0.0.1" || peer == "::1"
        self.isSecure = isSecure
        streamed = bodyReader
        self.isUpgrade = isUpgrade
        idHalves = (.random(in: .min ... .max), .random(in: .min ... .max))
    }

    /// Nil when the path cannot be decoded.
    init?(_ view: cb_request, reader: HTTPBodyReader? = nil) {
        guard let target = RequestTarget(view.target.raw) else { return nil }
        requestTarget = target
        method = String(decoding: view.method.raw, as: UTF8.self)
        headers = HTTPHeaders(block: view.fields.raw)
        body = Array(view.body.raw)
        peer = String(cString: view.peer)
        isLoopbackPeer = view.peer_is_loopback
        isSecure = view.is_secure
        streamed = reader
        isUpgrade = view.is_upgrade
        idHalves = view.id
    }

}

/// 128 unguessable bits, written as 32 hexadecimal digits.
struct RequestID {
    private let halves: (UInt64, UInt64)

    init(_ halves: (UInt64, UInt64)) { self.halves = halves }

    func append(to bytes: inout [UInt8]) {
        for half in [halves.0, halves.1] {
            for shift in stride(from: 60, through: 0, by: -4) {
                let digit = UInt8(truncatingIfNeeded: half >> UInt64(shift)) & 15
                bytes.append(digit < 10 ? digit + 48 : digit + 87)
            }
        }
    }

    var text: String {
        var digits: [UInt8] = []
        append(to: &digits)
        return String(decoding: digits, as: UTF8.self)
    }
}

extension cb_bytes {
    /// Valid as long as what C lent is.
    var raw: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: size) }
}
