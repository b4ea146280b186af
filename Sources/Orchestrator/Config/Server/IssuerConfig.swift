// SPDX-License-Identifier: Apache-2.0

struct IssuerConfig: ConfigMap {
    static let title = "an issuer"

    let algorithm: Located<String>
    let secrets: [Located<Secret>]
    /// The key stands there, though its value may be none.
    let hasSecret: Bool
    let publicKey: Located<String>?
    let publicKeyFile: Located<String>?
    let jwksFile: Located<String>?
    let issuer: Located<String>?
    let audiences: [Located<String>]
    let expires: Located<Duration>
    let claims: ClaimsConfig?
    let defaultRole: Located<String>?

    init(_ map: MapReader) {
        algorithm = map.value(
            "algorithm", .word(TokenAlgorithm.allCases.map(\.rawValue)), default: "HS256",
            "How tokens are signed; any other algorithm in a token is refused.")
        secrets =
            map.optional(
                "secret", .oneOrMore(.secret),
                "HS256: the signing secret, at least 32 bytes; a list, newest first, while it is being changed."
            )
            ?? []
        hasSecret = map.has("secret")
        publicKey = map.optional(
            "public_key", .text, "RS256 and ES256: the public key as PEM text (BEGIN PUBLIC KEY).")
        publicKeyFile = map.optional(
            "public_key_file", .text, "RS256 and ES256: the PEM file with it, relative to bots/.")
        jwksFile = map.optional(
            "jwks_file", .text,
            "RS256 and ES256: a JSON Web Key Set, relative to bots/; a token's `kid` chooses the key.")
        issuer = map.optional(
            "issuer", .text, "What `iss` in its tokens must be; when left out, the issuer's name or no `iss`."
        )
        audiences =
            map.optional(
                "audience", .oneOrMore(.text),
                "One of these must be in `aud` of its tokens; when left out, tokens with an `aud` are refused."
            )
            ?? []
        expires = map.value("expires", .duration, default: "24h", "How long the tokens we make are valid.")
        claims = map.optional("claims", .object(ClaimsConfig.self), "Where in a token the person is found.")
        defaultRole = map.optional(
            "default_role", .name(.role),
            "The role of a token that names none; without it such a token is refused.")
    }
}

struct ClaimsConfig: ConfigMap {
    static let title = "'claims'"

    let user: Located<String>
    let role: Located<String>
    let name: Located<String>
    let admin: Located<String>?

    init(_ map: MapReader) {
        user = map.value("user", .text, default: "sub", "The claim that holds the user id.")
        role = map.value("role", .text, default: "role", "The claim that holds the role.")
        name = map.value("name", .text, default: "name", "The claim that holds the person's name.")
        admin = map.optional("admin", .text, "A claim that makes its token an ADMIN's.")
    }
}
