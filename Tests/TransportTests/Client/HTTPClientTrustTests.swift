// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Testing

@testable import Transport

/// Certificates made by `openssl` for the occasion.
@Suite(.tags(.integration), .timeLimit(.minutes(1)))
struct HTTPClientTrustTests {
    private let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/trust-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func run(_ arguments: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments.split(separator: " ").map(String.init)
        process.currentDirectoryURL = URL(filePath: folder)
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        return process
    }

    /// A certificate for `name`, signed by itself; `days` may lie in the past.
    private func makeCertificate(for name: String, days: Int) throws {
        // `x509 -days` takes what `req -days` refuses: an end before the beginning.
        let steps = [
            "req -newkey rsa:2048 -nodes -keyout key.pem -out request.pem -subj /CN=\(name) -addext subjectAltName=\(name)",
            "x509 -req -in request.pem -signkey key.pem -out certificate.pem -copy_extensions copy -days \(days)",
        ]
        for step in steps {
            let process = try run(step)
            process.waitUntilExit()
            try #require(process.terminationStatus == 0, "\(step)")
        }
    }

    /// How a call to a server with that certificate ends; nil when it succeeds.
    private func failure(for name: String, days: Int = 30, isTrusted: Bool) async throws -> HTTPClientError
        .Kind?
    {
        try makeCertificate(for: name, days: days)
        let (descriptor, port) = FakeUpstream.listen(backlog: 1)
        close(descriptor)
        let server = try run("s_server -accept \(port) -cert certificate.pem -key key.pem -www -quiet")
        // SIGTERM does not end it: it is started by a thread on which that signal waits.
        defer { _ = kill(server.processIdentifier, SIGKILL) }
        var request = HTTPClientRequest(url: "https://127.0.0.1:\(port)/")
        request.certificateFile = isTrusted ? folder + "/certificate.pem" : nil
        let client = HTTPClient()
        // The server takes a moment to listen.
        for _ in 0..<200 {
            do throws(HTTPClientError) {
                _ = try await client.send(request)
                return nil
            } catch {
                guard error.kind == .connectionRefused else { return error.kind }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        return .connectionRefused
    }

    @Test func `a certificate that is trusted and for this address is taken`() async throws {
        #expect(try await failure(for: "IP:127.0.0.1", isTrusted: true) == nil)
    }

    @Test func `a self-signed one is refused`() async throws {
        #expect(try await failure(for: "IP:127.0.0.1", isTrusted: false) == .tls)
    }

    @Test func `one for another name is refused`() async throws {
        #expect(try await failure(for: "DNS:other.example", isTrusted: true) == .tls)
    }

    @Test func `an expired one is refused`() async throws {
        #expect(try await failure(for: "IP:127.0.0.1", days: -1, isTrusted: true) == .tls)
    }
}
