// SPDX-License-Identifier: Apache-2.0

package import WireProtocols

/// How much a log line matters.
package enum LogLevel: String, Sendable, Hashable, CaseIterable, Comparable {
    case debug, info, warning, error

    /// Orders by weight.
    package static func < (left: LogLevel, right: LogLevel) -> Bool { left.weight < right.weight }

    private var weight: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warning: 2
        case .error: 3
        }
    }
}

/// One thing worth telling the operator: ids, names from the configuration, numbers.
///
/// Never what a person wrote, a token or a key.
package struct LogEntry: Sendable, Hashable {
    /// How much it matters.
    package var level: LogLevel
    /// What happened, in kebab-case; lines of one cause are limited together.
    package var cause: String
    /// One sentence for a person; nil when the cause says it all.
    package var message: String?
    /// Ids and numbers, in order.
    package var fields: JSONObject
    /// Written however many lines of its cause there are.
    package var isUnlimited = false

    /// Something worth telling.
    package init(
        _ level: LogLevel, _ cause: String, _ message: String? = nil, _ fields: JSONObject = JSONObject()
    ) {
        self.level = level
        self.cause = cause
        self.message = message
        self.fields = fields
    }
}

/// Where log entries go.
package protocol LogSink: Sendable {
    /// Takes an entry. Never fails and never blocks for long.
    func write(_ entry: LogEntry)

    /// False when an entry of that level and cause would be left out now, and has been counted as such.
    ///
    /// Saves making entries that nobody reads, on paths that are taken often.
    func expects(_ level: LogLevel, _ cause: String) -> Bool
}

extension LogSink {
    /// Everything is expected.
    package func expects(_ level: LogLevel, _ cause: String) -> Bool { true }
}

extension LogSink {
    /// Tells the operator of something.
    package func log(
        _ level: LogLevel, _ cause: String, _ message: String? = nil, _ fields: JSONObject = JSONObject()
    ) {
        write(LogEntry(level, cause, message, fields))
    }
}

/// Tells nobody.
package struct SilentLog: LogSink {
    /// Tells nobody.
    package init() {}
    /// Drops the entry.
    package func write(_ entry: LogEntry) {}
}
