// SPDX-License-Identifier: Apache-2.0

/// Why there is no answer, in the words its clients know.
enum StreamingChatFailure {
    private static let unavailable = "AI service is currently unavailable. Please try again later."
    private static let tooSlow = "Request timeout - please try again"
    private static let failed = "Failed to connect to AI service"

    /// A provider's failure; `detail` is what the service itself said.
    static func text(_ cause: ProviderCause, detail: String? = nil) -> String {
        switch cause {
        case .connectionRefused: unavailable
        case .timeout, .unreachable: tooSlow
        case .rateLimited, .overloaded, .serverError, .rejected, .declined, .overBudget:
            "AI service error: \(detail ?? "AI service error")"
        case .malformed, .cut: failed
        }
    }

    /// A failure of our own.
    static func text(_ error: ServiceError) -> String {
        switch error.kind {
        case .busy, .rateLimited: "Too many messages are waiting"
        case .emptyMessage: "Message content cannot be empty"
        case .tooLong: "Message content cannot exceed \(StreamingChatFrame.maxUnits) characters"
        case .notFound, .forbidden, .unknownAssistant: "This assistant is not available to you"
        case .conflict, .alreadyClaimed, .notClaimed, .unknownQueue, .queueClosed, .draining,
            .storageUnavailable, .storageFull:
            unavailable
        }
    }
}
