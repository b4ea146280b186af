// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

/// A request that is not answered as asked, in the words of this dialect.
enum ClinicError: Error, Sendable {
    /// A status and one sentence.
    case status(Int, String, retryAfter: Int? = nil)
    /// 422 with everything that is wrong.
    case invalid([JSON])

    static let unauthenticated = ClinicError.status(401, "Not authenticated")
    static let forbidden = ClinicError.status(403, "Access denied")
    static let unknownRoute = ClinicError.status(404, "Not Found")
    static let wrongMethod = ClinicError.status(405, "Method Not Allowed")

    init(_ error: TokenError) {
        self = .status(401, error.kind == .expired ? "Token has expired" : "Invalid token")
    }

    init(_ error: ServiceError) {
        switch error.kind {
        case .notFound, .unknownAssistant: self = .status(404, "Not Found")
        case .forbidden: self = .forbidden
        case .emptyMessage, .tooLong, .unknownQueue, .queueClosed: self = .status(422, error.message)
        case .conflict, .alreadyClaimed, .notClaimed: self = .status(409, "Please try again")
        case .busy, .rateLimited: self = .status(429, "Too many requests", retryAfter: 1)
        case .draining, .storageUnavailable: self = .status(503, "Service unavailable", retryAfter: 1)
        case .storageFull: self = .status(507, "Storage full")
        }
    }

    /// The answer to a request.
    func response(to request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
        switch self {
        case .invalid(let details): return .json(422, ["detail": .array(details)])
        case .status(let status, let message, let retryAfter):
            let scheme = request.isSecure ? "https" : "http"
            let path = "\(scheme)://\(request.headers["Host"] ?? "")\(request.path)"
            var response = HTTPResponse.json(
                status,
                [
                    "error": .string(message), "status_code": .integer(status),
                    "timestamp": .string(now.iso8601),
                    "path": .string(path),
                ])
            if status == 401 { response.headers.add("WWW-Authenticate", "Bearer") }
            if let retryAfter { response.headers.add("Retry-After", String(retryAfter)) }
            response.rejection = "clinic-\(status)"
            return response
        }
    }
}
