// SPDX-License-Identifier: Apache-2.0
import Foundation
import Orchestrator

/// The flags that `parse`, `evaluate` and `explain` share.
enum UnderstandingFlags {
    static let all: [Arguments.Flag] = [
        .init(name: "assistant", value: "ID", summary: "whose intents and entities; needed"),
        .init(name: "clock", value: "ISO8601", summary: "the present, for 'tomorrow' (now)"),
        .init(
            name: "timezone", value: "TZ",
            summary: "an IANA name or ±HH:MM (the assistant's settings.timezone, else UTC)"),
    ]

    /// The assistant that the flags name; nil, with the problems shown, when its files have errors.
    static func load(_ arguments: Arguments) throws(UsageError) -> AssistantUnderstanding? {
        guard let id = arguments.values["assistant"] else {
            throw UsageError("the flag --assistant ID is missing")
        }
        let timezone = arguments.values["timezone"]
        guard let zone = NamedZone.named(timezone ?? "UTC") else {
            throw UsageError(
                "--timezone is an IANA name such as Europe/London or ±HH:MM, not '\(timezone ?? "")'")
        }
        var now = Timestamp(milliseconds: Int(Date().timeIntervalSince1970 * 1000))
        if let clock = arguments.values["clock"] {
            guard let instant = Timestamp(iso8601: clock, in: zone) else {
                throw UsageError("--clock is a time such as 2026-03-10T09:30:00+00:00, not '\(clock)'")
            }
            now = instant
        }
        let loaded = try LoadedTree(arguments)
        do throws(StartError) {
            let understanding = try AssistantUnderstanding(
                loaded.reader.read(), folder: loaded.reader.name, environment: loaded.environment,
                assistant: id, now: now,
                timezone: timezone,
                words: WordTable(base: loaded.reader.base))
            if !understanding.warnings.isEmpty { complain(understanding.warnings) }
            return understanding
        } catch {
            complain(error.text)
            return nil
        }
    }
}
