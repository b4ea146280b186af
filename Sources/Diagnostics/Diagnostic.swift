// SPDX-License-Identifier: Apache-2.0

/// One thing wrong in a file under `bots/`: what, where, and what to do about it.
public struct Diagnostic: Sendable, Hashable {
    /// How much it matters.
    public enum Severity: String, Sendable, Hashable {
        /// The configuration cannot be used.
        case error
        /// It can be used, but is probably not what was meant.
        case warning
        /// Good to know; never a fault.
        case note
    }

    /// Another place that has to do with it.
    public struct Related: Sendable, Hashable {
        /// The other place.
        public var range: SourceRange
        /// What is there, lower case without a full stop.
        public var message: String

        /// A related place and what is there.
        public init(_ range: SourceRange, _ message: String) {
            self.range = range
            self.message = message
        }
    }

    /// How much it matters.
    public var severity: Severity
    /// The kebab-case name of the rule, stable once released.
    public var code: String
    /// Where it is.
    public var range: SourceRange
    /// What is wrong, with the author's own words in single quotation marks; lower case, no full stop.
    public var message: String
    /// What to do; nil when the message says it all.
    ///
    /// May hold several lines (a corrected line of YAML).
    public var help: String?
    /// Other places that have to do with it.
    public var related: [Related]

    /// A finding; severity `error` unless said otherwise.
    public init(
        _ severity: Severity = .error, code: String, at range: SourceRange, _ message: String,
        help: String? = nil,
        related: [Related] = []
    ) {
        self.severity = severity
        self.code = code
        self.range = range
        self.message = message
        self.help = help
        self.related = related
    }
}

extension Diagnostic: Comparable {
    /// Orders by file, line, column, code, message: the order in which all problems are shown.
    public static func < (left: Diagnostic, right: Diagnostic) -> Bool {
        let a = (left.range.file, left.range.start.line, left.range.start.column, left.code, left.message)
        let b = (
            right.range.file, right.range.start.line, right.range.start.column, right.code, right.message
        )
        return a < b
    }
}
