// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import WireProtocols
import YAMLTree

struct BackendConfig: ConfigMap {
    static let title = "a backend"
    /// The backend types this build has.
    static let types = ["records", "http"]

    let type: Located<String>
    let url: Located<String>?
    let auth: BackendAuthConfig?
    let headers: [Named<Located<String>>]
    let errors: [Named<Located<String>>]
    let timeout: Located<Duration>
    let connectTimeout: Located<Duration>
    let retries: Located<Int>
    let deduplicates: Located<Bool>
    let maxBytes: Located<Int>
    let privateNetworks: [Located<String>]
    let certificates: Located<String>?
    /// The keys that the author wrote and that only an `http` backend has.
    let httpKeys: [Located<String>]

    static let httpNames = [
        "url", "auth", "headers", "errors", "timeout", "connect_timeout", "retries", "deduplicates",
        "max_bytes",
        "private_networks", "certificates",
    ]

    init(_ map: MapReader) {
        type = map.required(
            "type", .word(Self.types),
            "`records`: the embedded collections; `http`: a system that is asked over HTTP.")
        url = map.optional("url", .text, "Where it is: `https://host/base`; paths are added to it.")
        auth = map.optional("auth", .backendAuth, "What calls prove themselves with; `none` when left out.")
        headers = map.optional("headers", .names(.text, rule: .free), "Sent with every call.") ?? []
        errors =
            map.optional(
                "errors", .names(.name(), rule: .free),
                "The errors that statuses stand for, where an action does not say otherwise.") ?? []
        timeout = map.value(
            "timeout", .duration, default: "5s", "For an action, all its attempts together.")
        connectTimeout = map.connectTimeout()
        retries = map.value(
            "retries", .integer(0...5), default: "0",
            "Attempts after one that failed, where a second one does no harm.")
        deduplicates = map.value(
            "deduplicates", .boolean, default: "false",
            "It carries out a write once for each `Idempotency-Key`; only then `post` and `patch` are tried again."
        )
        maxBytes = map.value(
            "max_bytes", .integer(1024...67_108_864), default: "1048576", "Bytes of an answer at most.")
        privateNetworks = map.privateNetworks()
        certificates = map.certificates()
        httpKeys = Self.httpNames.filter(map.has).map { Located($0, at: map.range(of: $0)) }
    }
}

/// `auth` of a backend: the word `none`, or one way with its parts.
enum BackendAuthConfig: Sendable {
    case none
    case form(BackendAuthFormConfig)
}

struct BackendAuthFormConfig: ConfigMap {
    static let title = "'auth'"

    let forward: [Located<String>]?
    let bearer: Located<Secret>?
    let basic: BasicAuthConfig?
    let header: HeaderAuthConfig?
    let clientCredentials: ClientCredentialsConfig?

    init(_ map: MapReader) {
        forward = map.optional(
            "forward", .oneOrMore(.name()),
            "The caller's own token, and only when one of these issuers made it.")
        bearer = map.optional("bearer", .secret, "A token: `Authorization: Bearer`.")
        basic = map.optional("basic", .object(BasicAuthConfig.self), "A name and a password.")
        header = map.optional("header", .object(HeaderAuthConfig.self), "A key in a header of its own.")
        clientCredentials = map.optional(
            "client_credentials", .object(ClientCredentialsConfig.self),
            "A token of our own, got from an authorization server and renewed before it expires.")
        map.exactlyOne(of: ["forward", "bearer", "basic", "header", "client_credentials"])
    }
}

struct BasicAuthConfig: ConfigMap {
    static let title = "'basic'"
    let user: Located<String>
    let password: Located<Secret>

    init(_ map: MapReader) {
        user = map.required("user", .text, "The name.")
        password = map.required("password", .secret, "The password.")
    }
}

struct HeaderAuthConfig: ConfigMap {
    static let title = "'header'"
    let name: Located<String>
    let value: Located<Secret>

    init(_ map: MapReader) {
        name = map.required("name", .text, "The header's name: `X-API-Key`.")
        value = map.required("value", .secret, "The key.")
    }
}

struct ClientCredentialsConfig: ConfigMap {
    static let title = "'client_credentials'"
    let url: Located<String>
    let client: Located<String>
    let secret: Located<Secret>
    let scope: Located<String>?

    init(_ map: MapReader) {
        url = map.required("token_url", .text, "Where tokens are asked for.")
        client = map.required("client_id", .text, "Who we are there.")
        secret = map.required("client_secret", .secret, "What proves it.")
        scope = map.optional("scope", .text, "What we ask for.")
    }
}

extension Codec where Value == BackendAuthConfig {
    static var backendAuth: Codec {
        let form = Codec<BackendAuthFormConfig>.object(BackendAuthFormConfig.self)
        let word = Codec<Located<String>>.word(["none"])
        return Codec(
            schema: { ["anyOf": [word.schema($0), form.schema($0)]] }, placeholder: { .none },
            read: { node, context in
                node.entries != nil
                    ? form.read(node, context).map { .form($0) } : word.read(node, context).map { _ in .none }
            })
    }
}
