// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// A request that is not answered as asked, in the words of this dialect.
struct WidgetError: Error, Sendable, Hashable {
    var status: Int
    var message: String
    var details: [String] = []

    init(_ status: Int, _ message: String, _ details: [String] = []) {
        self.status = status
        self.message = message
        self.details = details
    }

    static let noConversation = WidgetError(404, "Conversation not found")
    static let noThread = WidgetError(404, "Conversation not found for thread")
    static let noEndpoint = WidgetError(404, "Endpoint not found")
    static let noAssistant = WidgetError(
        500, "No assistant configured", ["Assistant ID not found in configuration"])

    static func invalid(_ details: [String]) -> WidgetError { WidgetError(400, "Invalid request", details) }

    func body(at now: Timestamp) -> JSON {
        [
            "error": true, "message": .string(message), "details": .array(details.map { .string($0) }),
            "statusCode": .integer(status), "timestamp": .string(now.iso8601),
        ]
    }

    /// The contract's answer to one request too many has no other members.
    static let tooMany: JSON = [
        "error": true, "message": "Too many requests, please try again later.", "statusCode": 429,
    ]
}

extension WidgetError {
    /// A failure of our own.
    init(_ error: ServiceError) {
        switch error.kind {
        case .notFound: self = .noConversation
        case .forbidden, .unknownAssistant: self = .noAssistant
        case .emptyMessage, .tooLong: self = .invalid([error.message])
        case .busy, .rateLimited: self.init(429, "Rate limit exceeded")
        case .draining, .storageUnavailable, .storageFull: self.init(503, "Service unavailable")
        case .conflict, .alreadyClaimed, .notClaimed, .unknownQueue, .queueClosed:
            self.init(500, "Internal server error")
        }
    }

    /// Why no provider answered, by its cause and its HTTP status.
    ///
    /// The original searched the vendor's words, so that a vendor's 429 ended as 500. `isShown` adds what helps
    /// whoever develops: names of ours, never the vendor's words.
    init(_ cause: ProviderCause, status: Int?, isShown: Bool) {
        let hint: String?
        switch (cause, status) {
        case (_, 401), (_, 403):
            (self, hint) = (
                WidgetError(401, "Authentication failed"), "check the provider's key, OPENAI_API_KEY"
            )
        case (_, 404):
            (self, hint) = (
                WidgetError(404, "Assistant not found"), "check the assistant's id, OPENAI_ASSISTANT_ID"
            )
        case (.rateLimited, _), (.overBudget, _), (_, 429):
            (self, hint) = (WidgetError(429, "Rate limit exceeded"), nil)
        case (.timeout, _): (self, hint) = (WidgetError(408, "Request timeout"), nil)
        case (.connectionRefused, _), (.unreachable, _), (.overloaded, _):
            (self, hint) = (WidgetError(503, "Service unavailable"), nil)
        case (.serverError, _), (.malformed, _), (.cut, _), (.declined, _):
            (self, hint) = (WidgetError(502, "Bad gateway"), nil)
        case (.rejected, _): (self, hint) = (WidgetError(500, "Internal server error"), nil)
        }
        guard isShown else { return }
        details = ["the provider's failure: \(cause.rawValue)" + (status.map { ", status \($0)" } ?? "")]
        if let hint { details.append(hint) }
    }
}
