// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Transport
import WireProtocols

/// The dialect of a chat back end with accounts of its own and answers in pieces over one WebSocket.
///
/// REST under `/api`, a socket at `/ws` or `/`; every text goes to the channel's assistant.
final class StreamingChatChannel: Channel {
    let name: String
    let services: ChannelServices
    private let credentials: Mutex<(issuer: String?, verifier: CredentialVerifier)>
    /// Messages that one person may send, and frames of one socket.
    let floods = RequestLimiter()
    let uploads = UploadCount()
    let probe = Mutex<Probe?>(nil)

    init(_ services: ChannelServices, name: String) {
        self.services = services
        self.name = name
        credentials = Mutex((nil, CredentialVerifier(accounts: services.directory, takesKeys: false)))
    }

    func handle(_ request: HTTPRequest) async -> HTTPResponse {
        let call = StreamingChatCall(request, settings(), services.snapshots.current(), services.clock.now())
        let path = request.pathSegments.joined(separator: "/")
        var response = await answer(path, call)
        // Addresses that are not there may hold what a person wrote.
        response.route = response.status == 404 ? "-" : "/" + path
        return response
    }

    private func answer(_ path: String, _ call: StreamingChatCall) async -> HTTPResponse {
        switch (call.request.method, path) {
        case ("GET", "ws"), ("GET", ""):
            return call.request.isUpgrade ? openSocket(call) : .endpointNotFound
        case ("POST", "api/auth/register"): return await register(call)
        case ("POST", "api/auth/login"): return await login(call)
        case ("POST", "api/auth/verify"): return await verify(call)
        case ("POST", "api/files/upload"): return await upload(call)
        case ("GET", "api/files/health"): return await filesHealth(call)
        case ("GET", "health"), ("GET", "api/health"): return health(call)
        case ("GET", "api/stats"): return stats(call)
        case ("GET", "api/websocket/info"): return socketInfo(call)
        default: return .endpointNotFound
        }
    }

    /// What the snapshot says of this channel; it is there as long as the channel is.
    func settings() -> ChannelSettings {
        services.snapshots.current().parts.server.channels[name]
            ?? ChannelSettings(name: name, type: "streaming-chat", address: ListenAddress(host: "", port: 0))
    }

    /// Reads tokens of the channel's issuer.
    func verifier(_ settings: ChannelSettings) -> CredentialVerifier {
        credentials.withLock { known in
            if known.issuer != settings.issuer {
                known = (
                    settings.issuer,
                    CredentialVerifier(
                        accounts: services.directory, issuer: settings.issuer, takesKeys: false)
                )
            }
            return known.verifier
        }
    }

    /// The sockets that are open.
    var connectedClients: Int { services.sockets.members(of: name).count }
}

/// A request with what it is judged by.
struct StreamingChatCall: Sendable {
    let request: HTTPRequest
    let settings: ChannelSettings
    let snapshot: Snapshot
    let now: Timestamp

    init(_ request: HTTPRequest, _ settings: ChannelSettings, _ snapshot: Snapshot, _ now: Timestamp) {
        self.request = request
        self.settings = settings
        self.snapshot = snapshot
        self.now = now
    }

    /// The members of the body; nil for what is no JSON object.
    ///
    /// An empty body is an object without members.
    var fields: JSONObject? {
        guard !request.body.isEmpty else { return JSONObject() }
        return (try? JSON.parse(request.body, maxDepth: settings.limits.jsonDepth))?.members
    }

    /// What follows `Bearer` in the header.
    var bearer: String? {
        let values = request.headers.all("Authorization")
        guard values.count == 1 else { return nil }
        let parts = values[0].split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1].drop { $0 == " " })
    }
}

extension HTTPResponse {
    static let endpointNotFound = HTTPResponse.refused(404, "Endpoint not found")

    /// `{"success":false,"message":...}`.
    static func refused(_ status: Int, _ message: String, retryAfter: Int? = nil) -> HTTPResponse {
        var response = HTTPResponse.json(status, ["success": false, "message": .string(message)])
        if let retryAfter { response.headers.add("Retry-After", String(retryAfter)) }
        return response
    }
}
