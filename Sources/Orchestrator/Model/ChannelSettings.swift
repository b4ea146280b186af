// SPDX-License-Identifier: Apache-2.0

/// A way in besides the main port.
///
/// What a dialect has no key for is as it is without the key.
package struct ChannelSettings: Sendable {
    /// The channel's name.
    package var name: String
    /// The dialect: `native`.
    package var type: String
    /// Where it listens.
    package var address: ListenAddress
    /// The assistants it offers; nil offers all.
    package var assistants: [String]?
    /// The assistant that answers everybody; `none` relays between people.
    package var assistant: String?
    /// Assistants by role, or by the name that clients choose, as the dialect has it.
    package var choices: [String: String] = [:]
    /// The only issuer whose tokens count; nil accepts every issuer's.
    package var issuer: String?
    /// The queues whose waiting conversations are announced here.
    package var serves: [String] = []
    /// Which pages of other origins may speak to it.
    package var cors = CORSPolicy()
    /// Who may act as staff where the dialect has no rule of its own.
    package var staffAccess = StaffAccess.token
    /// Sockets that never said whom they serve count as staff.
    package var hasLegacyAdmins = false
    /// Callers may choose the assistant at the vendor themselves.
    package var allowsAssistantOverride = false
    /// While the environment is development, pages of every origin may call it.
    package var opensInDevelopment = false
    /// An external id that nobody has used is taken as it is.
    package var trustsUnknown = true
    /// How long a client that lost its connection may come back as if nothing had happened; zero never.
    package var recovery = Duration.zero
    /// Whether and how a provider answers.
    package var ai = ChannelAI()
    /// What it speaks TLS with; nil for plain.
    package var tls: TLSFiles?
    /// The channel's limits.
    package var limits: Limits

    /// Who may act as staff.
    package enum StaffAccess: String, Sendable, Hashable, CaseIterable {
        /// Whoever proves it.
        case token
        /// Everybody.
        case open
    }

    /// A channel of these parts.
    package init(
        name: String, type: String, address: ListenAddress, assistants: [String]? = nil,
        limits: Limits = Limits()
    ) {
        self.name = name
        self.type = type
        self.address = address
        self.assistants = assistants
        self.limits = limits
    }
}

extension ChannelSettings {
    /// What anybody who reaches the channel may do, as it is said at the start of a preset.
    package var openings: [String] {
        var openings: [String] = []
        if staffAccess == .open { openings.append("anybody may answer as staff and read every conversation") }
        if hasLegacyAdmins {
            openings.append("a socket that does not say whom it serves counts as staff, without a token")
        }
        if allowsAssistantOverride { openings.append("callers choose the assistant at the vendor") }
        if trustsUnknown && type == "live-chat" || type == "live-chat-ai" {
            openings.append("callers choose the ids of their sessions")
        }
        if cors.origins == .any { openings.append("pages of every origin may call it") }
        return openings
    }
}

/// Whether a provider answers on a channel, and how it is asked: as its author wrote, or as an overlay changes it.
///
/// What is nil is as the route and the persona say, in an overlay as it was.
package struct ChannelAI: Sendable, Hashable {
    /// The channel says something about it at all; else the route alone decides.
    package var isDeclared = false
    /// A provider answers; nil where nothing is said about it.
    package var enabled: Bool?
    /// The provider asked first.
    package var provider: String?
    /// The provider's model.
    package var model: String?
    /// Takes the place of the persona.
    package var systemPrompt: String?
    /// How freely the model words its answers, 0...2.
    package var temperature: Double?
    /// The longest answer, in tokens.
    package var maxTokens: Int?

    /// Says nothing: no provider answers.
    package init() {}

    /// A provider answers.
    package var isEnabled: Bool {
        get { enabled ?? false }
        set { enabled = newValue }
    }
}
