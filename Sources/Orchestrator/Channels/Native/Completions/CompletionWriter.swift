// SPDX-License-Identifier: Apache-2.0

import Transport
import WireProtocols

/// Writes a turn's events as chunks of a chat completion.
struct CompletionWriter: Sendable {
    let request: CompletionRequest
    let payload: CompletionPayload

    /// The first piece of an answer, or the end: until then a failure is a plain answer.
    ///
    /// A text that comes whole comes right before the end.
    func firstWords(of feed: TurnFeed) async -> TurnFeed.Item {
        while true {
            let item = await feed.next()
            guard case .event(let delivery) = item else { return item }
            switch delivery.event {
            case .streamToken: return item
            default: continue
            }
        }
    }

    /// The failure that an end stands for.
    func failure(_ item: TurnFeed.Item) -> CompletionError? {
        guard case .ended(let result) = item else { return nil }
        switch result {
        case .failure(let error): return CompletionError(NativeError(error))
        case .success(let answer):
            guard let cause = answer.failure, !answer.replies.contains(where: \.partial) else { return nil }
            return .failed(cause)
        }
    }

    /// Writes everything, from that event on.
    func write(_ feed: TurnFeed, first: TurnFeed.Item, to body: HTTPBodyWriter) async {
        var item = first
        var isFirst = true
        var streamed: Set<String> = []
        while case .event(let delivery) = item {
            if let words = words(delivery.event, &streamed, isFirst: isFirst) {
                guard await body.write(Self.event(payload.chunk(words, isFirst: isFirst))) else { return }
                isFirst = false
            }
            item = await feed.next()
        }
        guard case .ended(let result) = item else { return }
        await body.write(ending(result, isFirst: isFirst))
    }

    // Pieces as they come; a text that was not streamed, whole; between two texts a blank line.
    private func words(
        _ event: ConversationEvent, _ streamed: inout Set<String>, isFirst: Bool
    ) -> String? {
        switch event {
        case .streamToken(let id, let text):
            let isNew = streamed.insert(id).inserted
            return isNew && !isFirst ? "\n\n" + text : text
        case .message(let message) where message.author == .assistant && !streamed.contains(message.id):
            return isFirst ? message.text : "\n\n" + message.text
        default: return nil
        }
    }

    private func ending(_ result: Result<TurnAnswer, ServiceError>, isFirst: Bool) -> [UInt8] {
        switch result {
        case .failure(let error): return Self.event(CompletionError(NativeError(error)).body)
        case .success(let answer):
            var bytes =
                isFirst ? Self.event(payload.chunk(CompletionPayload.text(answer), isFirst: true)) : []
            bytes += Self.event(payload.end(answer))
            if request.wantsUsage {
                bytes += Self.event(payload.usageChunk(answer, question: request.question))
            }
            return bytes + SSEEvent(data: "[DONE]").encoded()
        }
    }

    private static func event(_ value: JSON) -> [UInt8] { SSEEvent(data: value.encodedText).encoded() }
}
