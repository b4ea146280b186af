// SPDX-License-Identifier: Apache-2.0

import Testing
import WireProtocols

@testable import Orchestrator

struct TokenVerifierTests {
    private let now = Timestamp(milliseconds: 1_773_050_400_000)
    private let key = Array("a-secret-of-thirty-two-bytes-....".utf8)

    private func server(
        secrets: [String] = ["a-secret-of-thirty-two-bytes-...."], defaultRole: String? = "PATIENT"
    ) -> ServerSettings {
        var server = ServerSettings()
        for name in ["PATIENT", "DOCTOR", "ADMIN", "anonymous"] {
            server.roles[name] = Role(name: name, requiresSafety: false, isStaff: false, isOperator: false)
        }
        server.issuers = [
            Issuer(
                name: "local", secrets: secrets.map(Secret.init), expires: .seconds(3600),
                userClaim: "userId",
                roleClaim: "role", nameClaim: "username", adminClaim: "adminId", defaultRole: defaultRole)
        ]
        return server
    }

    private func claims(_ changes: JSON = [:]) -> JSON {
        var object: JSONObject = JSONObject()
        object["userId"] = "u1"
        object["exp"] = .integer(now.seconds + 600)
        for member in changes.members?.members ?? [] { object[member.name] = member.value }
        return .object(object)
    }

    private func failure(_ token: String, _ verifier: TokenVerifier? = nil) -> TokenError.Kind? {
        do throws(TokenError) {
            _ = try (verifier ?? TokenVerifier(server())).verify(token, now: now)
            return nil
        } catch {
            return error.kind
        }
    }

    private func raw(header: String, claims: JSON, signature: String? = nil) -> String {
        let signed = Base64URL.encode(header.utf8) + "." + Base64URL.encode(claims.encoded())
        let mac = HMACSHA256.authenticate(Array(signed.utf8), key: key)
        return signed + "." + (signature ?? Base64URL.encode(mac))
    }

    @Test func `the example of RFC 7515 A 1 has the signature the RFC prints`() {
        let key = Base64URL.decode(
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow".utf8)
        let signed =
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
            + "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        let mac = HMACSHA256.authenticate(Array(signed.utf8), key: key ?? [])
        #expect(Base64URL.encode(mac) == "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    }

    @Test func `a token says who its bearer is`() throws {
        let token = SignedToken.sign(
            claims(["role": "DOCTOR", "username": "Dr. Smith"]), type: "JWT", key: key)
        let identity = try TokenVerifier(server()).verify(token, now: now)
        #expect(identity.token?.issuer == "local")
        #expect(
            identity.withoutToken
                == Identity(
                    user: "u1", role: "DOCTOR", name: "Dr. Smith", issuer: "local",
                    expires: Timestamp(milliseconds: now.milliseconds + 600_000)))
    }

    @Test func `what the signer signs the verifier reads back`() throws {
        let server = server()
        for role in ["PATIENT", "DOCTOR", "ADMIN"] {
            let signer = try #require(TokenSigner.first(of: server, for: role))
            let token = signer.sign(user: "u7", role: role, name: "Ann", now: now)
            let identity = try TokenVerifier(server).verify(token, now: now)
            let expires = Timestamp(milliseconds: now.milliseconds + 3_600_000)
            #expect(
                identity.withoutToken
                    == Identity(
                        user: "u7", role: role, name: "Ann", issuer: "local", expires: expires, issued: now))
        }
    }

    @Test func `a token with the admin claim is an ADMIN's`() throws {
        let token = SignedToken.sign(
            ["adminId": "admin-1", "exp": .integer(now.seconds + 60)], type: "JWT", key: key)
        let identity = try TokenVerifier(server()).verify(token, now: now)
        #expect(identity.role == "ADMIN")
        #expect(identity.user == "admin-1")
    }

