// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import Orchestrator

@Suite(.timeLimit(.minutes(1)))
struct PasswordHasherTests {
    private func hasher(queue: Int = 8) throws -> PasswordHasher {
        try PasswordHasher(threads: 1, queueLimit: queue, cost: 4)
    }

    // The first from OpenBSD's test of bcrypt, the second from crypt_blowfish's, made by other programs.
    @Test(arguments: [
        ("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"),
        ("$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", "U*U*"),
        ("$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"),
        ("$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"),
    ])
    func `hashes of other programs are read`(hash: String, password: String) async throws {
        let hasher = try hasher()
        #expect(try await hasher.verify(password, against: hash))
        #expect(try await !hasher.verify(password + "x", against: hash))
    }

    @Test func `a hash is salted, of the asked cost, and only its password's`() async throws {
        let hasher = try hasher()
        let first = try await hasher.hash("correct horse")
        #expect(first.hasPrefix("$2b$04$"))
        #expect(first.count == 60)
        #expect(try await hasher.hash("correct horse") != first)
        #expect(try await hasher.verify("correct horse", against: first))
        #expect(try await !hasher.verify("Correct horse", against: first))
    }

    @Test func `a password that bcrypt would cut is refused, and never matches`() async throws {
        let hasher = try hasher()
        let longest = String(repeating: "a", count: 72)
        let hash = try await hasher.hash(longest)
        #expect(try await hasher.verify(longest, against: hash))
        #expect(try await !hasher.verify(longest + "a", against: hash))
        await #expect(throws: PasswordError.unusable) { try await hasher.hash(longest + "a") }
        await #expect(throws: PasswordError.unusable) {
            try await hasher.hash("é" + String(repeating: "a", count: 71))
        }
        await #expect(throws: PasswordError.unusable) { try await hasher.hash("pass\u{0}word") }
        let short = try await hasher.hash("pass")
        #expect(try await !hasher.verify("pass\u{0}word", against: short))
    }

    @Test(arguments: ["", "*0", "$2b$04$", "$1$abc$def", "plain", String(repeating: ".", count: 60)])
    func `what is no hash matches nothing`(hash: String) async throws {
        #expect(try await !hasher().verify("", against: hash))
    }

    @Test func `an unknown user costs a comparison too, which never succeeds`() async throws {
        let hasher = try hasher()
        #expect(try await !hasher.verify("decoy", against: nil))
        #expect(Bcrypt.isHash(Bcrypt.decoy(cost: 4)))
        #expect(Bcrypt.isHash(Bcrypt.decoy(cost: 12)))
        #expect(!Bcrypt.verify("decoy", against: Bcrypt.decoy(cost: 4)))
    }

    @Test func `with the queue full the next one is told to come again`() async throws {
        // No thread takes anything, so what is handed in stays.
        let hasher = try PasswordHasher(threads: 0, queueLimit: 0, cost: 4)
        await #expect(throws: PasswordError.busy) { try await hasher.hash("correct horse") }
    }

    @Test func `one core stays free, and there is always a thread`() {
        #expect([1, 2, 4, 64].map { PasswordHasher.threads(cores: $0) } == [1, 1, 3, 8])
    }
}
