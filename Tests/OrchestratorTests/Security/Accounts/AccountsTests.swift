// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Testing

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1)))
struct AccountsTests {
    @Test func `a login says when the one before was`() async throws {
        let fixture = try AccountsFixture()
        let ann = try await fixture.add("ann")
        let first = fixture.clock.now()
        #expect(try await fixture.login("Ann").lastLogin == nil)
        fixture.clock.advance(by: .seconds(60))
        #expect(try await fixture.login("ann").lastLogin == first)
        #expect(
            try await fixture.audit() == [
                "operator user-added \(ann.id) ok", "\(ann.id) login \(ann.id) ok",
                "\(ann.id) login \(ann.id) ok",
            ])
    }

    @Test func `an unknown name, a wrong password and a disabled account are one answer`() async throws {
        let fixture = try AccountsFixture()
        let ann = try await fixture.add("ann")
        let bob = try await fixture.add("bob")
        try await fixture.accounts.setDisabled(true, of: bob)
        for (name, password) in [("zoe", "x"), ("ann", "wrong"), ("bob", AccountsFixture.password)] {
            await #expect(throws: AccountError.wrongCredentials) { try await fixture.login(name, password) }
        }
        #expect(
            try await fixture.audit().suffix(3) == [
                "anonymous login unknown unknown-user", "anonymous login \(ann.id) refused",
                "anonymous login \(bob.id) refused",
            ])
    }

    // A07: a stranger's tries are counted against the stranger.
    @Test func `ten tries a minute of one address on one account, and its owner still gets in`() async throws
    {
        let fixture = try AccountsFixture()
        _ = try await fixture.add("ann")
        for _ in 0..<10 {
            await #expect(throws: AccountError.wrongCredentials) {
                try await fixture.login("ann", "x", peer: "10.6.6.6")
            }
        }
        await #expect(throws: AccountError.limited(retryAfter: 61)) {
            try await fixture.login("ANN", AccountsFixture.password, peer: "10.6.6.6")
        }
        _ = try await fixture.login("ann", peer: "10.0.0.1")
        fixture.clock.advance(by: .seconds(121))
        _ = try await fixture.login("ann", peer: "10.6.6.6")
    }

    @Test func `a hundred tries a minute of one address on all accounts, and one audit row for the rest`()
        async throws
    {
        let fixture = try AccountsFixture()
        for index in 0..<100 {
            await #expect(throws: AccountError.wrongCredentials) {
                try await fixture.login("user\(index)", "x")
            }
        }
        for index in 0..<20 {
            await #expect(throws: AccountError.limited(retryAfter: 61)) {
                try await fixture.login("more\(index)", "x")
            }
        }
        let limited = try await fixture.store.latestAudit(limit: 200).filter { $0.outcome == "rate-limited" }
        #expect(limited.count == 1)
    }

    @Test func `a changed password ends what was proven by the old one`() async throws {
        let fixture = try AccountsFixture()
        let ann = try await fixture.add("ann")
        let old = Identity(
            user: ann.id, role: "PATIENT", issuer: "local", expires: nil,
            issued: Timestamp(milliseconds: fixture.clock.now().seconds * 1000))
        #expect(throws: Never.self) { try fixture.directory.check(old) }
        await #expect(throws: AccountError.wrongCredentials) {
            try await fixture.accounts.changePassword(
                of: ann.id, from: "wrong", to: "battery staple", minimum: 8, peer: "p", limits: Limits())
        }
        let changed = try await fixture.accounts.changePassword(
            of: ann.id, from: AccountsFixture.password, to: "battery staple", minimum: 8, peer: "p",
            limits: Limits())
        #expect(throws: TokenError(.revoked)) { try fixture.directory.check(old) }
        var new = old
        new.issued = changed.tokensFrom
        #expect(throws: Never.self) { try fixture.directory.check(new) }
        await #expect(throws: AccountError.wrongCredentials) { try await fixture.login("ann") }
        _ = try await fixture.login("ann", "battery staple")
    }

    @Test func `a reset token sets a password once`() async throws {
        let fixture = try AccountsFixture()
        let ann = try await fixture.add("ann")
        let token = try await fixture.accounts.makeReset(of: ann)
        func reset(_ token: String) async throws -> UserRecord {
            try await fixture.accounts.resetPassword(
                token, to: "battery staple", minimum: 8, peer: "p", limits: Limits())
        }
        await #expect(throws: AccountError.resetUnknown) { try await reset(token + "x") }
        #expect(try await reset(token).id == ann.id)
        _ = try await fixture.login("ann", "battery staple")
        await #expect(throws: AccountError.resetUnknown) { try await reset(token) }
        let late = try await fixture.accounts.makeReset(of: ann)
        fixture.clock.advance(by: .seconds(24 * 3600))
        await #expect(throws: AccountError.resetUnknown) { try await reset(late) }
    }

    @Test func `what cannot be an account is refused`() async throws {
        let fixture = try AccountsFixture()
        let wrong: [(AccountDraft, AccountError)] = [
            (fixture.draft(""), .nameForm), (fixture.draft("  "), .nameForm),
            (fixture.draft("a\nb"), .nameForm),
            (fixture.draft(String(repeating: "a", count: 65)), .nameForm),
            (fixture.draft("ann", "short"), .passwordShort(minimum: 8)),
            (fixture.draft("ann", String(repeating: "a", count: 73)), .passwordUnusable),
            (fixture.draft("ann", "pass\u{0}word"), .passwordUnusable),
            (fixture.draft("ann", email: "nobody"), .emailForm),
            (fixture.draft("ann", email: "@x"), .emailForm),
        ]
        for (draft, error) in wrong {
            await #expect(throws: error) {
                try await fixture.accounts.register(draft, peer: "p", limits: Limits())
            }
        }
        _ = try await fixture.accounts.register(fixture.draft("ann"), peer: "p", limits: Limits())
        await #expect(throws: AccountError.nameTaken) {
            try await fixture.accounts.register(fixture.draft("Ann"), peer: "p", limits: Limits())
        }
    }

    @Test func `the administrator of the configuration logs in by address and password`() async throws {
        var fixture = try AccountsFixture()
        fixture.server.admin = AdminAccount(email: "root@example.org", password: Secret("a-long-passphrase"))
        let admin = try await fixture.login("Root@example.org", "a-long-passphrase")
        #expect(admin.id == "admin-1")
        #expect(admin.role == "ADMIN")
        let configured = fixture
        for (name, password) in [("root@example.org", "x"), ("root", "a-long-passphrase"), ("", "")] {
            await #expect(throws: AccountError.wrongCredentials) {
                try await configured.login(name, password)
            }
        }
        #expect(!AdminAccount(email: "", password: Secret("")).matches("", ""))
    }
}
