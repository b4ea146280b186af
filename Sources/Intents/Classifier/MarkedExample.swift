// SPDX-License-Identifier: Apache-2.0

/// Why the mark-up of an example cannot be read.
public struct MarkError: Error, Sendable, Hashable {
    /// What is wrong.
    public enum Kind: Sendable, Hashable {
        case unclosedBracket, unclosedParenthesis, emptyText, emptyEntity
    }
    /// What is wrong.
    public let kind: Kind
    /// Where, in scalars from the start of the example.
    public let position: Int
}

/// An example with Rasa's mark-up read: `[next week](when)` becomes text and a mark.
public struct MarkedExample: Sendable, Hashable {
    /// A marked part of the text.
    public struct Mark: Sendable, Hashable {
        /// Where it stands in `text`, in scalars.
        public let span: Range<Int>
        /// The entity it is an example of.
        public let entity: String
        /// The value it stands for, where the example says so: `[heart doctor](specialty:cardiology)`.
        public let value: String?
    }

    /// The text without mark-up.
    public let text: String
    /// The marked parts, in order.
    public let marks: [Mark]

    /// An example of `text` with `marks`.
    public init(text: String, marks: [Mark] = []) {
        self.text = text
        self.marks = marks
    }

    /// Reads `[text](entity)` and `[text](entity:value)`.
    ///
    /// Brackets without a parenthesis right behind them are text.
    /// - Throws: `MarkError` with the place.
    public static func parse(_ source: String) throws(MarkError) -> MarkedExample {
        var reader = MarkReader(scalars: Array(source.unicodeScalars))
        return try reader.read()
    }
}

private struct MarkReader {
    let scalars: [Unicode.Scalar]
    var plain = String.UnicodeScalarView()
    var length = 0
    var marks: [MarkedExample.Mark] = []

    mutating func read() throws(MarkError) -> MarkedExample {
        var position = 0
        while position < scalars.count {
            if scalars[position] == "[" {
                position = try readBracket(at: position)
            } else {
                append(scalars[position...position])
                position += 1
            }
        }
        return MarkedExample(text: String(plain), marks: marks)
    }

    private mutating func readBracket(at open: Int) throws(MarkError) -> Int {
        guard let close = scalars[open...].firstIndex(of: "]") else {
            throw MarkError(kind: .unclosedBracket, position: open)
        }
        guard close + 1 < scalars.count, scalars[close + 1] == "(" else {
            append(scalars[open...close])
            return close + 1
        }
        guard let end = scalars[(close + 1)...].firstIndex(of: ")") else {
            throw MarkError(kind: .unclosedParenthesis, position: close + 1)
        }
        guard close > open + 1 else { throw MarkError(kind: .emptyText, position: open) }
        let label = scalars[(close + 2)..<end].split(
            separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let names = label.map { trimmed($0) }
        guard let entity = names.first, !entity.isEmpty else {
            throw MarkError(kind: .emptyEntity, position: close + 1)
        }
        let start = length
        append(scalars[(open + 1)..<close])
        marks.append(.init(span: start..<length, entity: entity, value: names.count > 1 ? names[1] : nil))
        return end + 1
    }

    private mutating func append(_ part: ArraySlice<Unicode.Scalar>) {
        plain.append(contentsOf: part)
        length += part.count
    }

    private func trimmed(_ part: ArraySlice<Unicode.Scalar>) -> String {
        let kept = part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
        return String(String.UnicodeScalarView(kept))
    }
}