    @Test func `every secret of an issuer verifies and the newest signs`() throws {
        let rotated = server(secrets: [
            "the-newest-secret-of-32-bytes-...", "a-secret-of-thirty-two-bytes-....",
        ])
        let old = try #require(TokenSigner(server().issuers[0])).sign(user: "u1", role: "PATIENT", now: now)
        #expect(try TokenVerifier(rotated).verify(old, now: now).user == "u1")
        let new = try #require(TokenSigner(rotated.issuers[0])).sign(user: "u1", role: "PATIENT", now: now)
        #expect(failure(new) == .signature)
        #expect(try TokenVerifier(rotated).verify(new, now: now).user == "u1")
    }

    struct Attack: Sendable, CustomTestStringConvertible {
        var name: String
        var header = #"{"alg":"HS256","typ":"JWT"}"#
        var claims: JSON = [:]
        var signature: String?
        var expected: TokenError.Kind
        var testDescription: String { name }
    }

    @Test(arguments: [
        Attack(name: "alg none", header: #"{"alg":"none"}"#, expected: .algorithm),
        Attack(name: "alg None", header: #"{"alg":"None"}"#, signature: "", expected: .algorithm),
        Attack(name: "alg NONE", header: #"{"alg":"NONE"}"#, signature: "", expected: .algorithm),
        Attack(name: "alg HS512", header: #"{"alg":"HS512"}"#, expected: .algorithm),
        Attack(name: "alg RS256", header: #"{"alg":"RS256"}"#, expected: .algorithm),
        Attack(name: "alg in lower case", header: #"{"alg":"hs256"}"#, expected: .algorithm),
        Attack(name: "alg missing", header: #"{"typ":"JWT"}"#, expected: .algorithm),
        Attack(name: "alg a list", header: #"{"alg":["HS256"]}"#, expected: .algorithm),
        Attack(name: "alg twice", header: #"{"alg":"HS256","alg":"none"}"#, expected: .malformed),
        Attack(name: "crit", header: #"{"alg":"HS256","crit":["exp"]}"#, expected: .malformed),
        Attack(
            name: "typ of another use", header: #"{"alg":"HS256","typ":"at+jwt"}"#, expected: .otherPurpose),
        Attack(
            name: "typ of a visitor", header: #"{"alg":"HS256","typ":"visitor+jwt"}"#, expected: .signature),
        Attack(name: "header no object", header: "[]", expected: .malformed),
        Attack(name: "empty signature", signature: "", expected: .signature),
        Attack(name: "short signature", signature: "AAAA", expected: .signature),
        Attack(name: "signature of another alphabet", signature: "++++", expected: .malformed),
        Attack(name: "expired just now", claims: ["exp": 1_773_050_400], expected: .expired),
        Attack(name: "exp null", claims: ["exp": .null], expected: .malformed),
        Attack(name: "exp text", claims: ["exp": "1773050500"], expected: .malformed),
        Attack(name: "exp 2^63", claims: ["exp": 9.223372036854775807e18], expected: .malformed),
        Attack(name: "exp negative", claims: ["exp": -1], expected: .malformed),
        Attack(name: "nbf 61 s ahead", claims: ["nbf": 1_773_050_461], expected: .notYetValid),
        Attack(name: "iat far ahead", claims: ["iat": 1_873_050_400], expected: .notYetValid),
        Attack(name: "iat text", claims: ["iat": "now"], expected: .malformed),
        Attack(name: "another audience", claims: ["aud": "billing"], expected: .otherPurpose),
        Attack(name: "another issuer", claims: ["iss": "billing"], expected: .otherPurpose),
        Attack(name: "user empty", claims: ["userId": ""], expected: .noUser),
        Attack(name: "user an object", claims: ["userId": [:]], expected: .noUser),
        Attack(name: "user with a line break", claims: ["userId": "a\nb"], expected: .noUser),
        Attack(name: "role undeclared", claims: ["role": "ROOT"], expected: .unknownRole),
        Attack(name: "role in another case", claims: ["role": "admin"], expected: .unknownRole),
        Attack(name: "role a list", claims: ["role": ["ADMIN"]], expected: .unknownRole),
        Attack(name: "role null", claims: ["role": .null], expected: .unknownRole),
    ])
    func `a forged or stale token is refused`(attack: Attack) {
        let token = raw(header: attack.header, claims: claims(attack.claims), signature: attack.signature)
        #expect(failure(token) == attack.expected)
    }

    @Test(arguments: [
        "", ".", "..", "...", "a.b", "a.b.c", "e30.e30.e30", "e30.e30.", "\u{0}.\u{0}.\u{0}",
        "e30=.e30=.e30=",
        String(repeating: "a", count: 5000), "null.null.null",
    ])
    func `what is no token is refused`(token: String) {
        let kind = failure(token)
        #expect(kind == .malformed || kind == .algorithm)
    }

    @Test func `a number without end in exp is refused`() {
        let claims = Base64URL.encode(#"{"userId":"u1","exp":1e400}"#.utf8)
        let signed = Base64URL.encode(#"{"alg":"HS256"}"#.utf8) + "." + claims
        let token = signed + "." + Base64URL.encode(HMACSHA256.authenticate(Array(signed.utf8), key: key))
        #expect(failure(token) == .malformed)
    }

    @Test(arguments: ["nbf", "iat"])
    func `clocks may differ by a minute`(claim: String) throws {
        let token = SignedToken.sign(claims([claim: .integer(now.seconds + 60)]), type: "JWT", key: key)
        #expect(failure(token) == nil)
    }

    @Test func `exp without leeway is missing or over`() {
        var claims = JSONObject()
        claims["userId"] = "u1"
        #expect(failure(SignedToken.sign(.object(claims), type: "JWT", key: key)) == .malformed)
    }

    @Test func `a token without a role claim is refused when the issuer has no default`() {
        let verifier = TokenVerifier(server(defaultRole: nil))
        #expect(failure(SignedToken.sign(claims(), type: "JWT", key: key), verifier) == .unknownRole)
    }

    @Test func `a verifier for one issuer refuses the tokens of another`() {
        let token = SignedToken.sign(claims(), type: "JWT", key: key)
        #expect(failure(token, TokenVerifier(server(), issuer: "local")) == nil)
        #expect(failure(token, TokenVerifier(server(), issuer: "medreserve")) == .signature)
    }

    @Test func `an issuer with an empty secret verifies nothing`() {
        let forged = raw(header: #"{"alg":"HS256"}"#, claims: claims())
        #expect(failure(forged, TokenVerifier(server(secrets: [""]))) == .signature)
    }

    @Test func `a visitor's token proves the visitor and nothing else`() throws {
        let server = server()
        let visitors = VisitorKey()
        let (identity, token) = visitors.newVisitor(server, now: now)
        #expect(identity.role == "anonymous")
        #expect(try TokenVerifier(server, visitors: VisitorKey()).verify(token, now: now) == identity)
        #expect(failure(token) == .signature)
        var closed = server
        closed.roles["anonymous"] = nil
        #expect(failure(token, TokenVerifier(closed, visitors: visitors)) == .unknownRole)
    }

    @Test func `a visitor's token signed with the issuer's own secret is refused`() {
        let token = SignedToken.sign(
            ["sub": "u1", "role": "ADMIN", "exp": .integer(now.seconds + 60)], type: "visitor+jwt", key: key)
        #expect(failure(token, TokenVerifier(server(), visitors: VisitorKey())) == .signature)
    }

    @Test func `without an issuer visitors' tokens last as long as the process`() throws {
        var server = server()
        server.issuers = []
        let (visitors, others) = (VisitorKey(), VisitorKey())
        let (identity, token) = visitors.newVisitor(server, now: now)
        #expect(try TokenVerifier(server, visitors: visitors).verify(token, now: now) == identity)
        #expect(failure(token, TokenVerifier(server, visitors: others)) == .signature)
    }
}

extension Identity {
    /// Who it is, without what proves it.
    var withoutToken: Identity {
        var identity = self
        identity.token = nil
        return identity
    }
}
