// SPDX-License-Identifier: Apache-2.0
package import Diagnostics
import Foundation

/// What a valid configuration still must satisfy to run here: strong secrets, an allowed address, and no change of
/// what only a restart can change.
package struct StartupChecks: Sendable {
    /// A host that is not loopback may be used in development.
    package var allowsRemote: Bool
    /// The server file, for the place of findings.
    package var serverFile: String
    /// Reads what listeners speak TLS with; nil leaves it unread.
    package var certificates: CertificateFiles?

    /// Checks for a tree whose server file is at that path.
    package init(allowsRemote: Bool, serverFile: String, certificates: CertificateFiles? = nil) {
        self.allowsRemote = allowsRemote
        self.serverFile = serverFile
        self.certificates = certificates
    }

    /// Fewer bytes than the digest of HS256 can be guessed (RFC 7518, 3.2).
    static let minSecretBytes = 32
    private static let sampleWords = [
        "secret", "change-me", "changeme", "your-", "example", "password", "sample",
    ]

    /// Errors refuse the start or the reload, warnings are said loudly.
    ///
    /// `running` is nil at the start.
    package func problems(of parts: Snapshot.Parts, running: Snapshot.Parts?) -> [Diagnostic] {
        secrets(parts) + admin(parts) + addresses(parts)
            + (certificates?.problems(of: parts.server.allTLS) ?? [])
            + (running.map { restarts(parts, $0) } ?? [])
    }

    private func secrets(_ parts: Snapshot.Parts) -> [Diagnostic] {
        let severity: Diagnostic.Severity = parts.server.environment == .production ? .error : .warning
        return parts.server.issuers.flatMap { issuer in
            issuer.secrets.compactMap { secret -> Diagnostic? in
                let value = secret.revealed
                let isSample = Self.sampleWords.contains { value.lowercased().contains($0) }
                guard isSample || value.utf8.count < Self.minSecretBytes else { return nil }
                return Diagnostic(
                    severity, code: "secret-weak", at: place("secret", after: issuer.name, parts),
                    isSample
                        ? "the secret of the issuer '\(issuer.name)' is a sample"
                        : "the secret of the issuer '\(issuer.name)' is shorter than \(Self.minSecretBytes) bytes",
                    help: "make one with: openssl rand -hex 32")
            }
        }
    }

    /// Fewer characters than this are tried out in a while, even at the login's limits.
    static let minAdminPassword = 12
    private static let samplePasswords = ["admin", "123456", "qwerty", "letmein", "welcome"]

    private func admin(_ parts: Snapshot.Parts) -> [Diagnostic] {
        guard let admin = parts.server.admin else { return [] }
        let value = admin.password.revealed
        let isSample = (Self.sampleWords + Self.samplePasswords).contains { value.lowercased().contains($0) }
        guard isSample || value.unicodeScalars.count < Self.minAdminPassword else { return [] }
        return [
            Diagnostic(
                parts.server.environment == .production ? .error : .warning, code: "admin-weak",
                at: place("password", after: "admin", parts),
                isSample
                    ? "the password of 'auth.admin' is a sample"
                    : "the password of 'auth.admin' is shorter than \(Self.minAdminPassword) characters",
                help: "make one with: openssl rand -base64 18")
        ]
    }

    private func addresses(_ parts: Snapshot.Parts) -> [Diagnostic] {
        guard parts.server.environment == .development, !allowsRemote else { return [] }
        let named =
            [("listen", parts.server.listen)]
            + parts.server.channels.values.map { ($0.name, Optional($0.address)) }
        return named.compactMap { name, address in
            guard let address, !address.isLoopback else { return nil }
            return Diagnostic(
                code: "host-remote", at: place("host", after: name, parts),
                "'\(name)' listens on \(address.host), which other machines can reach, but the environment is development",
                help: "set the environment to production, or start with --allow-remote")
        }
    }

    private func restarts(_ parts: Snapshot.Parts, _ running: Snapshot.Parts) -> [Diagnostic] {
        var problems: [Diagnostic] = []
        if parts.server.storageURL != running.server.storageURL {
            problems.append(restart("the storage address", place("url", after: "storage", parts)))
        }
        if parts.server.reload.control != running.server.reload.control {
            problems.append(restart("the control socket", place("control", after: "reload", parts)))
        }
        return problems
    }

    private func restart(_ what: String, _ range: SourceRange) -> Diagnostic {
        Diagnostic(
            code: "restart-needed", at: range, "\(what) cannot change while the server runs",
            help: "undo the change, or restart the server to take it")
    }

    /// Where a key stands in the server file, at or after the line of another; the top when it is not written there.
    private func place(_ key: String, after anchor: String, _ parts: Snapshot.Parts) -> SourceRange {
        let lines = (parts.sources[serverFile] ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        let start = lines.firstIndex { $0.contains("\(anchor):") } ?? 0
        for number in start..<lines.count {
            guard let found = lines[number].range(of: "\(key):") else { continue }
            let column =
                lines[number].unicodeScalars.distance(from: lines[number].startIndex, to: found.lowerBound)
                + 1
            return SourceRange(
                file: serverFile, start: SourcePosition(line: number + 1, column: column),
                end: SourcePosition(line: number + 1, column: column + key.count))
        }
        return .top(of: serverFile)
    }
}
