// SPDX-License-Identifier: Apache-2.0

/// One wire dialect: what a user may write about a channel of it, and what serves one.
///
/// A dialect is a folder beside this file with an extension that declares it, and its name in ``all``.
package struct ChannelDialect: Sendable {
    /// How the key `assistants` is written.
    package enum Choice: Sendable, Hashable {
        /// A list of what is offered.
        case offered
        /// An assistant for each role.
        case byRole
        /// An assistant for each name that clients may say, and one for `default`.
        case byName

        var wants: String {
            switch self {
            case .offered: "a list of assistants"
            case .byRole: "an assistant for each role"
            case .byName: "an assistant for each name"
            }
        }
    }

    /// The word for it in `type:`.
    package let type: String
    /// The keys it takes beside those of every channel.
    package let keys: Set<String>
    /// The keys it cannot do without.
    package let requiredKeys: Set<String>
    /// How the key `assistants` is written.
    package let choice: Choice
    /// The origins where the author writes none: those of its contract.
    package let origins: [String]
    /// The limits where the author writes none: those of its contract.
    package let limits: Limits
    /// What the contract says pages of other origins may do, where it says something.
    package let cors: @Sendable (inout CORSPolicy) -> Void
    /// Makes what serves the channel of a name.
    package let make: @Sendable (String, ChannelServices) -> any Channel

    /// A dialect of these parts.
    package init(
        type: String, keys: Set<String>, requiredKeys: Set<String> = [], choice: Choice = .offered,
        origins: [String] = [], limits: Limits = Limits(),
        cors: @escaping @Sendable (inout CORSPolicy) -> Void = { _ in },
        make: @escaping @Sendable (String, ChannelServices) -> any Channel
    ) {
        self.type = type
        self.keys = keys
        self.requiredKeys = requiredKeys
        self.choice = choice
        self.origins = origins
        self.limits = limits
        self.cors = cors
        self.make = make
    }

    /// All dialects of this build, in the order they are shown.
    package static let all: [ChannelDialect] = [
        .native, .streamingChat, .clinic, .liveChatAI, .widget, .liveChat,
    ]

    /// The dialect of that name; nil when this build has none.
    package static func named(_ type: String) -> ChannelDialect? { all.first { $0.type == type } }
}
