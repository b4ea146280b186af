// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Testing

@testable import Orchestrator

struct StartupChecksTests {
    private func parts(
        secret: String, environment: ServerSettings.Environment = .production, host: String = "127.0.0.1"
    ) -> Snapshot.Parts {
        var parts = Snapshot.Parts()
        parts.server.environment = environment
        parts.server.listen = ListenAddress(host: host, port: 8090)
        parts.server.issuers = [
            Issuer(
                name: "local", secrets: [Secret(secret)], expires: .seconds(60), userClaim: "sub",
                roleClaim: "role", nameClaim: "name",
                adminClaim: nil, defaultRole: nil)
        ]
        parts.sources = [
            "bots/server.yaml":
                "kind: server\nlisten:\n  host: x\nauth:\n  issuers:\n    local:\n      secret: ${env.S}\n"
        ]
        return parts
    }

    private let checks = StartupChecks(allowsRemote: false, serverFile: "bots/server.yaml")

    @Test(arguments: ["abc-123", "your-super-secret-jwt-key-change-this-in-production", ""])
    func `weak and sample secrets are errors in production and warnings in development`(secret: String) {
        let production = checks.problems(of: parts(secret: secret), running: nil)
        #expect(production.map(\.code) == ["secret-weak"])
        #expect(production.first?.severity == .error)
        #expect(production.first?.range.start == SourcePosition(line: 7, column: 7))
        #expect(production.allSatisfy { secret.isEmpty || !$0.message.contains(secret) })
        let development = checks.problems(of: parts(secret: secret, environment: .development), running: nil)
        #expect(development.map(\.severity) == [.warning])
    }

    // A06, for the one account that stands in the configuration.
    @Test(arguments: ["admin123", "short-one", "change-me-please", "Password12345"])
    func `a weak or sample password of the administrator is refused in production`(password: String) {
        var parts = parts(secret: "9f86d081884c7d659a2feaa0c55ad015")
        parts.server.admin = AdminAccount(email: "root@example.org", password: Secret(password))
        let production = checks.problems(of: parts, running: nil)
        #expect(production.map(\.code) == ["admin-weak"])
        #expect(production.first?.severity == .error)
        #expect(production.allSatisfy { !$0.message.contains(password) })
        parts.server.environment = .development
        #expect(checks.problems(of: parts, running: nil).map(\.severity) == [.warning])
        parts.server.admin?.password = Secret("tr0ub4dor-and-three")
        #expect(checks.problems(of: parts, running: nil).isEmpty)
    }

    @Test func `a strong secret passes`() {
        #expect(checks.problems(of: parts(secret: "9f86d081884c7d659a2feaa0c55ad015"), running: nil).isEmpty)
    }

    @Test func `development keeps to loopback unless told otherwise`() {
        let remote = parts(
            secret: "9f86d081884c7d659a2feaa0c55ad015", environment: .development, host: "0.0.0.0")
        #expect(checks.problems(of: remote, running: nil).map(\.code) == ["host-remote"])
        #expect(StartupChecks(allowsRemote: true, serverFile: "").problems(of: remote, running: nil).isEmpty)
        #expect(
            checks.problems(
                of: parts(secret: "9f86d081884c7d659a2feaa0c55ad015", host: "0.0.0.0"), running: nil
            ).isEmpty)
    }
}
