// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// Links the channels of `server.yaml`, each by the rules of its dialect, with what overlays change about them.
struct ChannelLinker {
    /// Keys that every channel takes.
    private static let commonKeys: Set<String> = ["type", "host", "port", "cors", "tls", "limits"]

    let server: ServerConfig
    let index: TreeIndex

    func link(_ findings: inout LinkFindings) -> [String: ChannelSettings] {
        var channels: [String: ChannelSettings] = [:]
        for channel in server.channels {
            guard let dialect = ChannelDialect.named(channel.value.type.value) else { continue }
            checkKeys(of: channel.value, dialect, &findings)
            checkNames(of: channel, &findings)
            checkAssistants(of: channel, dialect, &findings)
            ServerLinker.checkDirectory(of: channel, &findings)
            var settings = settings(of: channel, dialect)
            settings.tls = channel.value.tls?.files
            settings.cors = cors(of: channel.value, dialect, &findings)
            if settings.opensInDevelopment, server.environment.value != "production" {
                settings.cors = CORSPolicy(.any)
            }
            dialect.cors(&settings.cors)
            channels[channel.name.value] = settings
        }
        return channels
    }

    private func cors(
        of config: ChannelConfig, _ dialect: ChannelDialect, _ findings: inout LinkFindings
    ) -> CORSPolicy {
        guard config.written["cors"] == nil else { return ServerLinker.cors(config.cors, &findings) }
        return dialect.origins.contains("*")
            ? CORSPolicy(.any)
            : dialect.origins.isEmpty ? CORSPolicy() : CORSPolicy(.listed(Set(dialect.origins)))
    }

    private func settings(of channel: Named<ChannelConfig>, _ dialect: ChannelDialect) -> ChannelSettings {
        let config = channel.value
        let host = config.host?.value ?? server.listen?.host.value ?? "127.0.0.1"
        var settings = ChannelSettings(
            name: channel.name.value, type: dialect.type,
            address: ListenAddress(host: host, port: config.port.value),
            limits: ServerLinker.limits(config.limits, over: dialect.limits))
        settings.assistant = config.assistant?.value
        switch config.assistants {
        case .list(let names): settings.assistants = names.map(\.value)
        case .named(let entries):
            settings.choices = Dictionary(
                entries.map { ($0.name.value, $0.value.value) }, uniquingKeysWith: { first, _ in first })
        case nil: break
        }
        settings.issuer = config.issuer?.value
        settings.serves = config.serves.map(\.value)
        settings.staffAccess = ChannelSettings.StaffAccess(rawValue: config.staffAccess.value) ?? .token
        settings.hasLegacyAdmins = config.legacyAdmins.value
        settings.allowsAssistantOverride = config.assistantOverride.value
        settings.opensInDevelopment = config.openInDevelopment.value
        settings.trustsUnknown = config.trustUnknown.value
        settings.recovery = config.recovery.value
        settings.ai = ai(of: channel)
        return settings
    }

    // What was changed at run time counts above what the author wrote.
    private func ai(of channel: Named<ChannelConfig>) -> ChannelAI {
        let overlays = index.overlays.flatMap(\.channels).filter { $0.name.value == channel.name.value }
        var ai = overlays.reduce(channel.value.ai?.values ?? ChannelAI()) { $1.value.ai.values.over($0) }
        ai.isDeclared = channel.value.ai != nil || !overlays.isEmpty
        return ai
    }
}

// MARK: - Checks

extension ChannelLinker {
    private func checkKeys(
        of config: ChannelConfig, _ dialect: ChannelDialect, _ findings: inout LinkFindings
    ) {
        let known = dialect.keys.union(Self.commonKeys)
        for (key, range) in config.written.sorted(by: { $0.key < $1.key }) where !known.contains(key) {
            findings.error(
                "channel-key", at: range, "a channel of the type '\(dialect.type)' has no use for '\(key)'",
                help: "it takes \(quotedList(known.sorted()))")
        }
        for key in dialect.requiredKeys.sorted() where config.written[key] == nil {
            findings.error(
                "key-missing", at: config.anchor,
                "a channel of the type '\(dialect.type)' needs the key '\(key)'", help: "add '\(key): ...'")
        }
    }

