// SPDX-License-Identifier: Apache-2.0

package import Transport
import WireProtocols

/// What every listener does to each request before its dialect sees it, and to each answer after.
///
/// Trusted proxies, pages of other origins, security headers and the request log are the same for all dialects.
/// Everything is read from the snapshot, so that a reload acts on the next request.
package struct ListenerFront: Sendable {
    /// Asked all day by machines: told only at level `debug` while they go well.
    private static let routine: Set<String> = [
        "/health", "/ready", "/metrics", "/api/health", "/chat/health",
    ]

    /// The listener's name.
    package let name: String
    private let snapshots: SnapshotStore
    private let log: any LogSink

    /// The front of the listener of that name.
    package init(name: String, snapshots: SnapshotStore, log: any LogSink) {
        self.name = name
        self.snapshots = snapshots
        self.log = log
    }

    /// Stands before a dialect's handler.
    package func before(
        _ handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
    ) -> @Sendable (HTTPRequest) async -> HTTPResponse {
        { await answer($0, handler) }
    }

    private func answer(
        _ raw: HTTPRequest, _ handler: @Sendable (HTTPRequest) async -> HTTPResponse
    ) async -> HTTPResponse {
        let began = ContinuousClock.now
        // Read in place: a copy of the settings would count every reference in them.
        let snapshot = snapshots.current()
        let proxies = snapshot.parts.server.proxies
        let policy = snapshot.parts.server.cors(of: name)
        let request = proxies.ranges.isEmpty ? raw : proxies.resolve(raw)
        var response: HTTPResponse
        // The other dialects' contracts take sockets from any page: what proves a person is in the request itself.
        let isNative =
            snapshot.parts.server.channels[name].map { $0.type == ChannelDialect.native.type } ?? true
        if request.isUpgrade && isNative && !policy.allowsSocket(request) {
            response = Self.foreignOrigin(request)
        } else if let preflight = policy.preflight(request) {
            response = preflight
        } else {
            response = await handler(request)
            policy.mark(&response, for: request)
        }
        protect(&response, isSecure: raw.isSecure || proxies.saysSecure(raw, from: raw.peer))
        tell(request, response, took: ContinuousClock.now - began, snapshot.parts.server.log.requests)
        return response
    }

    // The answer of a page's own making is refused before the upgrade (RFC 6455 4.2.2 and 10.2).
    private static func foreignOrigin(_ request: HTTPRequest) -> HTTPResponse {
        let error = NativeError.foreignOrigin
        var response = HTTPResponse.failure(error, requestID: request.id)
        response.rejection = error.code
        return response
    }

    private func protect(_ response: inout HTTPResponse, isSecure: Bool) {
        if response.headers["X-Content-Type-Options"] == nil {
            response.headers.add("X-Content-Type-Options", "nosniff")
        }
        if response.headers["Referrer-Policy"] == nil {
            response.headers.add("Referrer-Policy", "no-referrer")
        }
        if response.headers["X-Frame-Options"] == nil { response.headers.add("X-Frame-Options", "DENY") }
        if isSecure && response.headers["Strict-Transport-Security"] == nil {
            response.headers.add("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        }
    }

    // One line for a request: the route instead of the path, since a path may hold what a person wrote.
    private func tell(
        _ request: HTTPRequest, _ response: HTTPResponse, took: Duration, _ wanted: LogSettings.Requests
    ) {
        guard response.rejection != nil || wanted != .none else { return }
        let isRoutine = response.status < 400 && Self.routine.contains(response.route ?? "")
        let level: LogLevel = response.status >= 500 ? .error : isRoutine ? .debug : .info
        let cause = response.rejection ?? "request"
        let isUnlimited = wanted == .all && response.rejection == nil
        guard isUnlimited || log.expects(level, cause) else { return }
        let fields: JSON = [
            "request_id": .string(request.id), "channel": .string(name), "peer": .string(request.peer),
            "method": .string(request.method), "route": .string(response.route ?? "-"),
            "status": .integer(response.status), "ms": .number(took.roundedMilliseconds),
        ]
        var entry = LogEntry(level, cause, nil, fields.members ?? JSONObject())
        entry.isUnlimited = isUnlimited
        log.write(entry)
    }
}

extension Duration {
    /// Milliseconds with two decimals.
    fileprivate var roundedMilliseconds: Double { ((self / .microseconds(10)).rounded()) / 100 }
}
