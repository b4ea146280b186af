// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Alerts that are told again until somebody acknowledges them, by claiming or by saying so.
///
/// Kept in memory: after a restart the conversation still waits in its queue.
final class Alarms: Sendable {
    /// How often an alert is told again...
    static let pause = Duration.seconds(30)
    /// ...and for how long.
    static let limit = Duration.seconds(600)
    /// With more, the further ones are told once.
    static let maxAlarms = 10_000

    private struct Alarm {
        var delivery: ConversationDelivery
        var until: Timestamp
    }

    private let alarms = Mutex<[String: [Alarm]]>([:])
    private let deadlines: HandoffDeadlines
    private let clock: any WallClock

    init(clock: any WallClock, delay: any Delay) {
        self.clock = clock
        deadlines = HandoffDeadlines(clock: clock, delay: delay)
    }

    /// Has an alert told again.
    func set(_ delivery: ConversationDelivery) {
        let id = delivery.conversation
        let now = clock.now()
        let isKept = alarms.withLock { alarms in
            guard alarms.count < Self.maxAlarms || alarms[id] != nil else { return false }
            alarms[id, default: []].append(Alarm(delivery: delivery, until: now + Self.limit))
            return true
        }
        if isKept { deadlines.set(id, now + Self.pause) }
    }

    /// Somebody has seen to it; false when nothing was outstanding.
    @discardableResult
    func acknowledge(_ conversation: String) -> Bool {
        deadlines.set(conversation, nil)
        return alarms.withLock { $0.removeValue(forKey: conversation) != nil }
    }

    /// True while alerts of a conversation are told again.
    func isKept(_ conversation: String) -> Bool { alarms.withLock { $0[conversation] != nil } }

    /// Tells again what is due, until the task is cancelled.
    func run(_ sink: any AlertSink) async {
        await deadlines.run { id in self.repeatAlarms(of: id, sink) }
    }

    /// Tells again what is due now.
    func tellDue(_ sink: any AlertSink) {
        for id in deadlines.takeDue() { repeatAlarms(of: id, sink) }
    }

    private func repeatAlarms(of id: String, _ sink: any AlertSink) {
        let now = clock.now()
        let due = alarms.withLock { alarms in
            let due = (alarms[id] ?? []).filter { $0.until >= now }
            alarms[id] = due.isEmpty ? nil : due
            return due
        }
        guard !due.isEmpty else { return }
        for alarm in due { sink.raise(alarm.delivery) }
        deadlines.set(id, now + Self.pause)
    }
}
