// SPDX-License-Identifier: Apache-2.0

import OrchestratorTesting
import Synchronization
import Testing

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1)))
struct CredentialVerifierTests {
    private let fixture: AccountsFixture
    private let verifier: CredentialVerifier
    private let snapshot: Snapshot

    init() throws {
        fixture = try AccountsFixture()
        verifier = CredentialVerifier(accounts: fixture.directory)
        snapshot = try NativeFixture.snapshot()
    }

    private func failure(_ credential: String, _ other: Snapshot? = nil) -> TokenError.Kind? {
        do throws(TokenError) {
            _ = try verifier.verify(credential, other ?? snapshot, now: fixture.clock.now())
            return nil
        } catch {
            return error.kind
        }
    }

    private func token(_ user: String = "p1") throws -> String {
        try #require(TokenSigner.first(of: snapshot.parts.server, for: "PATIENT"))
            .sign(user: user, role: "PATIENT", now: fixture.clock.now())
    }

    @Test func `a token that was verified once still ends in time`() throws {
        let token = try token()
        #expect(failure(token) == nil)
        #expect(failure(token) == nil)
        fixture.clock.advance(by: .seconds(24 * 3600))
        #expect(failure(token) == .expired)
    }

    @Test func `a token that was verified once is looked at anew under another snapshot`() throws {
        let token = try token()
        #expect(failure(token) == nil)
        let server = NativeFixture.server.replacing("${env.JWT_SECRET}", with: "${env.OTHER_SECRET}")
        #expect(failure(token, try NativeFixture.snapshot(["server.yaml": server], number: 2)) == .signature)
        #expect(failure(token) == nil)
    }

    // A04: the token of an account that was shut proves nothing, however often it was good before.
    @Test func `a token ends with the account it was made for`() async throws {
        let ann = try await fixture.add("ann")
        let token = try token(ann.id)
        #expect(failure(token) == nil)
        try await fixture.accounts.setDisabled(true, of: ann)
        try await fixture.directory.refresh()
        #expect(failure(token) == .revoked)
        try await fixture.accounts.setDisabled(false, of: ann)
        try await fixture.directory.refresh()
        #expect(failure(token) == .revoked)
        fixture.clock.advance(by: .seconds(1))
        #expect(failure(try self.token(ann.id)) == nil)
    }

    @Test func `a key proves its role until it is taken back`() async throws {
        let key = try await fixture.accounts.addKey(
            name: "portal", role: "DOCTOR", assistants: ["patient"], valid: nil)
        #expect(failure(key.text) == .unknownKey)
        try await fixture.directory.refresh()
        let identity = try verifier.verify(key.text, snapshot, now: fixture.clock.now())
        #expect(identity.user == key.id)
        #expect(identity.role == "DOCTOR")
        #expect(identity.key == key.id)
        #expect(identity.expires == nil)
        #expect(identity.reaches("patient"))
        #expect(!identity.reaches("visitor"))
        try await fixture.accounts.revokeKey(key.id)
        try await fixture.directory.refresh()
        #expect(failure(key.text) == .revoked)
    }

    @Test func `a key ends at its time, and with its role`() async throws {
        let key = try await fixture.accounts.addKey(
            name: "portal", role: "DOCTOR", assistants: nil, valid: .seconds(60))
        try await fixture.directory.refresh()
        #expect(failure(key.text) == nil)
        let server = NativeFixture.server.replacing("  DOCTOR: { staff: true }\n", with: "")
        let next = try NativeFixture.snapshot(["server.yaml": server], number: 2)
        #expect(failure(key.text, next) == .unknownRole)
        fixture.clock.advance(by: .seconds(60))
        #expect(failure(key.text) == .expired)
    }

    @Test func `the store has a hash of a key and nothing to find it by`() async throws {
        let key = try await fixture.accounts.addKey(
            name: "portal", role: "DOCTOR", assistants: nil, valid: nil)
        let stored = try #require(try await fixture.store.keys().first)
        #expect(key.text.hasPrefix(key.id + "_"))
        #expect(key.text.count == key.id.count + 44)
        #expect(stored.hash == APIKey.hash(key.text))
        #expect(!"\(stored)".contains(key.text.suffix(43)))
        #expect(APIKey().text != APIKey().text)
    }

    @Test func `a key's uses are written down by the minute`() async throws {
        let key = try await fixture.accounts.addKey(
            name: "portal", role: "DOCTOR", assistants: nil, valid: nil)
        try await fixture.directory.refresh()
        let first = fixture.clock.now()
        #expect(failure(key.text) == nil)
        fixture.clock.advance(by: .seconds(59))
        #expect(failure(key.text) == nil)
        let delay = ManualDelay()
        let running = Task { [fixture] in await fixture.directory.run(delay) }
        await delay.waitForSleepers(1)
        delay.advance(by: AccountDirectory.interval)
        await delay.waitForSleepers(1)
        running.cancel()
        await running.value
        #expect(try await fixture.store.keys().first?.lastUsedAt == first)
    }

    @Test func `observers hear of a change once`() async throws {
        let ann = try await fixture.add("ann")
        let heard = Mutex(0)
        fixture.directory.observe { heard.withLock { $0 += 1 } }
        try await fixture.directory.refresh()
        try await fixture.accounts.setDisabled(true, of: ann)
        try await fixture.directory.refresh()
        try await fixture.directory.refresh()
        #expect(heard.withLock { $0 } == 1)
    }

    @Test func `the cache is bounded and keeps what is used`() throws {
        let cache = TokenCache(limit: 8)
        let identity = Identity(user: "u", role: "PATIENT", issuer: nil, expires: nil)
        let kept = TokenCache.Key("kept")
        for index in 0..<100 {
            cache.remember(identity, TokenCache.Key("t\(index)"), snapshot)
            if index == 0 { cache.remember(identity, kept, snapshot) }
            #expect(cache.identity(kept, snapshot) == identity)
            #expect(cache.count <= 8)
        }
        #expect(cache.identity(TokenCache.Key("t0"), snapshot) == nil)
        #expect(cache.identity(kept, Snapshot(snapshot.parts, number: 2)) == nil)
    }
}
