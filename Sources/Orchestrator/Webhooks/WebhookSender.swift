// SPDX-License-Identifier: Apache-2.0

import Synchronization
package import Transport
import WireProtocols

/// What telling other systems is wired to.
package struct WebhookSettings: Sendable {
    /// What the server runs on: a secret or an address that was changed counts from the next attempt.
    package var snapshots: SnapshotStore
    /// Calls the receivers.
    package var client: HTTPClient
    /// Where relative paths of certificates begin.
    package var base = "."
    /// What time it is.
    package var clock: any WallClock = SystemWallClock()
    /// Lets time pass between attempts.
    package var delay: any Delay = SystemDelay()
    /// What is counted.
    package var metrics: any TurnMetrics = NoTurnMetrics()
    /// What the operator is told.
    package var log: any LogSink = SilentLog()
    /// Chance, 0..<1, which keeps servers that failed together from coming again together.
    package var random: @Sendable () -> Double = { Double.random(in: 0..<1) }

    /// A sender on these parts, with the machine's clock.
    package init(snapshots: SnapshotStore, client: HTTPClient) {
        (self.snapshots, self.client) = (snapshots, client)
    }
}

/// Tells other systems what happens in conversations (ADR 31).
///
/// Each receiver has a lane of its own, in which what happened goes out one by one and in order; so a slow one
/// holds up itself. Lanes are bounded, kept in memory, and never waited for by a conversation.
package final class WebhookSender: Sendable {
    private struct Lane {
        var waiting: [Delivery] = []
        var task: Task<Void, Never>?
    }

    private struct Delivery {
        var event: WebhookEvent
        var webhook: String
    }

    private struct State {
        var lanes: [String: Lane] = [:]
        var isEnding = false
    }

    private let state = Mutex(State())
    private let settings: WebhookSettings

    /// A sender on these parts.
    package init(_ settings: WebhookSettings) { self.settings = settings }

    /// Has everybody told who is to know; returns at once.
    package func tell(_ event: WebhookEvent, _ snapshot: Snapshot) {
        for webhook in snapshot.assistant(event.assistant)?.parts.webhooks ?? []
        where webhook.events.contains(event.kind) {
            let hasDropped = state.withLock { state in
                guard !state.isEnding else { return true }
                return enqueue(Delivery(event: event, webhook: webhook.name), webhook, &state.lanes)
            }
            if hasDropped { count(webhook.name, "dropped", event.kind, "too much waits for it") }
        }
    }

    // True when something was given up for it.
    private func enqueue(
        _ delivery: Delivery, _ webhook: Webhook, _ lanes: inout [String: Lane]
    ) -> Bool {
        let key = webhook.name + " " + webhook.url
        var lane = lanes[key] ?? Lane()
        lane.waiting.append(delivery)
        let isFull = lane.waiting.count > webhook.backlog
        if isFull { lane.waiting.removeFirst() }
        // Ends with its lane's last delivery; `finish` waits for it, or cancels it.
        if lane.task == nil { lane.task = Task { await work(key) } }
        lanes[key] = lane
        return isFull
    }

    /// Lets what waits go out, without another attempt for what fails; cut short at the limit.
    package func finish(within limit: Duration) async {
        let tasks = state.withLock { state in
            state.isEnding = true
            return state.lanes.values.compactMap(\.task)
        }
        // Cancelled as soon as all lanes have ended.
        let timer = Task { [settings] in
            guard (try? await settings.delay.wait(limit)) != nil else { return }
            tasks.forEach { $0.cancel() }
        }
        for task in tasks { await task.value }
        timer.cancel()
        let left = state.withLock { $0.lanes.values.reduce(0) { $0 + $1.waiting.count } }
        guard left > 0 else { return }
        settings.log.log(
            .warning, "webhooks-unsent", nil, JSONObject([.init(name: "count", value: .integer(left))]))
    }

    private func work(_ key: String) async {
        while let delivery = take(key) { await deliver(delivery) }
    }

    private func take(_ key: String) -> Delivery? {
        let isCancelled = Task.isCancelled
        return state.withLock { state in
            guard !isCancelled, state.lanes[key]?.waiting.isEmpty == false else {
                state.lanes[key]?.task = nil
                if state.lanes[key]?.waiting.isEmpty == true { state.lanes[key] = nil }
                return nil
            }
            return state.lanes[key]?.waiting.removeFirst()
        }
    }
}

