// SPDX-License-Identifier: Apache-2.0

import Intents
import Transport

extension NativeChannel {
    /// The limits of this listener.
    func limits(_ snapshot: Snapshot) -> Limits {
        // Read in place: a copy of the settings would count every reference in them.
        if isMain { return snapshot.parts.server.limits }
        return snapshot.parts.server.channels[name]?.limits ?? snapshot.parts.server.limits
    }

    /// True when this listener offers the assistant.
    func offers(_ assistant: String, _ snapshot: Snapshot) -> Bool {
        guard !isMain, let offered = snapshot.parts.server.channels[name]?.assistants else { return true }
        return offered.contains(assistant)
    }

    /// Who the token speaks for; nil without one.
    ///
    /// Routes for everybody do not look at it.
    func identify(
        _ request: HTTPRequest, _ route: NativeRoute, _ snapshot: Snapshot, now: Timestamp
    ) throws(NativeError) -> Identity? {
        guard route.access != .everyone, route.access != .demo else { return nil }
        guard let token = try Self.token(of: request) else { return nil }
        do throws(TokenError) {
            return try credentials.verify(token, snapshot, now: now)
        } catch {
            // Guessing costs: refused tokens count for the address.
            try count("ip:" + request.peer, limits(snapshot), now: now)
            throw NativeError(error)
        }
    }

    /// Throws unless whoever asks may use the route.
    func admit(
        _ request: HTTPRequest, to route: NativeRoute, _ identity: Identity?, _ snapshot: Snapshot
    ) throws(NativeError) {
        let asker = Asker(
            identity: identity, isLocal: request.isDirectlyLocal,
            mayDemo: isMain && settings.demo != nil && snapshot.parts.server.allowsDemo && request.mayDemo)
        switch route.access.decide(asker, snapshot) {
        case .granted: return
        case .unauthenticated: throw .unauthenticated
        case .forbidden: throw .forbidden
        case .hidden: throw .unknownRoute
        }
    }

    /// Counts the request, and says what is left; nil where requests are not counted.
    ///
    /// Messages are counted later, after the safety floor; so a socket, over which they come, is refused at the
    /// flood limit only.
    func limit(_ call: NativeCall, _ route: NativeRoute) throws(NativeError) -> RequestLimiter.Quota? {
        guard route.path.hasPrefix("/v1/") || route.operation == .demoToken else { return nil }
        guard route.operation != .sendMessage else { return nil }
        let key = Self.key(call.identity, peer: call.request.peer)
        guard route.operation == .openSocket else { return try count(key, call.limits, now: call.now) }
        if case .refused(let quota) = admitFlood(key, call.limits, now: call.now) { throw .tooMany(quota) }
        return nil
    }

    /// Counts what nobody needs that often, twenty times the limit: refused even for an emergency.
    func admitFlood(_ key: String, _ limits: Limits, now: Timestamp) -> RequestLimiter.Decision {
        floods.admit(key, limits.requests, factor: 20, now: now)
    }

    /// Counts a message; past the limit only an emergency is taken.
    func limitMessage(
        _ text: String, to assistant: String, key: String, _ snapshot: Snapshot, now: Timestamp
    ) throws(NativeError) {
        guard case .refused(let quota) = requests.admit(key, limits(snapshot).requests, now: now) else {
            return
        }
        guard Self.isEmergency(text, for: assistant, snapshot) else { throw .tooMany(quota) }
    }

    /// True when the assistant's safety floor finds an emergency in the text.
    static func isEmergency(_ text: String, for assistant: String, _ snapshot: Snapshot) -> Bool {
        snapshot.assistant(assistant)?.safety.check(text)?.level == .emergency
    }

    /// Whose requests are counted together: a person's, or an address's.
    static func key(_ identity: Identity?, peer: String) -> String {
        identity.map { "user:" + $0.user } ?? "ip:" + peer
    }

    @discardableResult
    private func count(
        _ key: String, _ limits: Limits, now: Timestamp
    ) throws(NativeError) -> RequestLimiter.Quota {
        switch requests.admit(key, limits.requests, now: now) {
        case .admitted(let quota): return quota
        case .refused(let quota): throw .tooMany(quota)
        }
    }
}

extension NativeChannel {
    /// The token of a request: in `Authorization`, or for a socket among its subprotocols.
    ///
    /// Never in the address.
    static func token(of request: HTTPRequest) throws(NativeError) -> String? {
        let values = request.headers.all("Authorization")
        guard let value = values.first else { return request.isUpgrade ? request.subprotocolToken : nil }
        guard values.count == 1, let space = value.utf8.firstIndex(of: UInt8(ascii: " ")),
            value[..<space].lowercased() == "bearer"
        else { throw .unauthenticated }
        let token = value[space...].drop { $0 == " " }
        guard !token.isEmpty else { throw .unauthenticated }
        return String(token)
    }
}

extension ServerSettings {
    /// The demo's conditions that the configuration decides.
    var allowsDemo: Bool { isDemo && environment == .development && listen?.isLoopback == true }
}
