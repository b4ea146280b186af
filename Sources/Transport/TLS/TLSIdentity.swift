// SPDX-License-Identifier: Apache-2.0
internal import CBeast

/// What a listener proves its name with: a certificate, the chain above it, and its key.
///
/// Listeners that take it speak TLS 1.2 and 1.3, HTTP/1.1 only. Unchecked: the C object never changes.
public final class TLSIdentity: @unchecked Sendable {
    let pointer: OpaquePointer
    /// The seconds since 1970 before and after which clients will not accept it.
    public let validFrom: Int, validTo: Int

    /// Reads both as PEM: the listener's own certificate first, then those above it; the key without a password.
    /// - Throws: ``TLSError``.
    public init(certificate: [UInt8], key: [UInt8]) throws(TLSError) {
        var problem: Int32 = 0
        let made = certificate.withUnsafeBufferPointer { certificate in
            key.withUnsafeBufferPointer { key in
                cb_tls_new(
                    cb_bytes(base: certificate.baseAddress, size: certificate.count),
                    cb_bytes(base: key.baseAddress, size: key.count), &problem)
            }
        }
        guard let made else { throw TLSError(problem) }
        pointer = made
        validFrom = Int(cb_tls_begins(made))
        validTo = Int(cb_tls_ends(made))
    }

    deinit { cb_tls_release(pointer) }
}

/// Why a certificate and a key do not serve.
public enum TLSError: Error, Sendable, Equatable {
    /// No certificate in PEM, or one that OpenSSL does not take.
    case badCertificate
    /// No key in PEM, or one that OpenSSL does not take.
    case badKey
    /// The key is protected by a password, which nobody could type at the start of a service.
    case lockedKey
    /// The key belongs to another certificate.
    case notAPair
    /// Out of memory.
    case failed

    init(_ problem: Int32) {
        self =
            switch Int(problem) {
            case cb_tls_bad_certificate: .badCertificate
            case cb_tls_bad_key: .badKey
            case cb_tls_locked_key: .lockedKey
            case cb_tls_not_a_pair: .notAPair
            default: .failed
            }
    }
}
