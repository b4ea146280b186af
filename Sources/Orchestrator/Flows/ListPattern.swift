// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// The argument of the filter `list`: the line of one item, with `{field | filter}`, `{n}` for its number from 1 and
/// `{item}` for the item itself.
package struct ListPattern: Sendable, Hashable {
    private enum Piece: Sendable, Hashable {
        case text(String)
        case field([String], [Filter])
    }

    private let pieces: [Piece]
    /// Filters in it that do not exist; they are left out.
    package let unknownFilters: [String]

    /// Reads a pattern; a brace that is not closed is text.
    package init(_ pattern: String) {
        var pieces: [Piece] = []
        var unknown: [String] = []
        var rest = pattern[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
            pieces.append(Self.field(rest[rest.index(after: open)..<close], &unknown))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        self.pieces = pieces
        unknownFilters = unknown
    }

    /// The paths of the fields it shows, but for `n` and `item`.
    package var paths: [[String]] {
        pieces.compactMap { piece in
            guard case .field(let path, _) = piece, path != ["n"], path.first != "item" else { return nil }
            return path
        }
    }

    func text(of items: [JSON], in scope: Scope) -> String {
        items.enumerated().map { line($0.offset + 1, $0.element, scope) }.joined(separator: "\n")
    }

    private func line(_ number: Int, _ item: JSON, _ scope: Scope) -> String {
        pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .field(let path, let filters):
                scope.text(of: filters.reduce(value(path, number, item)) { $1.apply(to: $0, in: scope) })
            }
        }.joined()
    }

    private func value(_ path: [String], _ number: Int, _ item: JSON) -> JSON {
        if path == ["n"] { return .integer(number) }
        let names = path.first == "item" ? path.dropFirst() : path[...]
        return names.reduce(item) { $0.part($1) ?? .null }
    }

    private static func field(_ text: Substring, _ unknown: inout [String]) -> Piece {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false).map(trim)
        var filters: [Filter] = []
        for part in parts.dropFirst() {
            let colon = part.firstIndex(of: ":")
            let name = trim(part[..<(colon ?? part.endIndex)])
            let argument = colon.map { unquoted(trim(part[part.index(after: $0)...])) }
            if let name = Filter.Name(rawValue: name) {
                filters.append(Filter(name, argument))
            } else {
                unknown.append(name)
            }
        }
        return .field((parts.first ?? "").split(separator: ".").map(String.init), filters)
    }

    private static func trim(_ text: some StringProtocol) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    private static func unquoted(_ text: String) -> String {
        guard let quote = text.first, quote == "'" || quote == "\"", text.count > 1, text.last == quote else {
            return text
        }
        return String(text.dropFirst().dropLast())
    }
}
