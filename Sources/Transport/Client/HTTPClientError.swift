// SPDX-License-Identifier: Apache-2.0

/// Why a call to another server brought no answer, or only a part of one.
///
/// It holds neither the address nor anything that was sent or received, so it may be logged.
public struct HTTPClientError: Error, Sendable, Equatable {
    /// What went wrong.
    public enum Kind: Sendable, Equatable {
        /// Nobody listens there.
        case connectionRefused
        /// The name is unknown, or there is no way to the address.
        case unreachable
        /// That part took longer than its deadline.
        case timeout(Phase)
        /// No trust: certificate, name or protocol version.
        case tls
        /// The answer is longer than the request allows.
        case tooLarge
        /// The connection ended before the answer did.
        case cut
        /// What came is not HTTP.
        case malformed
        /// The task was cancelled, or the client is closed.
        case cancelled
        /// The address is one that the request may not lead to.
        case blockedAddress
        /// As many calls are running as the client takes.
        case saturated
        /// The request itself cannot be sent: its address is none.
        case badRequest
    }

    /// The parts of a call that have a deadline.
    public enum Phase: Sendable, Equatable { case connect, firstByte, idle, total }

    /// What went wrong.
    public let kind: Kind
    /// libcurl's number for it, 0 where this client decided.
    public let code: Int32

    init(_ kind: Kind, code: Int32 = 0) {
        self.kind = kind
        self.code = code
    }
}

extension HTTPClientError: CustomStringConvertible {
    /// A few words for a log.
    public var description: String {
        switch kind {
        case .connectionRefused: "the connection was refused"
        case .unreachable: "the server cannot be reached"
        case .timeout(let phase): "no answer in time (\(phase))"
        case .tls: "the server's certificate is not trusted"
        case .tooLarge: "the answer is too large"
        case .cut: "the connection was cut"
        case .malformed: "the answer is not HTTP"
        case .cancelled: "cancelled"
        case .blockedAddress: "the address is not allowed"
        case .saturated: "too many calls at once"
        case .badRequest: "the address cannot be used"
        }
    }
}
