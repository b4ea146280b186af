// SPDX-License-Identifier: Apache-2.0

package import Transport
import WireProtocols

/// The channel `live-chat`: people and staff in a room for each session, over Socket.IO and REST.
package final class LiveChatChannel: Channel, ConversationSubscriber {
    let services: ChannelServices
    let name: String
    let endpoint = SocketEndpoint()
    let staff: ChannelStaff

    init(name: String, _ services: ChannelServices) {
        self.name = name
        self.services = services
        staff = ChannelStaff(services: services, channel: name)
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

    /// Tells the room of a message; whoever is in it, staff or not, sees the same.
    package func deliver(_ delivery: ConversationDelivery) {
        guard case .message(let message) = delivery.event, let sockets = endpoint.sockets else { return }
        let room = delivery.origin?.name(on: name, of: delivery.conversation) ?? delivery.conversation
        guard !sockets.recovers else {
            return sockets.broadcast(.event("message", [LiveChatPayload.value(message)]), to: room)
        }
        guard !sockets.members(of: room).isEmpty else { return }
        sockets.broadcast([EngineFrame(LiveChatPayload.frame(message))], to: room)
    }

    func alias(_ session: String) -> ConversationAlias {
        ConversationAlias(channel: name, externalID: session)
    }
}
