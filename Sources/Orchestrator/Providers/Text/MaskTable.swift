// SPDX-License-Identifier: Apache-2.0

import Intents
import Synchronization

/// Puts placeholders in the place of what a provider must not see, and knows what stood there.
///
/// One table serves one turn, so that the same address is the same placeholder in all that goes out.
package final class MaskTable: Sendable {
    private struct State {
        var placeholders: [String: String] = [:]
        var originals: [String: String] = [:]
        var counts: [MaskKind: Int] = [:]
    }

    private let kinds: [MaskKind]
    private let state = Mutex(State())

    /// A table for these kinds; with none, nothing is masked.
    package init(_ kinds: some Sequence<MaskKind>) {
        let wanted = Set(kinds)
        // A card number is also digits like a telephone's: the narrower kind goes first.
        self.kinds = [MaskKind.email, .identity, .card, .phone].filter(wanted.contains)
    }

    /// True when nothing has been masked.
    var isEmpty: Bool { state.withLock(\.originals.isEmpty) }

    /// What stood in a placeholder's place.
    func original(_ placeholder: String) -> String? { state.withLock { $0.originals[placeholder] } }

    /// The text with placeholders.
    package func mask(_ text: String) -> String {
        guard !kinds.isEmpty, text.utf8.contains(where: { $0 == 0x40 || ($0 >= 0x30 && $0 <= 0x39) }) else {
            return text
        }
        return kinds.reduce(text) { mask($0, $1) }
    }

    private func mask(_ text: String, _ kind: MaskKind) -> String {
        let found = MaskPatterns.of(kind).flatMap { $0.matches(in: text) }
            .filter { kind.isMeant($0.text) }.sorted { $0.span.lowerBound < $1.span.lowerBound }
        guard !found.isEmpty else { return text }
        let scalars = Array(text.unicodeScalars)
        var out = String.UnicodeScalarView()
        var position = 0
        for match in found where match.span.lowerBound >= position {
            out.append(contentsOf: scalars[position..<match.span.lowerBound])
            out.append(contentsOf: placeholder(for: match.text, kind).unicodeScalars)
            position = match.span.upperBound
        }
        out.append(contentsOf: scalars[position...])
        return String(out)
    }

    private func placeholder(for original: String, _ kind: MaskKind) -> String {
        state.withLock { state in
            if let known = state.placeholders[original] { return known }
            state.counts[kind, default: 0] += 1
            let placeholder = "[\(kind.label)_\(state.counts[kind] ?? 0)]"
            state.placeholders[original] = placeholder
            state.originals[placeholder] = original
            return placeholder
        }
    }
}

/// Puts back what was masked, wherever the pieces of an answer are cut.
struct Unmasker: Sendable {
    /// Longer than any placeholder.
    private static let longest = 24
    private let table: MaskTable
    private var held = ""

    init(_ table: MaskTable) { self.table = table }

    /// The text that is certain now.
    mutating func take(_ piece: String) -> String {
        if table.isEmpty { return piece }
        held += piece
        return release(atEnd: false)
    }

    /// What is still held.
    mutating func finish() -> String { release(atEnd: true) }

    private mutating func release(atEnd: Bool) -> String {
        var out = ""
        while let open = held.firstIndex(of: "[") {
            out += held[..<open]
            held = String(held[open...])
            guard let close = held.firstIndex(of: "]") else {
                if !atEnd, held.utf8.count < Self.longest { return out }
                out += held.prefix(1)
                held = String(held.dropFirst())
                continue
            }
            let word = String(held[...close])
            if let original = table.original(word) {
                out += original
                held = String(held[held.index(after: close)...])
            } else {
                out += "["
                held = String(held.dropFirst())
            }
        }
        defer { held = "" }
        return out + held
    }
}

/// The patterns of each kind, compiled once; RE2 finds them in linear time.
private enum MaskPatterns {
    static func of(_ kind: MaskKind) -> [Pattern] { table[kind] ?? [] }

    private static let table: [MaskKind: [Pattern]] = sources.mapValues { $0.compactMap { try? Pattern($0) } }

    private static let sources: [MaskKind: [String]] = [
        .email: [#"[a-z0-9._%+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+"#],
        .phone: [
            #"(\+|\b00)[0-9][0-9 ().-]{6,18}[0-9]\b"#,
            #"\(?\b0?[0-9]{2,5}\)?[ .-]?[0-9]{3}[ .-]?[0-9]{3,5}\b"#,
        ],
        .card: [#"\b[0-9]([ -]?[0-9]){12,18}\b"#],
        .identity: [
            #"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b"#, #"\b[0-9]{3} [0-9]{3} [0-9]{4}\b"#,
            #"\b[a-z]{2}[0-9]{2}( ?[a-z0-9]{4}){3,7}( ?[a-z0-9]{1,3})?\b"#,
            #"\b(mrn|ssn|nhs|nino)[ :#-]*(no\.?|number)?[ :#-]*[a-z0-9-]{5,14}\b"#,
            #"\b[a-z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[a-d]\b"#,
        ],
    ]
}

extension MaskKind {
    /// Digits that only look like a card's fail its check digit (ISO/IEC 7812-1, annex B).
    fileprivate func isMeant(_ text: String) -> Bool {
        guard self == .card else { return true }
        let digits = text.compactMap(\.wholeNumberValue)
        guard (13...19).contains(digits.count) else { return false }
        let sum = digits.reversed().enumerated().reduce(0) { sum, entry in
            let doubled = entry.offset % 2 == 1 ? entry.element * 2 : entry.element
            return sum + (doubled > 9 ? doubled - 9 : doubled)
        }
        return sum % 10 == 0
    }
}
