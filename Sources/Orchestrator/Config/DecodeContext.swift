// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import YAMLTree

/// What decoding one file needs and collects.
///
/// One file is decoded by one thread.
final class DecodeContext {
    let file: String
    /// The file's text: for traps and for the places of `${...}` inside long texts.
    let lines: [Substring]
    let environment: EnvironmentValues
    private(set) var diagnostics: [Diagnostic] = []
    /// Variables asked for, and whether the file would be different with other values of them.
    private(set) var usedVariables: Set<String> = []
    /// Keys that are missing, unreadable, or were probably meant by unknown ones.
    var missedKeys: Set<String> = []
    /// Names whose value could not be read: what else is wrong with them follows from that.
    var unreadNames: Set<SourceRange> = []
    /// The key being decoded, for messages.
    var key = ""

    init(file: String, source: String, environment: EnvironmentValues) {
        self.file = file
        lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        self.environment = environment
    }

    func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

    func report(_ code: String, at range: SourceRange, _ message: String, help: String? = nil) {
        diagnostics.append(Diagnostic(code: code, at: range, message, help: help))
    }

    func variable(_ name: String) -> String? {
        usedVariables.insert(name)
        return environment[name]
    }

    /// The text of a file's stretch of lines, for suggestions of a corrected line.
    func line(_ number: Int) -> String {
        lines.indices.contains(number - 1) ? String(lines[number - 1]) : ""
    }
}
