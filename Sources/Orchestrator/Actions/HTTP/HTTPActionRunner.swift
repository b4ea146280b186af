// SPDX-License-Identifier: Apache-2.0

package import Transport
package import WireProtocols

/// Carries out actions of `http` backends.
///
/// What a backend answers reaches a flow as declared output or as the name of an error, and nobody otherwise: its
/// body is in no error and no log.
package struct HTTPActionRunner: ActionRunner {
    private let client: HTTPClient
    private let tokens: BackendTokens
    private let base: String
    private let delay: any Delay

    /// Calls over that client; relative paths of certificates begin at `base`.
    package init(client: HTTPClient, base: String = ".", delay: any Delay = SystemDelay()) {
        self.client = client
        self.base = base
        self.delay = delay
        tokens = BackendTokens(client: client, delay: delay)
    }

    /// Asks the backend, again where a second time does no harm, and reads its answer.
    /// - Throws: ``ActionError``: `bad_input`, `forbidden`, `not_found`, `conflict`, `timeout`, `unavailable`, or a
    ///   name that the action gives to a status.
    package func run(
        _ action: Action, input: JSONObject, context: ActionContext
    ) async throws(ActionError) -> JSON {
        let input = try action.checked(input)
        guard case .http(let operation) = action.backend else {
            throw ActionError(
                ActionError.unavailable, "the action '\(action.name)' belongs to another backend")
        }
        let scope = context.scope(input: input)
        var request = try HTTPActionRequest(operation, of: action, scope).request(base: base)
        if action.isWrite, let key = context.idempotencyKey {
            request.headers.add("Idempotency-Key", sha256(Array(key.utf8)))
        }
        let response = try await answer(request, operation, context)
        guard (200..<300).contains(response.status) else {
            throw ActionError(status: response.status, operation)
        }
        return try HTTPActionOutput(operation: operation, scope: scope).read(response.body)
    }

    /// The answer of the last attempt, whatever its status.
    private func answer(
        _ request: HTTPClientRequest, _ operation: HTTPOperation, _ context: ActionContext
    ) async throws(ActionError) -> HTTPClientResponse {
        let backend = operation.backend
        let end = delay.elapsed() + backend.timeout
        var attempts = Attempts(operation)
        while true {
            let left = end - delay.elapsed()
            guard left > .zero else {
                throw ActionError(ActionError.timeout, "the backend '\(backend.name)' is too slow")
            }
            var attempt = request
            attempt.deadlines = HTTPClientDeadlines(
                connect: min(left, backend.connectTimeout), firstByte: nil, idle: nil, total: left)
            let credential = try await authorize(&attempt, backend, context, within: left)
            let result = await send(attempt)
            if case .success(let response) = result, response.status == 401, let credential {
                // Revoked before its time: one more with a new token.
                tokens.forget(credential)
                if attempts.mayRenew() { continue }
            }
            guard let pause = attempts.pause(after: result), pause < end - delay.elapsed() else {
                return try result.get(from: backend)
            }
            do throws(CancellationError) { try await delay.wait(pause) } catch {
                throw ActionError(ActionError.unavailable, "cancelled")
            }
        }
    }

    private func send(_ request: HTTPClientRequest) async -> Result<HTTPClientResponse, HTTPClientError> {
        do throws(HTTPClientError) { return .success(try await client.send(request)) } catch {
            return .failure(error)
        }
    }

    /// Adds what proves the call; returns the credentials when it is a token of our own.
    private func authorize(
        _ request: inout HTTPClientRequest, _ backend: HTTPBackend, _ context: ActionContext,
        within left: Duration
    ) async throws(ActionError) -> HTTPBackend.ClientCredentials? {
        switch backend.authorization {
        case .none: break
        case .forward(let issuers):
            guard let token = context.caller.token, issuers.contains(token.issuer) else {
                throw ActionError(
                    ActionError.forbidden,
                    "the backend '\(backend.name)' takes no token of the caller's issuer")
            }
            request.headers.add("Authorization", "Bearer " + token.text.revealed)
        case .bearer(let token): request.headers.add("Authorization", "Bearer " + token.revealed)
        case .basic(let user, let password):
            let pair = Array("\(user):\(password.revealed)".utf8)
            request.headers.add("Authorization", "Basic " + Base64.encode(pair))
        case .header(let name, let value): request.headers.add(name, value.revealed)
        case .clientCredentials(let credentials):
            let token = try await tokens.token(
                credentials, for: backend, certificates: request.certificateFile, within: left)
            request.headers.add("Authorization", "Bearer " + token.revealed)
            return credentials
        }
        return nil
    }
}

extension Result<HTTPClientResponse, HTTPClientError> {
    fileprivate func get(from backend: HTTPBackend) throws(ActionError) -> HTTPClientResponse {
        switch self {
        case .success(let response): return response
        case .failure(let error): throw ActionError(error, backend)
        }
    }
}

extension ActionError {
    /// What a failed call means; the address and what was sent are not in it.
    init(_ error: HTTPClientError, _ backend: HTTPBackend) {
        let name = if case .timeout = error.kind { Self.timeout } else { Self.unavailable }
        let hint = error.kind == .blockedAddress ? "; see private_networks" : ""
        self.init(name, "the backend '\(backend.name)': \(error)\(hint)")
    }

    /// What a status means: the action's own name for it, or the usual one.
    init(status: Int, _ operation: HTTPOperation) {
        let usual =
            switch status {
            case 401, 403: Self.forbidden
            case 404, 410: Self.notFound
            case 409, 412: Self.conflict
            case 408, 504: Self.timeout
            case 400, 422: Self.badInput
            default: Self.unavailable
            }
        self.init(
            operation.errors[status] ?? usual, "the backend '\(operation.backend.name)' answered \(status)")
    }
}
