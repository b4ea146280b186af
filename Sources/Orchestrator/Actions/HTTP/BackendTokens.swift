// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Transport
import WireProtocols

/// Tokens of our own, got by client credentials (RFC 6749 4.4), kept in memory until shortly before they expire.
///
/// Calls that need the same token at once ask for it once.
final class BackendTokens: Sendable {
    private struct Entry {
        var token: Secret?
        var expires = Duration.zero
        var asking: Task<Result<Granted, ActionError>, Never>?
    }

    private struct Granted: Sendable {
        var token: Secret
        var lifetime: Duration
    }

    private let client: HTTPClient
    private let delay: any Delay
    private let entries = Mutex<[HTTPBackend.ClientCredentials: Entry]>([:])

    /// A token is renewed so long before it expires.
    static let margin = Duration.seconds(30)
    /// How long a token is used whose lifetime its server does not say.
    static let usualLifetime = Duration.seconds(300)

    init(client: HTTPClient, delay: any Delay) {
        self.client = client
        self.delay = delay
    }

    func token(
        _ credentials: HTTPBackend.ClientCredentials, for backend: HTTPBackend, certificates: String?,
        within left: Duration
    ) async throws(ActionError) -> Secret {
        let now = delay.elapsed()
        let (token, asking) = entries.withLock {
            entries -> (Secret?, Task<Result<Granted, ActionError>, Never>?) in
            var entry = entries[credentials] ?? Entry()
            if let token = entry.token, now < entry.expires { return (token, nil) }
            // Others wait for it too, so it is not cancelled with the call that began it; its deadline ends it.
            let asking = entry.asking ?? Task { await self.ask(credentials, backend, certificates, left) }
            entry.asking = asking
            entries[credentials] = entry
            return (nil, asking)
        }
        if let token { return token }
        guard let asking else { throw ActionError(ActionError.unavailable, "no token") }
        let result = await asking.value
        entries.withLock { entries in
            guard entries[credentials]?.asking == asking else { return }
            entries[credentials]?.asking = nil
            guard case .success(let granted) = result else { return }
            entries[credentials]?.token = granted.token
            entries[credentials]?.expires = now + max(.zero, granted.lifetime - Self.margin)
        }
        return try result.get().token
    }

    /// The token was refused: the next call asks for another.
    func forget(_ credentials: HTTPBackend.ClientCredentials) {
        entries.withLock { $0[credentials]?.token = nil }
    }

    private func ask(
        _ credentials: HTTPBackend.ClientCredentials, _ backend: HTTPBackend, _ certificates: String?,
        _ left: Duration
    ) async -> Result<Granted, ActionError> {
        var request = HTTPClientRequest(method: "POST", url: credentials.url)
        request.headers = ["Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"]
        // RFC 6749 2.3.1: both are form-encoded before they go into the header.
        let pair =
            PercentEncoding.encode(credentials.client) + ":"
            + PercentEncoding.encode(credentials.secret.revealed)
        request.headers.add("Authorization", "Basic " + Base64.encode(Array(pair.utf8)))
        let scope = credentials.scope.map { "&scope=" + PercentEncoding.encode($0) } ?? ""
        request.body = Array(("grant_type=client_credentials" + scope).utf8)
        request.deadlines = HTTPClientDeadlines(connect: min(left, backend.connectTimeout), total: left)
        request.destinations = credentials.destinations
        request.certificateFile = certificates
        request.maxResponseBytes = 65_536
        request.isRepeatable = true
        do throws(HTTPClientError) {
            return Self.granted(try await client.send(request), backend)
        } catch {
            return .failure(ActionError(error, backend))
        }
    }

    private static func granted(
        _ response: HTTPClientResponse, _ backend: HTTPBackend
    ) -> Result<Granted, ActionError> {
        guard response.status == 200, let answer = try? JSON.parse(response.body),
            let token = answer["access_token"]?.text, !token.isEmpty
        else {
            return .failure(
                ActionError(
                    ActionError.unavailable,
                    "the backend '\(backend.name)': no token, the authorization server answered \(response.status)"
                ))
        }
        let lifetime = answer["expires_in"]?.int.map { Duration.seconds($0) } ?? usualLifetime
        return .success(Granted(token: Secret(token), lifetime: lifetime))
    }
}
