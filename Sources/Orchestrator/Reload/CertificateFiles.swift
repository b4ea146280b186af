// SPDX-License-Identifier: Apache-2.0
package import Diagnostics
import Glibc
package import Transport

/// Reads the certificates and keys that listeners name, and says what is wrong with them.
package struct CertificateFiles: Sendable {
    /// More is not a certificate chain.
    static let maxBytes = 1 << 20

    private let base: String
    private let clock: any WallClock

    /// Files relative to `base`, the folder that holds `bots/`.
    package init(base: String, clock: any WallClock) {
        self.base = base
        self.clock = clock
    }

    /// What a listener speaks TLS with.
    /// - Throws: ``Problem``.
    package func identity(_ files: TLSFiles) throws(Problem) -> TLSIdentity {
        let certificate = try read(files.certificate, at: files.certificateRange, "certificate")
        let key = try read(files.key, at: files.keyRange, "key")
        do throws(TLSError) { return try TLSIdentity(certificate: certificate, key: key) } catch {
            throw Problem(error, files)
        }
    }

    /// Errors for what does not serve, warnings for what clients will not accept.
    package func problems(of named: [TLSFiles]) -> [Diagnostic] {
        Set(named).flatMap { files -> [Diagnostic] in
            do throws(Problem) {
                return expiry(try identity(files), files)
            } catch {
                return [Diagnostic(code: "tls-unusable", at: error.range, error.message, help: error.help)]
            }
        }.sorted()
    }

    /// Changes when one of the files does.
    func stamp(_ files: TLSFiles) -> [Int] {
        [files.certificate, files.key].flatMap { name -> [Int] in
            var status = stat()
            guard stat(name.path(in: base), &status) == 0 else { return [0] }
            return [
                Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec, Int(status.st_ino),
            ]
        }
    }

    private func expiry(_ identity: TLSIdentity, _ files: TLSFiles) -> [Diagnostic] {
        let now = clock.now().seconds
        let until = Timestamp(milliseconds: identity.validTo * 1000).iso8601.prefix(10)
        let from = Timestamp(milliseconds: identity.validFrom * 1000).iso8601.prefix(10)
        guard now >= identity.validTo || now < identity.validFrom else { return [] }
        return [
            Diagnostic(
                .warning, code: "tls-expired", at: files.certificateRange,
                "the certificate '\(files.certificate)' is valid from \(from) to \(until) only",
                help: "clients refuse it: get a new one; the running server takes it when the files change")
        ]
    }

    private func read(_ name: String, at range: SourceRange, _ what: String) throws(Problem) -> [UInt8] {
        let problem = Problem(
            range: range, message: "the \(what) '\(name)' cannot be read",
            help: "name a PEM file that this user may read, relative to the folder that holds bots/")
        // Not blocking, because a FIFO would have us wait for its writer.
        let descriptor = open(name.path(in: base), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw problem }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= Self.maxBytes
        else { throw problem }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw problem }
        return Array(bytes.prefix(count))
    }
}

extension CertificateFiles {
    /// Why two files do not serve, in the words of a diagnostic.
    package struct Problem: Error, Sendable {
        let range: SourceRange
        let message: String
        let help: String

        init(range: SourceRange, message: String, help: String) {
            self.range = range
            self.message = message
            self.help = help
        }

        init(_ error: TLSError, _ files: TLSFiles) {
            let isOfKey = error != .badCertificate && error != .failed
            range = isOfKey ? files.keyRange : files.certificateRange
            switch error {
            case .badCertificate, .failed:
                message = "'\(files.certificate)' holds no certificate"
                help = "it must be PEM: a text that begins with -----BEGIN CERTIFICATE-----"
            case .badKey:
                message = "'\(files.key)' holds no private key"
                help = "it must be PEM: a text that begins with -----BEGIN PRIVATE KEY----- or alike"
            case .lockedKey:
                message = "the key '\(files.key)' is protected by a password"
                help = "take it off with: openssl pkey -in LOCKED -out KEY; then let only the server read it"
            case .notAPair:
                message = "the key '\(files.key)' is not that of the certificate '\(files.certificate)'"
                help =
                    "name the key that the certificate was requested with; in a chain the own one comes first"
            }
        }
    }
}
