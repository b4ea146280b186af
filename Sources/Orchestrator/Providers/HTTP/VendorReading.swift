// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Gathers one answer from what a vendor says.
struct VendorReading: Sendable {
    private var reader: any VendorReader
    private let stream: AnswerStream
    private let provider: String
    private var gathered = ProviderAnswer(text: "")
    /// The vendor's name for the answer, by which it can be cancelled.
    private(set) var run: String?
    /// True when nobody wants to hear more.
    private(set) var isOver = false

    init(reader: any VendorReader, stream: AnswerStream, provider: String) {
        self.reader = reader
        self.stream = stream
        self.provider = provider
    }

    /// Takes an event of a stream.
    mutating func take(_ event: SSEEvent) throws(ProviderError) {
        let events: [VendorEvent]
        do throws(VendorFailure) { events = try reader.take(event) } catch {
            throw ProviderError(error, provider: provider)
        }
        for event in events where !isOver { take(event, isStreamed: true) }
    }

    /// Takes a whole answer.
    mutating func take(whole answer: JSON) throws(ProviderError) {
        let events: [VendorEvent]
        do throws(VendorFailure) { events = try reader.take(whole: answer) } catch {
            throw ProviderError(error, provider: provider)
        }
        for event in events { take(event, isStreamed: false) }
    }

    /// The answer; an incomplete one is `cut`, unless nobody wanted the rest.
    func answer() throws(ProviderError) -> ProviderAnswer {
        guard reader.isComplete || isOver else { throw ProviderError(.cut, provider: provider) }
        return gathered
    }

    private mutating func take(_ event: VendorEvent, isStreamed: Bool) {
        switch event {
        case .text(let text):
            gathered.text += text
            if isStreamed, !stream.append(text) { isOver = true }
        case .call(let call): gathered.calls.append(call)
        case .usage(let usage): gathered.usage = usage
        case .model(let model): gathered.model = model
        case .sources(let sources): gathered.sources = sources
        case .timestamp(let time): gathered.timestamp = time
        case .run(let id): run = id
        case .cutShort: gathered.isCutShort = true
        }
    }
}

extension ProviderError {
    init(_ failure: VendorFailure, provider: String) {
        self.init(
            failure.cause, provider: provider, retryAfter: failure.retryAfter, detail: failure.detail)
    }
}
