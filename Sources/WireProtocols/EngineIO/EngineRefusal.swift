// SPDX-License-Identifier: Apache-2.0

/// Why a request is refused before it belongs to a session; clients know these by their numbers.
package enum EngineRefusal: Int, Error, Sendable, Hashable, CaseIterable {
    case unknownTransport = 0
    case unknownSession, badHandshakeMethod, badRequest, forbidden, unsupportedProtocol

    /// The status of the answer.
    package var status: Int { self == .forbidden ? 403 : 400 }

    /// The sentence that goes with the number.
    package var message: String {
        switch self {
        case .unknownTransport: "Transport unknown"
        case .unknownSession: "Session ID unknown"
        case .badHandshakeMethod: "Bad handshake method"
        case .badRequest: "Bad request"
        case .forbidden: "Forbidden"
        case .unsupportedProtocol: "Unsupported protocol version"
        }
    }

    /// The body of the answer.
    package var body: [UInt8] { Array(#"{"code":\#(rawValue),"message":"\#(message)"}"#.utf8) }
}
