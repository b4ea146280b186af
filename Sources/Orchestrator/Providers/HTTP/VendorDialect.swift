// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// One vendor's protocol: a question as a request, and what comes back as events.
///
/// Pure: no sockets, no clock. A new vendor is one type that conforms, in a folder of its own.
protocol VendorDialect: Sendable {
    /// The request that asks the question.
    func call(for request: ProviderRequest) -> VendorCall
    /// What reads the answer to it.
    func reader() -> any VendorReader
}

/// A request in a vendor's words.
struct VendorCall: Sendable, Hashable {
    /// `POST`, as nearly all are.
    var method = "POST"
    /// What follows the provider's address.
    var path: String
    /// The body.
    var body: JSON
    /// Headers of the vendor's own; the key is among them.
    var headers: [String: String] = [:]
    /// True when the answer is asked for as an event stream.
    var isStreamed = true
}

/// Reads one answer, as a stream of events or as one JSON value.
protocol VendorReader: Sendable {
    /// What a server-sent event says.
    mutating func take(_ event: SSEEvent) throws(VendorFailure) -> [VendorEvent]
    /// What a whole answer says.
    mutating func take(whole answer: JSON) throws(VendorFailure) -> [VendorEvent]
    /// True when the vendor has said that the answer is complete.
    var isComplete: Bool { get }
}

/// One thing a vendor says.
enum VendorEvent: Sendable, Hashable {
    /// The next words of the answer.
    case text(String)
    /// An action it wants carried out.
    case call(ToolCall)
    /// What was counted so far; the last one holds.
    case usage(TokenUsage)
    /// The model that answers.
    case model(String)
    /// What the answer rests on.
    case sources(JSON)
    /// The vendor's name for this answer, by which it can be cancelled.
    case run(String)
    /// When the service says the answer was made.
    case timestamp(String)
    /// It stopped at the longest answer it may give.
    case cutShort
}

/// A vendor says that it will not, or can no longer, answer.
struct VendorFailure: Error, Sendable, Hashable {
    /// Why.
    var cause: ProviderCause
    /// How long it asks to be left alone.
    var retryAfter: Duration?
    /// Its own words, where a contract has people see them.
    var detail: String?

    init(_ cause: ProviderCause, retryAfter: Duration? = nil, detail: String? = nil) {
        self.cause = cause
        self.retryAfter = retryAfter
        self.detail = detail
    }
}
