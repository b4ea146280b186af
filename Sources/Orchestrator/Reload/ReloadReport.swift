// SPDX-License-Identifier: Apache-2.0
package import Diagnostics
package import WireProtocols

/// What came of one attempt to take the files as they are.
package struct ReloadReport: Sendable {
    /// How it ended.
    package enum Outcome: String, Sendable {
        /// The new configuration serves.
        case applied
        /// It has problems; the last good one goes on serving.
        case rejected
        /// The files say what already serves.
        case unchanged
        /// The tree cannot be written to; the last good configuration goes on serving.
        case readOnly = "read-only"
        /// A dry run found no problem.
        case valid
    }

    /// What set it off: `start`, `watch`, `signal`, `command`, `api`.
    package var trigger: String
    /// How it ended.
    package var outcome: Outcome
    /// The revision that serves now.
    package var revision: String
    /// When it began.
    package var at: Timestamp
    /// How long it took.
    package var took: Duration
    /// What was found: errors when rejected, else warnings and notes.
    package var diagnostics: [Diagnostic]
    /// The diagnostics as people read them, with their lines.
    package var text: String

    /// The same for programs; `text` is left out.
    package var json: JSON {
        [
            "trigger": .string(trigger), "outcome": .string(outcome.rawValue), "revision": .string(revision),
            "at": .string(at.iso8601), "milliseconds": .number(Double(took / .microseconds(1)) / 1000),
            "errors": .integer(diagnostics.count { $0.severity == .error }),
            "warnings": .integer(diagnostics.count { $0.severity == .warning }),
        ]
    }

    /// The findings for programs, in the order they are shown.
    package var findings: JSON { Self.findings(diagnostics) }

    /// Findings for programs.
    package static func findings(_ diagnostics: [Diagnostic]) -> JSON {
        .array(
            diagnostics.map {
                [
                    "severity": .string($0.severity.rawValue), "code": .string($0.code),
                    "file": .string($0.range.file),
                    "line": .integer($0.range.start.line), "column": .integer($0.range.start.column),
                    "message": .string($0.message), "help": $0.help.map { .string($0) } ?? .null,
                ]
            })
    }
}
