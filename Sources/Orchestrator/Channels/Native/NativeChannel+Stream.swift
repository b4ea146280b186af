// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Transport

extension NativeChannel {
    private static let eventHeaders: HTTPHeaders = [
        "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
        "X-Accel-Buffering": "no",
    ]

    /// Answers with the turn's frames as they come.
    ///
    /// A turn that fails before its first frame is a plain failure.
    func streamTurn(_ turn: TurnRequest) async throws(NativeError) -> HTTPResponse {
        let feed = TurnFeed()
        // Ends with the turn; cancelled when the client leaves, by either handler below.
        let running = Task { [self] in
            do throws(ServiceError) {
                feed.end(.success(try await submit(turn, progress: feed)))
            } catch {
                feed.end(.failure(error))
            }
        }
        let first = await withTaskCancellationHandler {
            await feed.next()
        } onCancel: {
            running.cancel()
        }
        if case .ended(.failure(let error)) = first { throw NativeError(error) }
        return HTTPResponse(
            status: 200, headers: Self.eventHeaders,
            body: .stream { writer in
                await withTaskCancellationHandler {
                    await Self.write(feed, first: first, to: writer)
                } onCancel: {
                    running.cancel()
                }
            })
    }

    private static func write(_ feed: TurnFeed, first: TurnFeed.Item, to writer: HTTPBodyWriter) async {
        var item = first
        var told: Set<String> = []
        while case .event(let delivery) = item {
            if case .message(let message) = delivery.event { told.insert(message.id) }
            let event = FramePayload.event(FramePayload.name(delivery.event), FramePayload.bytes(delivery))
            guard await writer.write(event) else { return }
            item = await feed.next()
        }
        guard case .ended(let result) = item else { return }
        await writer.write(rest(result, told: told))
    }

    // A repeated message is answered from the store, without any event: its messages are told here.
    private static func rest(_ result: Result<TurnAnswer, ServiceError>, told: Set<String>) -> [UInt8] {
        switch result {
        case .failure(let error):
            return FramePayload.event("error", FramePayload.error(error.kind.rawValue, error.message))
        case .success(let answer):
            let messages = ([answer.message] + answer.replies).filter { !told.contains($0.id) }
            return messages.flatMap { message in
                FramePayload.event(
                    "message", FramePayload.encode(.message(message), of: message.conversation))
            }
        }
    }
}

/// Carries a turn's events from where they happen to the stream that tells them.
///
/// Holds at most what one answer holds: a slow reader keeps it in memory, not the turn waiting.
final class TurnFeed: TurnProgress {
    enum Item: Sendable {
        case event(ConversationDelivery)
        case ended(Result<TurnAnswer, ServiceError>)
    }

    private struct State {
        var items: [Item] = []
        var waiting: UnsafeContinuation<Item, Never>?
    }

    private let state = Mutex(State())

    func report(_ delivery: ConversationDelivery) { push(.event(delivery)) }

    func end(_ result: Result<TurnAnswer, ServiceError>) { push(.ended(result)) }

    /// The next item; after `ended` there is none, so it must not be asked for.
    func next() async -> Item {
        await withUnsafeContinuation { continuation in
            let ready: Item? = state.withLock { state in
                guard state.items.isEmpty else { return state.items.removeFirst() }
                state.waiting = continuation
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }

    private func push(_ item: Item) {
        let waiting: UnsafeContinuation<Item, Never>? = state.withLock { state in
            defer { state.waiting = nil }
            if state.waiting == nil { state.items.append(item) }
            return state.waiting
        }
        waiting?.resume(returning: item)
    }
}
