// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// Links `auth.issuers`: secrets that are nobody else's, public keys that are keys.
struct IssuerLinker {
    let index: TreeIndex
    /// The files beside the YAML; nil for an earlier revision, of which they were not kept.
    let texts: [TreeFile]?
    let folder: String

    func link(_ issuers: [Named<IssuerConfig>], _ findings: inout LinkFindings) -> [Issuer] {
        var owners: [Secret: Located<String>] = [:]
        return issuers.map { issuer in
            checkSecrets(of: issuer, &owners, &findings)
            if let role = issuer.value.defaultRole {
                index.roles.resolve(role, for: "the issuer '\(issuer.name.value)'", &findings)
            }
            let claims = issuer.value.claims
            var linked = Issuer(
                name: issuer.name.value, secrets: issuer.value.secrets.map(\.value),
                expires: issuer.value.expires.value,
                userClaim: claims?.user.value ?? "sub", roleClaim: claims?.role.value ?? "role",
                nameClaim: claims?.name.value ?? "name", adminClaim: claims?.admin?.value,
                defaultRole: issuer.value.defaultRole?.value)
            linked.algorithm = TokenAlgorithm(rawValue: issuer.value.algorithm.value) ?? .hs256
            linked.expectedIssuer = issuer.value.issuer?.value
            linked.audiences = issuer.value.audiences.map(\.value)
            linked.publicKeys = keys(of: issuer, linked.algorithm, &findings)
            return linked
        }
    }

    private func checkSecrets(
        of issuer: Named<IssuerConfig>, _ owners: inout [Secret: Located<String>],
        _ findings: inout LinkFindings
    ) {
        for secret in issuer.value.secrets {
            if let owner = owners[secret.value], owner.value != issuer.name.value {
                findings.error(
                    "issuer-shared-secret", at: secret.range,
                    "the issuers '\(owner.value)' and '\(issuer.name.value)' have the same secret",
                    help: "give each issuer a secret of its own: a token of one would pass for the other's",
                    related: [.init(owner.range, "the other issuer")])
            }
            owners[secret.value] = issuer.name
        }
    }

    private func keys(
        of issuer: Named<IssuerConfig>, _ algorithm: TokenAlgorithm, _ findings: inout LinkFindings
    ) -> [VerificationKey] {
        let config = issuer.value
        let given = [config.publicKey, config.publicKeyFile, config.jwksFile].compactMap { $0 }
        guard algorithm != .hs256 else {
            if !config.hasSecret {
                findings.error(
                    "issuer-key", at: issuer.name.range, "the issuer '\(issuer.name.value)' has no secret",
                    help: "write secret: ${env.NAME}; HS256 signs with a secret that both sides know")
            }
            for extra in given { misplaced(extra, "public key", issuer, algorithm, &findings) }
            return []
        }
        for secret in config.secrets {
            misplaced(Located("", at: secret.range), "secret", issuer, algorithm, &findings)
        }
        guard let only = given.first, given.count == 1 else {
            findings.error(
                "issuer-key", at: given.last?.range ?? issuer.name.range,
                "the issuer '\(issuer.name.value)' has \(given.isEmpty ? "no" : "more than one") public key",
                help: "write one of public_key, public_key_file and jwks_file")
            return []
        }
        let keys = read(config, algorithm, &findings)
        if let keys, keys.isEmpty {
            findings.error(
                "issuer-key", at: only.range,
                "what the issuer '\(issuer.name.value)' names holds no key for \(algorithm.rawValue)",
                help: algorithm == .rs256
                    ? "it takes an RSA public key of at least 2048 bits, as PEM (BEGIN PUBLIC KEY) or a JWKS"
                    : "it takes a public key on the curve P-256, as PEM (BEGIN PUBLIC KEY) or a JWKS")
        }
        return keys ?? []
    }

    private func misplaced(
        _ place: Located<String>, _ what: String, _ issuer: Named<IssuerConfig>, _ algorithm: TokenAlgorithm,
        _ findings: inout LinkFindings
    ) {
        findings.error(
            "issuer-key", at: place.range,
            "the issuer '\(issuer.name.value)' has a \(what), which \(algorithm.rawValue) does not use",
            help: "take it away, or change the issuer's algorithm")
    }

    /// Nil when there is nothing to say about the keys: a file is missing, which has been said, or was not kept.
    private func read(
        _ config: IssuerConfig, _ algorithm: TokenAlgorithm, _ findings: inout LinkFindings
    ) -> [VerificationKey]? {
        if let text = config.publicKey {
            return [VerificationKey(pem: text.value, algorithm: algorithm)].compactMap { $0 }
        }
        guard let texts, let name = config.publicKeyFile ?? config.jwksFile, !name.value.isEmpty else {
            return nil
        }
        guard let file = texts.first(where: { $0.path == folder + "/" + name.value }) else {
            findings.error(
                "file-unknown", at: name.range,
                "there is no file '\(shortened(name.value))' under \(folder)/",
                help: "paths are relative to \(folder)/; key files end in .pem, key sets in .json")
            return nil
        }
        if config.jwksFile != nil { return KeySet.keys(in: file.bytes, for: algorithm) ?? [] }
        let text = String(decoding: file.bytes, as: UTF8.self)
        return [VerificationKey(pem: text, algorithm: algorithm)].compactMap { $0 }
    }
}
