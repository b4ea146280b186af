// SPDX-License-Identifier: Apache-2.0

import Synchronization
package import Transport
import WireProtocols

/// The channel `live-chat-ai`: visitors, an AI that answers them, and admins at a dashboard, over Socket.IO and REST.
package final class LiveChatAIChannel: Channel {
    /// A visitor's message that is being answered.
    struct Pending {
        var client: SocketClient
        /// A provider is asked: the room is shown that somebody thinks.
        var thinks: Bool
        /// The room was shown so.
        var hasBegun = false
        /// Where it is stored, once it is.
        var place: String?
    }

    struct State {
        /// By the client id under which each is handed in.
        var pending: [String: Pending] = [:]
        var aiChangedAt: Timestamp
        /// Sockets that hear what admins hear, and what stands for them elsewhere.
        var admins = 0
        var dashboard: LiveChatAIDashboard?
        /// Conversations whose people were called by a phrase, which admins were told at once.
        var called: [String] = []
    }

    let services: ChannelServices
    let name: String
    let endpoint = SocketEndpoint()
    let staff: ChannelStaff
    let state: Mutex<State>

    init(name: String, _ services: ChannelServices) {
        self.name = name
        self.services = services
        staff = ChannelStaff(services: services, channel: name)
        state = Mutex(State(aiChangedAt: services.clock.now()))
        services.service.watch(name, self)
    }

    /// What the author wrote, as it is being served; nil while the channel is going away.
    var settings: ChannelSettings? { services.snapshots.current().parts.server.channels[name] }

    package func handle(_ request: HTTPRequest) async -> HTTPResponse {
        if SocketEndpoint.owns(request.path) {
            return await endpoint.handle(request, self, settings)
        }
        return await answer(request)
    }

    package func close() async {
        services.service.unwatch(name, self)
        endpoint.shutdown()
    }

    func alias(_ session: String) -> ConversationAlias {
        ConversationAlias(channel: name, externalID: session)
    }

    /// The person of a session, who has no account.
    func visitor(_ session: String) -> Caller { .guest(of: name, session) }

    /// The admin a token proves; nil for everybody else's.
    ///
    /// The issuer's admin claim makes the role, so a registered person's token of the same secret is none.
    func admin(token: String?) -> Identity? {
        staff.identity(token: token).flatMap { $0.role == TokenVerifier.adminRole ? $0 : nil }
    }
}
