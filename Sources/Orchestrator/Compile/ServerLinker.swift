// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import Foundation

/// Links `server.yaml`: roles, issuers, channels, limits.
struct ServerLinker {
    let config: ServerConfig
    let index: TreeIndex
    /// The files beside the YAML; nil for an earlier revision.
    let texts: [TreeFile]?
    let folder: String

    func link(_ findings: inout LinkFindings) -> ServerSettings {
        var settings = ServerSettings()
        settings.environment = config.environment.value == "production" ? .production : .development
        settings.isDemo = config.demo.value
        settings.listen = config.listen.map { ListenAddress(host: $0.host.value, port: $0.port.value) }
        settings.listenTLS = config.listen?.tls?.files
        settings.storageURL = storageURL(&findings)
        settings.keepMessages = config.storage?.keepMessages?.value
        settings.roles = roles()
        settings.issuers = IssuerLinker(index: index, texts: texts, folder: folder).link(
            config.auth?.issuers ?? [], &findings)
        settings.admin = admin(&findings)
        settings.takesRegistrations = config.auth?.accounts?.register.value ?? true
        settings.minPassword = config.auth?.accounts?.minPassword.value ?? settings.minPassword
        settings.channels = ChannelLinker(server: config, index: index).link(&findings)
        settings.limits = Self.limits(config.limits)
        settings.cors = Self.cors(config.listen?.cors ?? [], &findings)
        settings.proxies = proxies(&findings)
        settings.log = config.log?.settings ?? LogSettings()
        settings.reload = reload()
        checkStorage(&findings)
        checkDemo(&findings)
        checkPorts(&findings)
        for entry in config.replace {
            index.libraries.resolve(entry.name, for: "'replace'", &findings)
            index.libraries.resolve(entry.value, for: "'replace'", &findings)
        }
        return settings
    }

    private func roles() -> [String: Role] {
        Dictionary(
            config.roles.map {
                let role = Role(
                    name: $0.name.value, requiresSafety: $0.value.safety != nil,
                    isStaff: $0.value.staff.value,
                    isOperator: $0.value.operator.value)
                return (role.name, role)
            }
        ) { first, _ in first }
    }

    private func admin(_ findings: inout LinkFindings) -> AdminAccount? {
        guard let admin = config.auth?.admin else { return nil }
        let account = AdminAccount(email: admin.email.value, password: admin.password.value)
        guard account.isOn else { return nil }
        index.roles.resolve(
            Located(TokenVerifier.adminRole, at: admin.email.range), for: "'auth.admin'", &findings)
        return account
    }

    // An address that cannot be honoured is never shown: it may hold a password.
    private func storageURL(_ findings: inout LinkFindings) -> String {
        guard let storage = config.storage else { return "sqlite:data/orchestrator.db" }
        let url = storage.url
        guard let fallback = storage.fallback else { return url.value }
        let scheme = url.value.prefix { $0 != ":" }
        if scheme == "sqlite" || scheme == "memory" { return url.value }
        guard !url.value.isEmpty else { return fallback.value }
        findings.warning(
            "storage-replaced", at: url.range,
            "the storage address begins with '\(shortened(String(scheme)))', which this build has no store for; \(fallback.value) is used",
            help: "nothing is read from the old store; write sqlite:... into the variable to choose the file")
        return fallback.value
    }

    private func checkStorage(_ findings: inout LinkFindings) {
        let written = config.storage?.url
        let isReplaced = config.storage?.fallback != nil && written?.value.hasPrefix("sqlite:") == false
        guard let url = isReplaced ? config.storage?.fallback : written, !url.value.isEmpty else { return }
        let scheme = url.value.prefix { $0 != ":" }
        guard url.value.contains(":"), scheme == "sqlite" || scheme == "memory" else {
            // An address without a scheme may be a password put in the wrong variable.
            findings.error(
                "storage-unknown", at: url.range,
                url.value.contains(":")
                    ? "the storage address begins with '\(shortened(String(scheme)))', which this build has no store for"
                    : "the storage address does not say what kind of store it is",
                help: "write sqlite:data/orchestrator.db, or memory: to keep nothing")
            return
        }
        if scheme == "sqlite", url.value.count == "sqlite:".count {
            findings.error(
                "storage-unknown", at: url.range, "the storage address names no file",
                help: "write sqlite:data/orchestrator.db")
        }
    }

