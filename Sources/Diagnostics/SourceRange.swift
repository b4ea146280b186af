// SPDX-License-Identifier: Apache-2.0

/// A place in a file as people count: the first line is 1, the first column is 1.
public struct SourcePosition: Sendable, Hashable, Comparable {
    /// The line, from 1.
    public var line: Int
    /// The column, from 1, in Unicode scalars.
    public var column: Int

    /// The place at that line and column, both counted from 1.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Orders by line, then by column.
    public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A stretch of one file, from its first character to the one after its last.
public struct SourceRange: Sendable, Hashable {
    /// The path as the author knows it, relative to the folder that holds `bots/`: `bots/patient.yaml`.
    public var file: String
    /// Where it begins.
    public var start: SourcePosition
    /// Where it ends, exclusive.
    public var end: SourcePosition

    /// A stretch from `start` up to but not including `end`; the end defaults to one character.
    public init(file: String, start: SourcePosition, end: SourcePosition? = nil) {
        self.file = file
        self.start = start
        self.end = end ?? SourcePosition(line: start.line, column: start.column + 1)
    }

    /// The beginning of a file: for what concerns the whole of it.
    public static func top(of file: String) -> SourceRange {
        SourceRange(file: file, start: SourcePosition(line: 1, column: 1))
    }
}
