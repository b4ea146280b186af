// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// What has happened on a route so far.
struct RouteJourney: Sendable {
    let request: ProviderRequest
    let start: Duration
    var lastCause: ProviderCause?
    var lastDetail: String?
    var lastStatus: Int?
    /// Providers that were put before the others: not asked again where the route has them.
    var moved: Set<String> = []
    var usage = AnswerUsage()
    var sources: JSON?
    var threads: [String: String] = [:]
    /// What the route says behind an answer that breaks off.
    var ending = ResponseReference.named(BuiltinResponse.cutOff)
    /// True when the answer stopped at a limit.
    var isCutShort = false

    init(_ request: ProviderRequest, start: Duration) {
        self.request = request
        self.start = start
    }

    /// Adds what an attempt took and brought.
    mutating func take(_ report: AttemptReport) {
        usage.attempts += 1
        usage.tokens.input += report.tokens.input
        usage.tokens.output += report.tokens.output
        if report.isEstimated { usage.isEstimated = true }
        if let dollars = report.dollars { usage.dollars = (usage.dollars ?? 0) + dollars }
        if usage.firstToken == nil { usage.firstToken = report.began.map { $0 - start } }
        if report.began != nil { usage.provider = report.provider }
        switch report.outcome {
        case .answered(let answer):
            usage.provider = report.provider
            usage.model = answer.model ?? report.model
            sources = answer.sources ?? sources
            usage.timestamp = answer.timestamp
            if let thread = answer.thread { threads[report.provider] = thread }
            if answer.isCutShort { isCutShort = true }
        case .failed(let error):
            (lastCause, lastDetail, lastStatus) = (error.cause, error.detail, error.status)
        case .cancelled: break
        }
    }
}

/// One attempt as it ended.
struct AttemptReport: Sendable {
    let provider: String
    let model: String?
    var outcome: ProviderAttempt.Outcome
    /// When its first piece came.
    var began: Duration?
    var tokens = TokenUsage(input: 0, output: 0)
    var isEstimated = false
    var dollars: Double?
    /// True when it rests from now on.
    var rests = false
}