    private func checkDemo(_ findings: inout LinkFindings) {
        guard config.demo.value else { return }
        if config.environment.value == "production" {
            findings.error(
                "demo-production", at: config.demo.range, "the demo page is open in production",
                help: "write demo: false")
        } else if let listen = config.listen, !ListenAddress(host: listen.host.value, port: 0).isLoopback {
            findings.warning(
                "demo-remote", at: config.demo.range,
                "the demo page is not shown, because 'listen' is not this machine only",
                help: "listen on 127.0.0.1, or write demo: false",
                related: [.init(listen.host.range, "the address")])
        }
    }

    private func checkPorts(_ findings: inout LinkFindings) {
        var taken: [ListenAddress: (String, SourceRange)] = [:]
        if let listen = config.listen {
            taken[.init(host: listen.host.value, port: listen.port.value)] = ("listen", listen.port.range)
        }
        for channel in config.channels where channel.value.port.value != 0 {
            let host = channel.value.host?.value ?? config.listen?.host.value ?? "127.0.0.1"
            let address = ListenAddress(host: host, port: channel.value.port.value)
            if let (owner, range) = taken[address] {
                findings.error(
                    "port-twice", at: channel.value.port.range,
                    "the channel '\(channel.name.value)' and '\(owner)' both listen on port \(address.port)",
                    help: "give one of them another port", related: [.init(range, "the other one")])
            }
            taken[address] = (channel.name.value, channel.value.port.range)
        }
    }

    /// The limits that the author wrote, over those that hold without them.
    static func limits(_ config: LimitsConfig?, over base: Limits = Limits()) -> Limits {
        var limits = base
        guard let config else { return limits }
        func take<Value>(
            _ key: String, _ value: Located<Value>, _ place: WritableKeyPath<Limits, Value>
        ) {
            if config.written.contains(key) { limits[keyPath: place] = value.value }
        }
        take("header_bytes", config.headerBytes, \.headerBytes)
        take("header_count", config.headerCount, \.headerCount)
        take("target_bytes", config.targetBytes, \.targetBytes)
        take("body_bytes", config.bodyBytes, \.bodyBytes)
        take("json_depth", config.jsonDepth, \.jsonDepth)
        take("websocket_message_bytes", config.webSocketMessageBytes, \.webSocketMessageBytes)
        take("send_queue_bytes", config.sendQueueBytes, \.sendQueueBytes)
        take("websocket_compression", config.webSocketCompression, \.webSocketCompression)
        take("connections", config.connections, \.connections)
        take("header_deadline", config.headerDeadline, \.headerDeadline)
        take("body_deadline", config.bodyDeadline, \.bodyDeadline)
        take("idle_deadline", config.idleDeadline, \.idleDeadline)
        take("ping_interval", config.pingInterval, \.pingInterval)
        take("ping_grace", config.pingGrace, \.pingGrace)
        take("malformed_frames", config.malformedFrames, \.malformedFrames)
        take("message_characters", config.messageCharacters, \.messageCharacters)
        if let upload = config.upload {
            limits.files.maxBytes = upload.maxBytes.value
            limits.files.conversationBytes = upload.conversationBytes.value
            limits.files.directory = upload.directory?.value ?? limits.files.directory
            limits.files.types = upload.types.map { Set($0.map(\.value)) } ?? limits.files.types
        }
        limits.requests.max = config.requests?.max.value ?? limits.requests.max
        limits.requests.per = config.requests?.per.value ?? limits.requests.per
        if let events = config.events {
            limits.events = RequestLimit(max: events.max.value, per: events.per.value)
        }
        if let logins = config.logins {
            limits.logins.perAccount = logins.perAccount.value
            limits.logins.perAddress = logins.perAddress.value
            limits.logins.per = logins.per.value
        }
        return limits
    }

    private func reload() -> ReloadSettings {
        var settings = ReloadSettings()
        guard let config = config.reload else { return settings }
        settings.watches = config.watch.value
        settings.gate = config.gate.isEmpty ? ["validate"] : config.gate.map(\.value)
        settings.settle = config.settle.value
        settings.control = config.control.value
        return settings
    }
}
