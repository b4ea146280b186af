// SPDX-License-Identifier: Apache-2.0

import Transport

/// Decides whether a call is made once more.
///
/// Again: what never reached the backend; and where a second time does no harm, what broke off, took too long, or
/// was refused for the moment.
struct Attempts {
    private let isRepeatable: Bool
    private var left: Int
    private var pause = Duration.milliseconds(100)
    private var hasRenewed = false

    /// The longest that a backend's `Retry-After` is followed.
    static let longestPause = Duration.seconds(5)

    init(_ operation: HTTPOperation) {
        isRepeatable =
            HTTPClientRequest.idempotentMethods.contains(operation.method) || operation.backend.deduplicates
        left = operation.backend.retries
    }

    /// How long to wait before the next attempt; nil when there is none.
    mutating func pause(after result: Result<HTTPClientResponse, HTTPClientError>) -> Duration? {
        guard left > 0, let pause = wanted(result) else { return nil }
        left -= 1
        self.pause *= 2
        return pause
    }

    /// One more attempt with a new token of our own, once.
    mutating func mayRenew() -> Bool {
        defer { hasRenewed = true }
        return !hasRenewed
    }

    private func wanted(_ result: Result<HTTPClientResponse, HTTPClientError>) -> Duration? {
        switch result {
        case .success(let response):
            guard isRepeatable, [429, 502, 503, 504].contains(response.status) else { return nil }
            let asked = response.headers["Retry-After"].flatMap { Int($0) }.map { Duration.seconds($0) }
            guard let asked else { return pause }
            return asked <= Self.longestPause ? max(asked, pause) : nil
        case .failure(let error):
            switch error.kind {
            case .connectionRefused, .unreachable, .timeout(.connect): return pause
            case .cut, .timeout: return isRepeatable ? pause : nil
            case .tls, .tooLarge, .malformed, .cancelled, .blockedAddress, .saturated, .badRequest: return nil
            }
        }
    }
}
