// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// What a vendor's HTTP status and its error body mean.
enum VendorStatus {
    /// Why there is no answer; nil for success.
    static func failure(_ status: Int, body: JSON?) -> ProviderCause? {
        switch status {
        case 200, 201: nil
        case 408: .timeout
        case 429: isOutOfCredit(body) ? .rejected : .rateLimited
        case 503, 529: .overloaded
        case 500...: .serverError
        case 400...499: isFiltered(body) ? .declined : .rejected
        // No content, a redirect (which is never followed), an upgrade: not what was asked for.
        default: .malformed
        }
    }

    /// What an error inside a stream means, by the words vendors use.
    static func cause(of error: JSON?) -> ProviderCause {
        if let status = error?["code"]?.int ?? error?["status"]?.int,
            let cause = failure(status, body: ["error": error ?? .null])
        {
            return cause
        }
        let word = (word(error, "type") + " " + word(error, "code") + " " + word(error, "status"))
            .lowercased()
        let causes: [(String, ProviderCause)] = [
            ("rate_limit", .rateLimited), ("resource_exhausted", .rateLimited), ("overloaded", .overloaded),
            ("unavailable", .overloaded), ("content_filter", .declined), ("content_policy", .declined),
            ("timeout", .timeout), ("deadline_exceeded", .timeout), ("invalid_request", .rejected),
            ("authentication", .rejected), ("permission", .rejected), ("not_found", .rejected),
            ("insufficient_quota", .rejected), ("invalid_prompt", .rejected),
        ]
        return causes.first { word.contains($0.0) }?.1 ?? .serverError
    }

    private static func word(_ error: JSON?, _ name: String) -> String { error?[name]?.text ?? "" }

    private static func isOutOfCredit(_ body: JSON?) -> Bool {
        word(body?["error"], "code") == "insufficient_quota"
            || word(body?["error"], "type") == "insufficient_quota"
    }

    private static func isFiltered(_ body: JSON?) -> Bool {
        let code = word(body?["error"], "code")
        return code == "content_filter" || code == "content_policy_violation"
    }
}