    private func checkNames(of channel: Named<ChannelConfig>, _ findings: inout LinkFindings) {
        let user = "the channel '\(channel.name.value)'"
        for queue in channel.value.serves { index.queues.resolve(queue, for: user, &findings) }
        channel.value.ai?.provider.map { _ = index.providers.resolve($0, for: user, &findings) }
        guard let issuer = channel.value.issuer else { return }
        let known = (server.auth?.issuers ?? []).map(\.name.value)
        guard !known.contains(issuer.value) else { return }
        findings.error(
            "issuer-unknown", at: issuer.range,
            "\(user) names the issuer '\(issuer.value)', which 'auth' does not define",
            help: nearestName(to: issuer.value, in: known).map { "did you mean '\($0)'?" }
                ?? "define it under 'auth', 'issuers'")
    }

    private func checkAssistants(
        of channel: Named<ChannelConfig>, _ dialect: ChannelDialect, _ findings: inout LinkFindings
    ) {
        let user = "the channel '\(channel.name.value)'"
        if let assistant = channel.value.assistant, assistant.value != ConversationService.relay {
            index.assistants.resolve(assistant, for: user, &findings)
        }
        switch (channel.value.assistants, dialect.choice) {
        case (nil, _): return
        case (.list(let names), .offered): checkRoles(of: names, channel, &findings)
        case (.named(let entries), .byRole):
            for entry in entries { checkRole(of: entry, user, &findings) }
        case (.named(let entries), .byName):
            // Its clients prove nobody, and nobody relays for them.
            for entry in entries { checkRole("anonymous", entry.value, user, &findings) }
            if !entries.contains(where: { $0.name.value == "default" }) {
                findings.error(
                    "key-missing", at: channel.value.written["assistants"] ?? channel.name.range,
                    "'assistants' of \(user) needs the key 'default'",
                    help: "add 'default: ...': the assistant of clients that name no type")
            }
        default:
            findings.error(
                "type-wrong", at: channel.value.written["assistants"] ?? channel.name.range,
                "'assistants' wants \(dialect.choice.wants) on a channel of the type '\(dialect.type)'")
        }
    }

    private func checkRole(
        of entry: Named<Located<String>>, _ user: String, _ findings: inout LinkFindings
    ) {
        index.roles.resolve(entry.name, for: user, &findings)
        guard entry.value.value != ConversationService.relay else { return }
        checkRole(entry.name.value, entry.value, user, &findings)
    }

    private func checkRole(
        _ role: String, _ name: Located<String>, _ user: String, _ findings: inout LinkFindings
    ) {
        guard let assistant = index.assistants.resolve(name, for: user, &findings),
            !assistant.config.roles.contains(where: { $0.value == role })
        else { return }
        findings.error(
            "channel-role", at: name.range,
            "\(user) gives \(role) the assistant '\(name.value)', which is not for that role",
            help: "add \(role) to 'roles' of '\(name.value)', or name another assistant",
            related: [.init(assistant.config.id.range, "the assistant")])
    }

    // A client of a channel with its own list may leave the assistant out: its role then decides.
    private func checkRoles(
        of names: [Located<String>], _ channel: Named<ChannelConfig>, _ findings: inout LinkFindings
    ) {
        var byRole: [String: Located<String>] = [:]
        for name in names {
            guard
                let assistant = index.assistants.resolve(
                    name, for: "the channel '\(channel.name.value)'", &findings)
            else { continue }
            for role in assistant.config.roles {
                if let first = byRole[role.value] {
                    findings.error(
                        "channel-role-twice", at: name.range,
                        "'\(first.value)' and '\(name.value)' are both for \(role.value) on the channel '\(channel.name.value)'",
                        help: "offer one assistant for each role on a channel",
                        related: [.init(first.range, "the first one is here")])
                }
                byRole[role.value] = name
            }
        }
    }
}
