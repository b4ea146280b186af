// SPDX-License-Identifier: Apache-2.0
package import Diagnostics

/// The files a listener's identity is read from, as they are named in `server.yaml`.
package struct TLSFiles: Sendable, Hashable {
    /// PEM: the listener's certificate, then those above it.
    package var certificate: String
    /// PEM, without a password.
    package var key: String
    /// Where they are named.
    package var certificateRange: SourceRange, keyRange: SourceRange

    /// Files at those paths.
    package init(certificate: String, key: String, certificateRange: SourceRange, keyRange: SourceRange) {
        self.certificate = certificate
        self.key = key
        self.certificateRange = certificateRange
        self.keyRange = keyRange
    }
}
