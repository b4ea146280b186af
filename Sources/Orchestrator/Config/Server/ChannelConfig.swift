// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import WireProtocols
import YAMLTree

/// A way in besides the main port; which keys it takes depends on its type.
struct ChannelConfig: ConfigMap {
    static let title = "a channel"

    let type: Located<String>
    let host: Located<String>?
    let port: Located<Int>
    let issuer: Located<String>?
    let assistant: Located<String>?
    let assistants: ChannelAssistantsConfig?
    let serves: [Located<String>]
    let cors: [Located<String>]
    let staffAccess: Located<String>
    let legacyAdmins: Located<Bool>
    let assistantOverride: Located<Bool>
    let openInDevelopment: Located<Bool>
    let trustUnknown: Located<Bool>
    let recovery: Located<Duration>
    let ai: ChannelAIConfig?
    let tls: TLSConfig?
    let limits: LimitsConfig?
    /// The keys the author wrote, with their places.
    let written: [String: SourceRange]
    let anchor: SourceRange

    // A table of keys: long, and without a branch.
    init(_ map: MapReader) {
        type = map.required(
            "type", .word(ChannelDialect.all.map(\.type)), "The wire dialect its clients speak.")
        host = map.optional(
            "host", .text, "Address to listen on; that of `listen` when left out, else 127.0.0.1.")
        port = map.required("port", .integer(0...65535), "TCP port; 0 takes a free one.")
        issuer = map.optional(
            "issuer", .name(), "The only issuer whose tokens count here; every issuer's when left out.")
        assistant = map.optional(
            "assistant", .name(), "The assistant that answers; `none` relays between people.")
        assistants = map.optional(
            "assistants", .channelAssistants,
            "`native`: the assistants it offers, all when left out; `clinic`: by role; `widget`: by the type that clients name, with a `default`."
        )
        serves =
            map.optional(
                "serves", .list(.name()), "The queues whose waiting conversations are announced here.") ?? []
        cors = map.origins()
        staffAccess = map.value(
            "staff_access", .word(ChannelSettings.StaffAccess.allCases.map(\.rawValue)), default: "token",
            "`live-chat`: `token` asks staff for a token of the issuer, `open` asks nobody.")
        legacyAdmins = map.value(
            "legacy_admins", .boolean, default: "false",
            "`live-chat-ai`: sockets that never said whom they serve count as staff, without a token.")
        assistantOverride = map.value(
            "assistant_override", .boolean, default: "false",
            "`widget`: callers may choose the assistant at the vendor themselves.")
        openInDevelopment = map.value(
            "open_in_development", .boolean, default: "false",
            "`widget`: while the environment is development, pages of every origin may call it, whatever `cors` says."
        )
        trustUnknown = map.value(
            "trust_unknown", .boolean, default: "true",
            "`live-chat`: a session id that nobody has used is taken as it is; else a new one is given.")
        recovery = map.value(
            "recovery", .duration, default: "0s",
            "Socket.IO: how long a client that lost its connection may come back and be told what it missed; its events then carry an offset as their last argument. Taken when the listener opens."
        )
        ai = map.optional(
            "ai", .object(ChannelAIConfig.self),
            "`live-chat-ai`, `live-chat`: whether and how a provider answers.")
        tls = map.optional(
            "tls", .object(TLSConfig.self), "Clients speak HTTPS and WSS with it; left out, they speak plain."
        )
        limits = map.optional("limits", .object(LimitsConfig.self), "What this channel accepts.")
        written = Dictionary(
            map.declarations.map(\.name).filter(map.has).map { ($0, map.range(of: $0)) },
            uniquingKeysWith: { first, _ in first })
        anchor = map.anchor
    }
}

/// The assistants of a channel: offered by themselves, or each under a name.
enum ChannelAssistantsConfig: Sendable {
    case list([Located<String>])
    case named([Named<Located<String>>])

    /// All that are named.
    var names: [Located<String>] {
        switch self {
        case .list(let names): names
        case .named(let entries): entries.map(\.value)
        }
    }
}

extension Codec where Value == ChannelAssistantsConfig {
    /// A list of assistants, or assistants by name.
    static var channelAssistants: Codec {
        let list = Codec<[Located<String>]>.list(.name())
        let named = Codec<[Named<Located<String>>]>.names(.name(), rule: .free)
        return Codec(
            schema: { ["anyOf": [list.schema($0), named.schema($0)]] }, placeholder: { .list([]) },
            read: { node, context in
                node.entries == nil
                    ? list.read(node, context).map { .list($0) }
                    : named.read(node, context).map { .named($0) }
            })
    }
}

/// `ai:` of a channel in the server file; ``OverlayAIConfig`` in an overlay.
struct ChannelAIConfig: ConfigMap {
    static let title = "'ai'"

    let enabled: Located<Bool>?
    let provider: Located<String>?
    let model: Located<String>?
    let systemPrompt: Located<String>?
    let temperature: Located<Double>?
    let maxTokens: Located<Int>?

    init(_ map: MapReader) { self.init(map, text: .text) }

    /// The keys, with what texts among them may hold.
    init(_ map: MapReader, text: Codec<Located<String>>) {
        enabled = map.optional("enabled", .boolean, "Whether a provider answers at all; false when left out.")
        provider = map.optional("provider", .name(), "The provider asked first.")
        model = map.optional("model", text, "The provider's model.")
        systemPrompt = map.optional("system_prompt", text, "Takes the place of the persona.")
        temperature = map.optional("temperature", .number(0...2), "How freely the model words its answers.")
        maxTokens = map.optional(
            "max_tokens", .integer(1...1_000_000), "The longest answer, in tokens.")
    }

    /// The compiled values.
    var values: ChannelAI {
        var values = ChannelAI()
        values.enabled = enabled?.value
        values.provider = provider?.value
        values.model = model?.value
        values.systemPrompt = systemPrompt?.value
        values.temperature = temperature?.value
        values.maxTokens = maxTokens?.value
        return values
    }
}
