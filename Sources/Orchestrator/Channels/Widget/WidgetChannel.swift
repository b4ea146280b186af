// SPDX-License-Identifier: Apache-2.0

import Synchronization
package import Transport
import WireProtocols

/// The channel `widget`: a chat window asks and is answered, one request for each message.
///
/// There are no accounts. Ids of conversations cannot be guessed, and whoever knows one may go on with it, from whatever
/// address; lists of conversations show a client those begun from its own address.
package final class WidgetChannel: Channel {
    let name: String
    let services: ChannelServices
    let requests = RequestLimiter()
    /// What `/health` counted last; nil when something has happened since.
    let counted = Mutex<(counts: ChannelCounts, at: Timestamp)?>(nil)

    /// The channel of that name.
    package init(name: String, _ services: ChannelServices) {
        self.name = name
        self.services = services
    }

    /// Answers a request.
    package func handle(_ request: HTTPRequest) async -> HTTPResponse {
        let now = services.clock.now()
        let snapshot = services.snapshots.current()
        let route = WidgetRoute(request)
        guard let settings = snapshot.parts.server.channels[name] else {
            return Self.response(503, WidgetError(503, "Service unavailable").body(at: now), request)
        }
        let call = WidgetCall(request: request, snapshot: snapshot, settings: settings, now: now)
        var response: HTTPResponse
        if request.pathSegments.first == "api" {
            switch requests.admit("ip:" + request.peer, settings.limits.requests, now: now) {
            case .admitted(let quota):
                response = await answer(route, call)
                quota.mark(&response.headers)
            case .refused(let quota):
                response = Self.response(429, WidgetError.tooMany, request)
                response.rejection = "rate-limited"
                quota.mark(&response.headers)
                response.headers.add("Retry-After", String(quota.reset))
            }
        } else {
            response = await answer(route, call)
        }
        response.route = route.pattern
        return response
    }

    private func answer(_ route: WidgetRoute, _ call: WidgetCall) async -> HTTPResponse {
        do throws(WidgetError) {
            let (status, body) = try await perform(route, call)
            return Self.response(status, body, call.request)
        } catch {
            var response = Self.response(error.status, error.body(at: call.now), call.request)
            if error.status < 500 { response.rejection = "request-refused" }
            return response
        }
    }

    private func perform(
        _ route: WidgetRoute, _ call: WidgetCall
    ) async throws(WidgetError) -> (status: Int, body: JSON) {
        switch route {
        case .chat: return (200, try await chat(call))
        case .health: return await health(call)
        case .providers: return (200, providers(call))
        case .assistants: return (200, assistants(call))
        case .conversation(let id): return (200, try await show(id))
        case .delete(let id): return (200, try await delete(id))
        case .messages(let id): return (200, try await messages(of: id, call))
        case .conversations(let user): return (200, try await conversations(of: user, call))
        case .thread(let thread): return (200, try await show(thread: thread))
        case .nothing: throw .noEndpoint
        }
    }

    // As the original's clients and scanners see it: those headers on every answer, and no content policy. One about
    // HTTPS has no effect over HTTP (RFC 6797, 8.1), and behind TLS the front adds it itself.
    private static func response(_ status: Int, _ body: JSON, _ request: HTTPRequest) -> HTTPResponse {
        let headers: HTTPHeaders = [
            "Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff", "X-Frame-Options": "SAMEORIGIN",
            "Referrer-Policy": "no-referrer",
            "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        ]
        return HTTPResponse(status: status, headers: headers, body: .bytes(body.encoded()))
    }
}

/// A request with what it is judged by.
struct WidgetCall: Sendable {
    let request: HTTPRequest
    let snapshot: Snapshot
    let settings: ChannelSettings
    let now: Timestamp

    /// What a type of assistant stands for; one that is not offered stands for the default.
    func entry(_ type: String?) -> WidgetEntry? {
        type.flatMap { WidgetEntry($0, settings, snapshot) } ?? WidgetEntry("default", settings, snapshot)
    }

    /// All that is offered, the default first.
    var entries: [WidgetEntry] {
        let others = settings.choices.keys.filter { $0 != "default" }.sorted()
        return (["default"] + others).compactMap { WidgetEntry($0, settings, snapshot) }
    }

    /// A number of the query, within bounds; nil for none, 0 and what is no number.
    func number(_ name: String, upTo most: Int) -> Int? {
        request.queryValue(name).flatMap { Int($0) }.flatMap { $0 > 0 ? min($0, most) : nil }
    }
}
