// SPDX-License-Identifier: Apache-2.0

/// `kind: server`: listeners, channels, roles, tokens, storage, limits, reload.
struct ServerConfig: ConfigMap {
    static let title = "a server file"

    let environment: Located<String>
    let demo: Located<Bool>
    let listen: ListenConfig?
    let storage: StorageConfig?
    let roles: [Named<RoleConfig>]
    let auth: AuthConfig?
    let channels: [Named<ChannelConfig>]
    let limits: LimitsConfig?
    let log: LogConfig?
    let reload: ReloadConfig?
    let replace: [Named<Located<String>>]

    init(_ map: MapReader) {
        FileKind.declare(in: map, .server)
        environment = map.value(
            "environment", .word(["development", "production"]), default: "development",
            "In production weak or sample secrets and an open demo page refuse the start; development warns.")
        demo = map.value(
            "demo", .boolean, default: "false",
            "A chat page with a role picker at /, for this machine only; refused in production.")
        listen = map.optional(
            "listen", .object(ListenConfig.self),
            "The main port: native API, pages, metrics. Without it there is none.")
        storage = map.optional(
            "storage", .object(StorageConfig.self), "Where conversations and records are kept.")
        roles = map.required(
            "roles", .names(.object(RoleConfig.self), rule: .role),
            "The roles people may have, spelt as in their tokens.")
        auth = map.optional("auth", .object(AuthConfig.self), "Who signs the tokens that prove a role.")
        channels =
            map.optional(
                "channels", .names(.object(ChannelConfig.self), rule: .kebab),
                "Ways in besides the main port.") ?? []
        limits = map.optional("limits", .object(LimitsConfig.self), "What the main port accepts.")
        log = map.optional("log", .object(LogConfig.self), "What is logged, and where.")
        reload = map.optional("reload", .object(ReloadConfig.self), "How edits under bots/ are taken.")
        replace =
            map.optional(
                "replace", .names(.name()),
                "Libraries used in place of others: `clinic_records: clinic_http`.") ?? []
    }
}

struct ListenConfig: ConfigMap {
    static let title = "'listen'"

    let host: Located<String>
    let port: Located<Int>
    let trustedProxies: [Located<String>]
    let cors: [Located<String>]
    let tls: TLSConfig?

    init(_ map: MapReader) {
        host = map.value(
            "host", .text, default: "127.0.0.1",
            "Address to listen on; another than loopback is refused in development unless --allow-remote is given."
        )
        port = map.value("port", .integer(0...65535), default: "8090", "TCP port; 0 takes a free one.")
        trustedProxies =
            map.optional(
                "trusted_proxies", .list(.text),
                "Addresses (10.0.0.0/8, ::1) of proxies whose X-Forwarded-For is believed, on every port.")
            ?? []
        cors = map.origins()
        tls = map.optional(
            "tls", .object(TLSConfig.self), "Clients speak HTTPS and WSS with it; left out, they speak plain."
        )
    }
}

struct StorageConfig: ConfigMap {
    static let title = "'storage'"

    let url: Located<String>
    let fallback: Located<String>?
    let keepMessages: Located<Duration>?

    init(_ map: MapReader) {
        url = map.value(
            "url", .text, default: "sqlite:data/orchestrator.db",
            "sqlite:PATH, relative to the folder that holds bots/, or memory: which forgets at exit.")
        fallback = map.optional(
            "fallback", .text,
            "Used, and said at the start, where `url` is empty or names a store that this build lacks: an old `.env` may hold such an address."
        )
        keepMessages = map.optional(
            "keep_messages", .duration, "Messages older than this are removed; without it they are kept.")
    }
}

struct RoleConfig: ConfigMap {
    static let title = "a role"

    let safety: Located<String>?
    let staff: Located<Bool>
    let `operator`: Located<Bool>

    init(_ map: MapReader) {
        safety = map.optional(
            "safety", .word(["required"]),
            "`required`: every assistant for this role must have safety families.")
        staff = map.value("staff", .boolean, default: "false", "People of this role answer others.")
        `operator` = map.value(
            "operator", .boolean, default: "false",
            "People of this role run the server: metrics, reload, status.")
    }
}

struct AuthConfig: ConfigMap {
    static let title = "'auth'"

    let issuers: [Named<IssuerConfig>]
    let admin: AdminConfig?
    let accounts: AccountsConfig?

    init(_ map: MapReader) {
        issuers = map.required(
            "issuers", .names(.object(IssuerConfig.self), rule: .id),
            "Who signs tokens. The first that can sign and carry a role makes ours.")
        admin = map.optional(
            "admin", .object(AdminConfig.self),
            "An account of the role ADMIN that stands here, not in the store.")
        accounts = map.optional(
            "accounts", .object(AccountsConfig.self), "People's own accounts, with a name and a password.")
    }
}

struct ReloadConfig: ConfigMap {
    static let title = "'reload'"

    let watch: Located<Bool>
    let gate: [Located<String>]
    let settle: Located<Duration>
    let control: Located<String>

    init(_ map: MapReader) {
        watch = map.value(
            "watch", .boolean, default: "true",
            "Edits take effect when they are saved; else on SIGHUP or `orchestratord reload`.")
        gate =
            map.optional(
                "gate", .list(.word(["validate"])), "What an edit must pass before it is taken: `validate`.")
            ?? []
        settle = map.value(
            "settle", .duration, default: "20ms",
            "How long a burst of changes is let settle: an editor writes a file in several steps.")
        control = map.value(
            "control", .text, default: "data/control.sock",
            "The Unix socket of `orchestratord reload` and `status`, relative to the folder that holds bots/."
        )
    }
}
