// SPDX-License-Identifier: Apache-2.0

import Testing
import WireProtocols

@testable import Orchestrator

struct PublicKeyTests {
    private let now = Timestamp(milliseconds: 1_773_050_400_000)

    private func server(
        _ algorithm: TokenAlgorithm, _ keys: [VerificationKey], audiences: [String] = ["orchestrator"]
    ) -> ServerSettings {
        var server = ServerSettings()
        server.roles["DOCTOR"] = Role(
            name: "DOCTOR", requiresSafety: false, isStaff: false, isOperator: false)
        var issuer = Issuer(
            name: "portal", secrets: [], expires: .seconds(60), userClaim: "sub", roleClaim: "role",
            nameClaim: "name", adminClaim: nil, defaultRole: nil)
        issuer.algorithm = algorithm
        issuer.publicKeys = keys
        issuer.expectedIssuer = "https://idp.example"
        issuer.audiences = audiences
        server.issuers = [issuer]
        return server
    }

    private func failure(_ token: String, _ server: ServerSettings, at time: Timestamp? = nil) -> TokenError
        .Kind?
    {
        do throws(TokenError) {
            _ = try TokenVerifier(server).verify(token, now: time ?? now)
            return nil
        } catch {
            return error.kind
        }
    }

    private func rsa() throws -> VerificationKey {
        try #require(VerificationKey(pem: KeyFixtures.rsaPEM, algorithm: .rs256))
    }

    @Test func `a token of an RSA key says who its bearer is`() throws {
        let server = server(.rs256, [try rsa()])
        let identity = try TokenVerifier(server).verify(KeyFixtures.rsa, now: now)
        #expect(
            identity.withoutToken
                == Identity(
                    user: "u9", role: "DOCTOR", issuer: "portal",
                    expires: Timestamp(milliseconds: now.milliseconds + 600_000), issued: now))
        #expect(failure(KeyFixtures.rsaAccess, server) == nil)
    }

    @Test func `a token of a P-256 key says who its bearer is`() throws {
        let key = try #require(VerificationKey(pem: KeyFixtures.curvePEM, algorithm: .es256))
        #expect(failure(KeyFixtures.curve, server(.es256, [key])) == nil)
    }

    @Test func `a key set gives the keys for its algorithm and leaves out the rest`() throws {
        let bytes = Array(KeyFixtures.keySet.utf8)
        let rsa = try #require(KeySet.keys(in: bytes, for: .rs256))
        let curve = try #require(KeySet.keys(in: bytes, for: .es256))
        #expect(rsa.map(\.id) == ["k1"])
        #expect(curve.map(\.id) == ["k2"])
        #expect(failure(KeyFixtures.rsa, server(.rs256, rsa)) == nil)
        #expect(failure(KeyFixtures.curve, server(.es256, curve)) == nil)
        #expect(failure(KeyFixtures.rsaOtherKey, server(.rs256, rsa)) == .signature)
        #expect(KeySet.keys(in: Array("{}".utf8), for: .rs256) == nil)
        #expect(KeySet.keys(in: Array("no json".utf8), for: .rs256) == nil)
    }

    @Test func `issuer and audience must be the configured ones`() throws {
        let server = server(.rs256, [try rsa()])
        for token in [KeyFixtures.rsaOtherAudience, KeyFixtures.rsaOtherIssuer, KeyFixtures.rsaNoAudience] {
            #expect(failure(token, server) == .otherPurpose)
        }
        var open = server
        open.issuers[0].audiences = []
        #expect(failure(KeyFixtures.rsa, open) == .otherPurpose)
        #expect(failure(KeyFixtures.rsaNoAudience, open) == nil)
    }

    @Test func `a public key is no secret to sign with`() throws {
        let server = server(.rs256, [try rsa()])
        let claims: JSON = ["sub": "u9", "role": "DOCTOR", "exp": .integer(now.seconds + 60)]
        let forged = SignedToken.sign(claims, type: "JWT", key: Array(KeyFixtures.rsaPEM.utf8))
        #expect(failure(forged, server) == .algorithm)
        #expect(TokenSigner(server.issuers[0]) == nil)
    }

    @Test func `every byte of a signature counts`() throws {
        let server = server(.rs256, [try rsa()])
        let token = KeyFixtures.rsa
        let dot = try #require(token.lastIndex(of: "."))
        let signature = try #require(Base64URL.decode(token[token.index(after: dot)...].utf8))
        for index in stride(from: 0, to: signature.count, by: 17) {
            var changed = signature
            changed[index] ^= 1
            #expect(failure(token[...dot] + Base64URL.encode(changed), server) == .signature)
        }
        #expect(failure(KeyFixtures.rsa, server, at: now + .seconds(600)) == .expired)
    }

    @Test func `short keys, other curves and other texts are no keys`() {
        #expect(VerificationKey(pem: KeyFixtures.smallPEM, algorithm: .rs256) == nil)
        #expect(VerificationKey(pem: KeyFixtures.curvePEM, algorithm: .rs256) == nil)
        #expect(VerificationKey(pem: KeyFixtures.rsaPEM, algorithm: .es256) == nil)
        #expect(VerificationKey(pem: KeyFixtures.rsaPEM, algorithm: .hs256) == nil)
        #expect(VerificationKey(pem: "", algorithm: .rs256) == nil)
        #expect(
            VerificationKey(
                pem: "-----BEGIN PUBLIC KEY-----\n!!\n-----END PUBLIC KEY-----", algorithm: .rs256) == nil)
    }

    // RFC 7515 A.3: the signature as the RFC prints it, two numbers side by side.
    @Test func `the example of RFC 7515 A 3 verifies`() throws {
        let set = #"""
            {"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
            """#
        let key = try #require(KeySet.keys(in: Array(set.utf8), for: .es256)?.first)
        let signed =
            "eyJhbGciOiJFUzI1NiJ9."
            + "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        let signature = try #require(
            Base64URL.decode(
                "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q".utf8)
        )
        #expect(key.verifies(Array(signed.utf8), signature: signature))
        #expect(!key.verifies(Array(signed.utf8), signature: Array(signature.dropLast())))
    }
}
