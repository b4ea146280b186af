// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WireProtocols

/// Writes each entry as one line of JSON, at most so many lines a second for one cause.
///
/// When lines were left out, the next line of that cause says how many in `suppressed`.
package final class JSONLinesLog: LogSink {
    /// Lines a second for one cause.
    static let linesPerSecond = 10
    /// Causes counted apart; those beyond share one count.
    static let maxCauses = 512

    private struct Count {
        var second = 0
        var lines = 0
        var suppressed = 0
    }

    private let clock: any WallClock
    private let minimum: Mutex<LogLevel>
    private let output: @Sendable ([UInt8]) -> Void
    private let counts = Mutex<[String: Count]>([:])

    /// Writes entries of that level and above; `output` takes whole lines.
    package init(
        clock: any WallClock = SystemWallClock(), minimum: LogLevel = .info,
        output: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.clock = clock
        self.minimum = Mutex(minimum)
        self.output = output
    }

    /// Writes the entry, or counts it as left out.
    package func write(_ entry: LogEntry) {
        guard entry.level >= minimum.withLock({ $0 }) else { return }
        let now = clock.now()
        guard !entry.isUnlimited else { return output(Self.line(entry, at: now, suppressed: 0)) }
        guard let suppressed = admit(entry.cause, second: now.seconds) else { return }
        output(Self.line(entry, at: now, suppressed: suppressed))
    }

    /// Writes entries of that level and above from now on.
    package func update(minimum level: LogLevel) { minimum.withLock { $0 = level } }

    /// False when the entry would be left out, which is then counted.
    package func expects(_ level: LogLevel, _ cause: String) -> Bool {
        guard level >= minimum.withLock({ $0 }) else { return false }
        let second = clock.now().seconds
        return counts.withLock { counts in
            guard var count = counts[cause], count.second == second, count.lines >= Self.linesPerSecond else {
                return true
            }
            count.suppressed += 1
            counts[cause] = count
            return false
        }
    }

    /// How many lines were left out before this one; nil when this one is left out too.
    private func admit(_ cause: String, second: Int) -> Int? {
        counts.withLock { counts in
            let key = counts[cause] == nil && counts.count >= Self.maxCauses ? "" : cause
            var count = counts[key] ?? Count()
            defer { counts[key] = count }
            if count.second != second {
                count.second = second
                count.lines = 0
            }
            guard count.lines < Self.linesPerSecond else {
                count.suppressed += 1
                return nil
            }
            count.lines += 1
            defer { count.suppressed = 0 }
            return count.suppressed
        }
    }

    private static func line(_ entry: LogEntry, at now: Timestamp, suppressed: Int) -> [UInt8] {
        var object = JSONObject()
        object["time"] = .string(now.iso8601)
        object["level"] = .string(entry.level.rawValue)
        object["cause"] = .string(entry.cause)
        if let message = entry.message { object["message"] = .string(message) }
        for member in entry.fields.members { object[member.name] = member.value }
        if suppressed > 0 { object["suppressed"] = .integer(suppressed) }
        var bytes = JSON.object(object).encoded()
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }
}
