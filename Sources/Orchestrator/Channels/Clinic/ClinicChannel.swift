// SPDX-License-Identifier: Apache-2.0

import Synchronization
package import Transport
import WireProtocols

/// The clinic's dialect on one listener.
package final class ClinicChannel: Channel {
    let name: String
    let services: ChannelServices
    let requests = RequestLimiter()
    let sockets = ClinicSockets()
    /// How many rooms there are; nil until somebody asks.
    let roomCount = Mutex<Int?>(nil)

    /// The channel of that name.
    package init(name: String, _ services: ChannelServices) {
        self.name = name
        self.services = services
    }

    /// Answers a request.
    package func handle(_ request: HTTPRequest) async -> HTTPResponse {
        let now = services.clock.now()
        do throws(ClinicError) {
            guard let route = ClinicRoute(request.pathSegments) else { throw .unknownRoute }
            guard route.method == request.method || (route.method == "GET" && request.method == "HEAD") else {
                throw .wrongMethod
            }
            var response = try await answer(request, route, now)
            response.route = route.pattern
            return response
        } catch {
            return error.response(to: request, at: now)
        }
    }

    private func answer(
        _ request: HTTPRequest, _ route: ClinicRoute, _ now: Timestamp
    ) async throws(ClinicError) -> HTTPResponse {
        let snapshot = services.snapshots.current()
        switch route {
        case .health: return await health(snapshot)
        case .chatHealth: return await chatHealth()
        case .root, .info: return info(snapshot)
        case .docs, .redoc: return ClinicDocument.page
        case .openAPI: return ClinicDocument.openAPI
        default: break
        }
        let identity = try identify(request, route, snapshot, now)
        let call = ClinicCall(
            request: request, snapshot: snapshot, limits: limits(snapshot), identity: identity, now: now)
        if case .chat = route {} else { try count(call) }
        switch route {
        case .chat(let role): return try await chat(call, as: role)
        case .createRoom: return try await createRoom(call)
        case .history(let room): return try await history(call, of: room)
        case .rooms(let user): return try await rooms(call, of: user)
        case .activeUsers: return try activeUsers(call)
        case .stats: return try await stats(call)
        case .broadcast: return try broadcast(call)
        case .notify(let user): return try notify(call, user)
        case .shareFile: return try await shareFile(call)
        case .uploadFile(let room): return try await uploadFile(call, to: room)
        case .file(let id): return try await downloadFile(call, id)
        case .socket(let user): return try openSocket(call, as: user)
        case .health, .chatHealth, .root, .info, .docs, .redoc, .openAPI: throw .unknownRoute
        }
    }

    func limits(_ snapshot: Snapshot) -> Limits {
        snapshot.parts.server.channels[name]?.limits ?? snapshot.parts.server.limits
    }

    func verifier(_ snapshot: Snapshot) -> TokenVerifier {
        TokenVerifier(snapshot.parts.server, issuer: snapshot.parts.server.channels[name]?.issuer)
    }

    /// Who asks; a socket's token is in its address, and is refused with 403.
    private func identify(
        _ request: HTTPRequest, _ route: ClinicRoute, _ snapshot: Snapshot, _ now: Timestamp
    ) throws(ClinicError) -> Identity {
        let isSocket = if case .socket = route { true } else { false }
        // Files are shown by address alone, as sockets are opened.
        let isAddressed = if case .file = route { true } else { isSocket }
        let token = isAddressed ? request.queryValue("token") ?? Self.bearer(request) : Self.bearer(request)
        guard let token, !token.isEmpty else { throw isSocket ? .forbidden : .unauthenticated }
        do throws(TokenError) { return try verifier(snapshot).verify(token, now: now) } catch {
            _ = requests.admit("ip:" + request.peer, limits(snapshot).requests, now: now)
            throw isSocket ? .forbidden : ClinicError(error)
        }
    }

    private static func bearer(_ request: HTTPRequest) -> String? {
        let values = request.headers.all("Authorization")
        guard values.count == 1, values[0].lowercased().hasPrefix("bearer ") else { return nil }
        return values[0].dropFirst(7).trimmedSpaces
    }

    /// Counts a request of a person.
    func count(_ call: ClinicCall) throws(ClinicError) {
        let key = "user:" + call.identity.user
        if case .refused(let quota) = requests.admit(key, call.limits.requests, now: call.now) {
            throw .status(429, "Too many requests", retryAfter: quota.reset)
        }
    }
}

/// A request of a proven person.
struct ClinicCall: Sendable {
    let request: HTTPRequest
    let snapshot: Snapshot
    let limits: Limits
    let identity: Identity
    let now: Timestamp

    var role: String { identity.role }
    var isAdmin: Bool { identity.role == "ADMIN" }

    func fields() throws(ClinicError) -> ClinicFields {
        try ClinicFields(request.body, maxDepth: limits.jsonDepth)
    }

    /// Throws unless the role is one of these.
    func require(_ roles: String...) throws(ClinicError) {
        guard roles.contains(identity.role) else { throw .forbidden }
    }
}
