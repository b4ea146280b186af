// SPDX-License-Identifier: Apache-2.0
package import Diagnostics
package import WireProtocols

/// Text with `${path | filter ...}` in it, its syntax already checked.
///
/// A template that is one whole `${...}` keeps the type of its value; otherwise the result is text.
package struct Template: Sendable, Hashable {
    /// A stretch of a template.
    package enum Segment: Sendable, Hashable {
        /// Text as it is.
        case text(String)
        /// A value looked up when the template is rendered.
        case value(Expression)
    }

    /// One `${...}`: a path into the scope and the filters applied to what is found there.
    package struct Expression: Sendable, Hashable {
        /// The path's parts: `slots.when.from` is three.
        package var path: [String]
        /// Applied from left to right.
        package var filters: [Filter]
        /// Where the `${...}` stands.
        package var range: SourceRange
        /// The columns where the path's parts begin; empty when they cannot be told.
        package var columns: [Int]

        /// A look-up of that path through those filters.
        package init(path: [String], filters: [Filter], range: SourceRange, columns: [Int] = []) {
            self.path = path
            self.filters = filters
            self.range = range
            self.columns = columns
        }
    }

    /// The stretches in order; neighbouring texts are joined.
    package var segments: [Segment]

    /// A template of these stretches.
    package init(_ segments: [Segment]) { self.segments = segments }

    /// A template that is plain text.
    package init(literal text: String) { segments = text.isEmpty ? [] : [.text(text)] }

    /// The text of a template that looks nothing up; nil for others.
    package var literal: String? {
        switch segments.first {
        case nil: ""
        case .text(let text) where segments.count == 1: text
        default: nil
        }
    }

    /// The expression when the template is one whole `${...}`.
    package var onlyExpression: Expression? {
        guard segments.count == 1, case .value(let expression) = segments[0] else { return nil }
        return expression
    }

    /// All look-ups of the template in order.
    package var expressions: [Expression] {
        segments.compactMap { if case .value(let expression) = $0 { expression } else { nil } }
    }
}

/// One filter of a template: what it does and the argument after its colon.
package struct Filter: Sendable, Hashable {
    /// The text filters an author may use.
    package enum Name: String, Sendable, Hashable, CaseIterable {
        /// A date and time as people write it: `Tue 10 Mar at 15:00` (see `DateText`); the argument `day` leaves the
        /// time out, and a pattern such as `yyyy-MM-dd HH:mm` writes its beginning for another system.
        case date
        /// The time of day: `15:00`, or `3:00 PM` with `clock: 12h` in the settings.
        case time
        /// Items on lines of their own, each by the argument's pattern with `{field | filter}`, `{item}` and `{n}`.
        case list
        /// The items whose field meets a test: `where: 'status=urgent'`, `'status!=done'`, `'starts on today'` (see `FieldTest`).
        case `where`
        /// How many items.
        case count
        /// The first items, at most the argument's number.
        case first
        /// Text in upper case.
        case upper
        /// Text in lower case.
        case lower
        /// Text with its first letter in upper case.
        case capital
        /// An id as a heading: `internal_medicine` is `Internal Medicine`.
        case title
        /// An amount with two decimals, after the argument as its currency sign.
        case money
        /// Items joined: `a, b and c`; `join: ' or '` gives `a, b or c`, and `join: ' / '` gives `a / b / c`.
        case join
        /// The argument when there is no value.
        case `default`
    }

    /// Which filter.
    package var name: Name
    /// The text after the colon; nil when there is none.
    package var argument: String?
    /// The column where the argument begins, on the line of its `${...}`; nil when it cannot be told.
    package var column: Int?

    /// A filter with its argument.
    package init(_ name: Name, _ argument: String? = nil, column: Int? = nil) {
        self.name = name
        self.argument = argument
        self.column = column
    }
}

/// A tree of templates: what `with`, `values`, `set` and `data` hold.
package indirect enum ValueTemplate: Sendable, Hashable {
    /// A scalar, typed by its one expression or text.
    case template(Template)
    /// A value that needs no look-up.
    case literal(JSON)
    /// A list.
    case list([ValueTemplate])
    /// Names and values in file order.
    case object([Member])

    /// One name and its value.
    package struct Member: Sendable, Hashable {
        /// The name.
        package var name: String
        /// The value.
        package var value: ValueTemplate

        /// A name and its value.
        package init(name: String, value: ValueTemplate) {
            self.name = name
            self.value = value
        }
    }
}

/// `if: { path: value }`: true when every test holds.
package struct Condition: Sendable, Hashable {
    /// One test of one path.
    package struct Test: Sendable, Hashable {
        /// What is asked of the value.
        package enum Kind: Sendable, Hashable {
            case equals(JSON)
            case isOneOf([JSON])
            case isPresent(Bool)
            case isAbove(Double)
            case isBelow(Double)
        }

        /// The path's parts.
        package var path: [String]
        /// What is asked.
        package var kind: Kind
        /// Where the path stands.
        package var range: SourceRange
        /// Where the values stand that it is compared with, in their order.
        package var valueRanges: [SourceRange]

        /// A test of one path.
        package init(path: [String], kind: Kind, range: SourceRange, valueRanges: [SourceRange] = []) {
            self.path = path
            self.kind = kind
            self.range = range
            self.valueRanges = valueRanges
        }
    }

    /// All must hold.
    package var tests: [Test]

    /// A condition of these tests.
    package init(_ tests: [Test]) { self.tests = tests }
}

/// The declared type of an action's input or output, of a slot, or of a value saved by a step.
package indirect enum ValueType: Sendable, Hashable {
    case text, number, boolean, datetime, duration, any
    /// A list of values of one type.
    case list(ValueType)
    /// Named parts, in file order.
    case object([Field])

    /// One named part.
    package struct Field: Sendable, Hashable {
        /// The part's name.
        package var name: String
        /// The part's type.
        package var type: ValueType

        /// A named part.
        package init(name: String, type: ValueType) {
            self.name = name
            self.type = type
        }
    }
}
