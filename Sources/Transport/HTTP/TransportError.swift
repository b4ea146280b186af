// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// Why a listener could not be opened.
public struct TransportError: Error, Sendable, Equatable {
    /// What stood in the way.
    public enum Kind: Sendable, Equatable {
        case addressInUse, noPermission, badAddress
        /// Its certificate and key cannot be used.
        case noIdentity
        case other(errno: Int32)
    }

    /// What stood in the way.
    public let kind: Kind
    /// The listener's name, host and port, as in its settings.
    public let listener: String, host: String, port: Int

    /// An error of that kind.
    public init(_ kind: Kind, listener: String, host: String, port: Int) {
        self.kind = kind
        self.listener = listener
        self.host = host
        self.port = port
    }

    init(errno code: Int32, settings: ListenerSettings) {
        kind =
            switch code {
            case EADDRINUSE: .addressInUse
            case EACCES, EPERM: .noPermission
            case EINVAL, EADDRNOTAVAIL, EAFNOSUPPORT: .badAddress
            default: .other(errno: code)
            }
        listener = settings.name
        host = settings.host
        port = settings.port
    }
}

extension TransportError: CustomStringConvertible {
    /// One line for a log: what could not be listened on, and why.
    public var description: String {
        let reason =
            switch kind {
            case .addressInUse: "the port is taken"
            case .noPermission: "no permission"
            case .badAddress: "no such address on this machine"
            case .noIdentity: "its certificate and key cannot be used"
            case .other(let code): String(cString: strerror(code))
            }
        return "cannot listen on \(host):\(port) for '\(listener)': \(reason)"
    }
}
