// SPDX-License-Identifier: Apache-2.0

/// Why a provider gave no answer, or not all of one.
package struct ProviderError: Error, Sendable, Hashable {
    /// The word an author writes for it.
    package let cause: ProviderCause
    /// Which provider.
    package let provider: String
    /// Set only when the provider told us.
    package let retryAfter: Duration?
    /// The HTTP status it answered with; nil where there was none.
    package let status: Int?
    /// The service's own words, where a contract has people see them; never logged.
    package let detail: String?
    /// True when we kept the question back ourselves: the provider is not to blame.
    package let isOurs: Bool

    /// A failure of that provider.
    package init(
        _ cause: ProviderCause, provider: String, retryAfter: Duration? = nil, status: Int? = nil,
        detail: String? = nil, isOurs: Bool = false
    ) {
        self.cause = cause
        self.provider = provider
        self.retryAfter = retryAfter
        self.status = status
        self.detail = detail
        self.isOurs = isOurs
    }
}

extension ProviderCause {
    /// True when the same question may find an answer a moment later.
    var isWorthAnotherAttempt: Bool {
        switch self {
        case .connectionRefused, .unreachable, .timeout, .rateLimited, .overloaded, .serverError, .malformed,
            .cut:
            true
        case .rejected, .declined, .overBudget: false
        }
    }
}