// MARK: - One delivery

extension WebhookSender {
    /// The longest pause between two attempts, and the longest that a receiver may ask for.
    static let longestPause = Duration.seconds(300)
    private static let maxAnswerBytes = 65_536

    /// What came of an attempt.
    private enum Outcome {
        case delivered
        /// Another attempt would end the same.
        case refused(String)
        case failed(String, retryAfter: Duration?)
    }

    private func deliver(_ delivery: Delivery) async {
        var attempts = 0
        while true {
            let assistant = settings.snapshots.current().assistant(delivery.event.assistant)
            // Taken out of the files while this waited: nobody is to be told any more.
            guard let webhook = assistant?.parts.webhooks.first(where: { $0.name == delivery.webhook }) else {
                return
            }
            attempts += 1
            switch await attempt(delivery.event, webhook) {
            case .delivered: return settings.metrics.webhookSent(webhook.name, outcome: "delivered")
            case .refused(let reason): return count(webhook.name, "failed", delivery.event.kind, reason)
            case .failed(let reason, let asked):
                let mayTry = attempts < webhook.attempts && !state.withLock(\.isEnding)
                guard mayTry, (try? await settings.delay.wait(pause(after: attempts, asked: asked))) != nil
                else { return count(webhook.name, "failed", delivery.event.kind, reason) }
            }
        }
    }

    private func attempt(_ event: WebhookEvent, _ webhook: Webhook) async -> Outcome {
        do throws(HTTPClientError) {
            let response = try await settings.client.send(request(event, webhook))
            let reason = "it answered \(response.status)"
            switch response.status {
            case 200..<300: return .delivered
            case 408, 425, 429, 500...:
                let asked = response.headers["Retry-After"].flatMap { Int($0) }.map { Duration.seconds($0) }
                return .failed(reason, retryAfter: asked)
            default: return .refused(reason)
            }
        } catch {
            switch error.kind {
            case .blockedAddress: return .refused("\(error); see private_networks")
            case .badRequest: return .refused("\(error)")
            default: return .failed("\(error)", retryAfter: nil)
            }
        }
    }

    private func request(_ event: WebhookEvent, _ webhook: Webhook) -> HTTPClientRequest {
        let body = event.body
        let seconds = String(settings.clock.now().milliseconds / 1000)
        var request = HTTPClientRequest(method: "POST", url: webhook.url, body: body)
        request.headers.add("Content-Type", "application/json")
        request.headers.add("webhook-id", event.id)
        request.headers.add("webhook-timestamp", seconds)
        request.headers.add(
            "webhook-signature", WebhookSignature.header(event.id, seconds, body, secrets: webhook.keys))
        request.deadlines = HTTPClientDeadlines(
            connect: webhook.connectTimeout, firstByte: nil, idle: nil, total: webhook.timeout)
        request.maxResponseBytes = Self.maxAnswerBytes
        request.destinations = webhook.destinations
        request.certificateFile = webhook.certificates?.path(in: settings.base)
        // The id tells the receiver what it has had already.
        request.isRepeatable = true
        return request
    }

    // 1 s, 2 s, 4 s, ... with a fifth more or less.
    private func pause(after attempts: Int, asked: Duration?) -> Duration {
        let grown = Duration.seconds(1) * (1 << min(attempts - 1, 10))
        let pause = min(grown, Self.longestPause) * (0.8 + 0.4 * settings.random())
        return min(max(asked ?? .zero, pause), Self.longestPause)
    }

    private func count(_ webhook: String, _ outcome: String, _ kind: WebhookEvent.Kind, _ reason: String) {
        settings.metrics.webhookSent(webhook, outcome: outcome)
        settings.log.log(
            .warning, "webhook-" + outcome, reason,
            JSONObject([
                .init(name: "webhook", value: .string(webhook)),
                .init(name: "event", value: .string(kind.rawValue)),
            ]))
    }
}
