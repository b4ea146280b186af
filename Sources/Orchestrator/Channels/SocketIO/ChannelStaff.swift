// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

/// Who counts as staff on a channel: whoever has a token of its issuer in a role that answers people.
struct ChannelStaff: Sendable {
    let services: ChannelServices
    let channel: String

    /// The member of staff a token proves.
    ///
    /// Asked again with every act, so that an expired token or a role that was taken away counts at once.
    func member(token: String?) -> Identity? {
        guard let identity = identity(token: token) else { return nil }
        let role = services.snapshots.current().parts.server.roles[identity.role]
        return role?.isStaff == true ? identity : nil
    }

    /// Who a token of the channel's issuer speaks for.
    func identity(token: String?) -> Identity? {
        guard let token, !token.isEmpty else { return nil }
        let server = services.snapshots.current().parts.server
        return try? TokenVerifier(server, issuer: server.channels[channel]?.issuer)
            .verify(token, now: services.clock.now())
    }

    /// The token of a client: `auth.token` of its handshake, else its `Authorization` header.
    static func token(_ auth: JSONObject, _ handshake: EngineHandshake) -> String? {
        auth["token"]?.text ?? bearer(handshake.authorization)
    }

    /// The token of an `Authorization` header.
    static func bearer(_ header: String?) -> String? {
        guard let parts = header?.split(separator: " ", maxSplits: 1), parts.count == 2,
            parts[0].lowercased() == "bearer"
        else { return nil }
        return String(parts[1].drop { $0 == " " })
    }
}
