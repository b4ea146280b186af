// SPDX-License-Identifier: Apache-2.0
import CRE2

/// Why RE2 refused a pattern, in RE2's own words.
public struct PatternError: Error, Sendable, Hashable {
    /// RE2's reason, such as `missing ): (a`.
    public let reason: String
}

/// Where a pattern matched.
///
/// Spans count Unicode scalars, end exclusive.
public struct PatternMatch: Sendable, Hashable {
    /// The whole match.
    public let span: Range<Int>
    /// The matched text.
    public let text: String
    /// The capturing groups in order, nil for one that took no part.
    public let groups: [String?]
    /// Where the first group that took part stands; the whole match if there is none.
    public let valueSpan: Range<Int>

    /// The text of the first group that took part; the whole match if there is none.
    public var value: String { groups.lazy.compactMap(\.self).first ?? text }
}

/// A compiled RE2 pattern: time linear in the text, whatever the pattern.
///
/// Safe to use from any thread.
public final class Pattern: Sendable {
    /// The pattern as written.
    public let source: String
    /// Whether capital letters count.
    public let caseSensitive: Bool
    /// How many capturing groups there are; at most 16 are reported.
    public let groupCount: Int
    // RE2 objects are immutable once compiled and documented as safe for concurrent matching; freed in deinit alone (ADR 0012).
    nonisolated(unsafe) private let compiled: OpaquePointer

    /// Compiles `source`.
    ///
    /// Capital letters do not count unless `caseSensitive`.
    /// - Throws: `PatternError` with RE2's reason.
    public init(_ source: String, caseSensitive: Bool = false) throws(PatternError) {
        var reason = [CChar](repeating: 0, count: 256)
        var text = source
        let pointer = text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { bytes -> OpaquePointer? in
                withUnsafePointer(to: 0 as CChar) { empty in
                    re2_compile(
                        bytes.baseAddress ?? empty, bytes.count, caseSensitive, 8 << 20, &reason, reason.count
                    )
                }
            }
        }
        guard let pointer else {
            let bytes = reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw PatternError(reason: String(decoding: bytes, as: UTF8.self))
        }
        self.source = source
        self.caseSensitive = caseSensitive
        compiled = pointer
        groupCount = Int(re2_group_count(pointer))
    }

    deinit { re2_free(compiled) }

    /// Whether the pattern occurs anywhere in `text`.
    public func matches(_ text: String) -> Bool { search(text, from: 0, groups: -1) != nil }

    /// The first occurrence in `text`, with its groups.
    public func firstMatch(in text: String) -> PatternMatch? {
        var cursor = Cursor(text)
        return search(text, from: 0, groups: min(groupCount, 16)).map { cursor.resolve($0) }
    }

    /// All occurrences that do not overlap, in order; empty matches are left out.
    public func matches(in text: String) -> [PatternMatch] {
        var found: [PatternMatch] = []
        var cursor = Cursor(text)
        var from = 0
        while from <= cursor.utf8.count, let spans = search(text, from: from, groups: min(groupCount, 16)) {
            if spans[1] > spans[0] { found.append(cursor.resolve(spans)) }
            from = spans[1] > spans[0] ? spans[1] : cursor.offset(after: spans[1])
        }
        return found
    }

    /// Byte offsets of the match and its groups, or nil.
    ///
    /// With `groups` -1 only existence is asked, which is faster.
    private func search(_ text: String, from: Int, groups: Int) -> [Int]? {
        var text = text
        var spans = [Int](repeating: -1, count: max(0, 2 * (groups + 1)))
        let found = text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { bytes in
                withUnsafePointer(to: 0 as CChar) { empty in
                    let start = bytes.baseAddress ?? empty
                    guard groups >= 0 else { return re2_search(compiled, start, bytes.count, from, 0, nil) }
                    return re2_search(compiled, start, bytes.count, from, Int32(groups), &spans)
                }
            }
        }
        return found ? spans : nil
    }
}

/// Turns byte offsets, given in ascending order, into spans of scalars in one pass.
private struct Cursor {
    let utf8: [UInt8]
    private var byte = 0
    private var scalar = 0

    init(_ text: String) { utf8 = Array(text.utf8) }

    mutating func resolve(_ spans: [Int]) -> PatternMatch {
        let lower = scalars(to: spans[0])
        let first = (1..<(spans.count / 2)).first { spans[2 * $0] >= 0 }
        let value = first.map { (scalars(to: spans[2 * $0]), scalars(to: spans[2 * $0 + 1])) }
        let upper = scalars(to: spans[1])
        let groups = (1..<(spans.count / 2)).map { group -> String? in
            spans[2 * group] < 0 ? nil : text(spans[2 * group]..<spans[2 * group + 1])
        }
        return PatternMatch(
            span: lower..<upper, text: text(spans[0]..<spans[1]), groups: groups,
            valueSpan: value.map { $0.0..<$0.1 } ?? lower..<upper)
    }

    func offset(after offset: Int) -> Int {
        var next = offset + 1
        while next < utf8.count, utf8[next] & 0xC0 == 0x80 { next += 1 }
        return next
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: utf8[range], as: UTF8.self) }

    private mutating func scalars(to end: Int) -> Int {
        while byte < end {
            if utf8[byte] & 0xC0 != 0x80 { scalar += 1 }
            byte += 1
        }
        return scalar
    }
}

extension Pattern: Hashable {
    /// Two patterns are equal if they were written the same.
    public static func == (left: Pattern, right: Pattern) -> Bool {
        left.source == right.source && left.caseSensitive == right.caseSensitive
    }

    /// Hashes what was written.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(source)
        hasher.combine(caseSensitive)
    }
}
