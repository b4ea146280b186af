// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation
import Glibc
import Testing

@testable import Orchestrator

/// What is said about the files under `Tests/Fixtures/tls`.
struct CertificateFilesTests {
    private static let folder = URL(filePath: FixtureTree.root).deletingLastPathComponent().path + "/tls"

    private func problems(_ certificate: String, _ key: String) -> [Diagnostic] {
        let files = CertificateFiles(base: Self.folder, clock: SystemWallClock())
        let named = TLSFiles(
            certificate: certificate, key: key, certificateRange: .top(of: "bots/certificate"),
            keyRange: .top(of: "bots/key"))
        return files.problems(of: [named])
    }

    private func line(_ certificate: String, _ key: String) -> [String] {
        problems(certificate, key).map { "\($0.severity) \($0.code) \($0.range.file): \($0.message)" }
    }

    @Test func `a certificate with its key serves`() {
        #expect(line("certificate.pem", "key.pem") == [])
        #expect(line(Self.folder + "/certificate.pem", Self.folder + "/key.pem") == [])
    }

    @Test func `what does not serve is an error that says why, at the key that names the file`() {
        #expect(
            line("missing.pem", "key.pem") == [
                "error tls-unusable bots/certificate: the certificate 'missing.pem' cannot be read"
            ])
        #expect(
            line("certificate.pem", "../tls") == [
                "error tls-unusable bots/key: the key '../tls' cannot be read"
            ])
        #expect(
            line("key.pem", "key.pem") == [
                "error tls-unusable bots/certificate: 'key.pem' holds no certificate"
            ])
        #expect(
            line("certificate.pem", "certificate.pem") == [
                "error tls-unusable bots/key: 'certificate.pem' holds no private key"
            ])
        #expect(
            line("certificate.pem", "other-key.pem") == [
                "error tls-unusable bots/key: the key 'other-key.pem' is not that of the certificate 'certificate.pem'"
            ])
        #expect(
            line("certificate.pem", "locked-key.pem") == [
                "error tls-unusable bots/key: the key 'locked-key.pem' is protected by a password"
            ])
    }

    @Test func `an expired certificate is a warning`() {
        #expect(
            line("expired.pem", "key.pem") == [
                "warning tls-expired bots/certificate: the certificate 'expired.pem' is valid from 2020-01-01 to 2020-02-01 only"
            ])
    }

    @Test func `nobody waits for a file that is not one`() throws {
        let fifo = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        #expect(mkfifo(fifo, 0o600) == 0)
        defer { unlink(fifo) }
        #expect(
            line(fifo, "key.pem") == [
                "error tls-unusable bots/certificate: the certificate '\(fifo)' cannot be read"
            ])
    }
}
