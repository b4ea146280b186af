// SPDX-License-Identifier: Apache-2.0

/// Reads a request's body piece by piece: what is not asked for waits in the client's kernel.
///
/// One caller at a time. A handler reads before it answers; an answer given earlier (401, 413) is sent at once and
/// the connection closes after it, the rest of the body unread.
///
///     while let piece = try await request.bodyReader.next() { try file.append(piece) }
public final class HTTPBodyReader: Sendable {
    private enum Source: Sendable {
        case wire(Exchange)
        /// A body that came whole, or never was on a wire.
        case memory(HTTPBodyPieces)
    }

    private let source: Source

    init(_ exchange: Exchange) { source = .wire(exchange) }

    /// A body of these pieces, for clients in the same process; empty ones are left out.
    public init(pieces: [[UInt8]]) { source = .memory(HTTPBodyPieces(pieces)) }

    /// The next bytes, of any number; nil at the end, and after it.
    ///
    /// Cancelling the task does not end the wait: that ends with the client's leaving or the deadline.
    /// - Throws: ``HTTPBodyError``, again at each call once it did.
    public func next() async throws(HTTPBodyError) -> [UInt8]? {
        switch source {
        case .memory(let pieces): return pieces.next()
        case .wire(let exchange):
            let outcome =
                exchange.loop.isCurrent
                ? await exchange.readBody()
                : await withTaskExecutorPreference(exchange.loop) { await exchange.readBody() }
            return try outcome.get()
        }
    }
}

/// Why the rest of a body will not come.
public struct HTTPBodyError: Error, Sendable, Equatable {
    /// What stood in the way.
    public enum Kind: Sendable, Equatable {
        case tooLarge, tooSlow, malformed, gone
    }

    /// What stood in the way.
    public let kind: Kind

    /// An error of that kind.
    public init(_ kind: Kind) { self.kind = kind }

    /// The status that says so: 413, 408 or 400; nobody hears it once the client is gone.
    public var status: Int {
        switch kind {
        case .tooLarge: 413
        case .tooSlow: 408
        case .malformed, .gone: 400
        }
    }

    /// The kebab-case code that the front door uses for the same.
    public var code: String {
        switch kind {
        case .tooLarge: "body-too-large"
        case .tooSlow: "request-timeout"
        case .malformed, .gone: "bad-request"
        }
    }

    /// One sentence.
    public var message: String {
        switch kind {
        case .tooLarge: "the body is larger than this server takes"
        case .tooSlow: "the request body took too long"
        case .malformed: "the body is not chunked correctly"
        case .gone: "the client left before the body was complete"
        }
    }
}

/// What one body that is read piece by piece may be; see ``ListenerSettings/streamsBody``.
public struct HTTPBodyLimits: Sendable, Equatable {
    /// Beyond, 413: before a byte is read where the length is announced.
    public var bytes: Int
    /// From the end of the header to the end of the body; beyond, 408.
    public var deadline: Duration

    /// Limits of these values.
    public init(bytes: Int, deadline: Duration) {
        self.bytes = bytes
        self.deadline = deadline
    }
}
