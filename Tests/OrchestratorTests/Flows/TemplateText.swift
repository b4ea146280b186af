// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import WireProtocols

@testable import Orchestrator

/// Reads `${path | filter: 'argument'}` for tests, without the places and checks that files get.
func template(_ source: String) -> Template {
    var segments: [Template.Segment] = []
    var rest = source[...]
    while let open = rest.firstRange(of: "${") {
        if open.lowerBound > rest.startIndex { segments.append(.text(String(rest[..<open.lowerBound]))) }
        var quoted = false
        let inner = rest[open.upperBound...].prefix { character in
            if character == "'" { quoted.toggle() }
            return quoted || character != "}"
        }
        segments.append(.value(expression(String(inner))))
        rest = rest[inner.endIndex...].dropFirst()
    }
    if !rest.isEmpty { segments.append(.text(String(rest))) }
    return Template(segments)
}

private func expression(_ inner: String) -> Template.Expression {
    var parts = [""]
    var quoted = false
    for character in inner {
        if character == "'" { quoted.toggle() }
        if character == "|", !quoted { parts.append("") } else { parts[parts.count - 1].append(character) }
    }
    let filters = parts.dropFirst().compactMap { part -> Filter? in
        let pieces = part.split(separator: ":", maxSplits: 1).map(String.init)
        let argument = pieces.count > 1 ? unquoted(trimmed(pieces[1])) : nil
        return Filter.Name(rawValue: trimmed(pieces[0])).map { Filter($0, argument) }
    }
    return Template.Expression(
        path: trimmed(parts[0]).split(separator: ".").map(String.init), filters: Array(filters),
        range: .top(of: "test"))
}

private func trimmed(_ text: String) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
}

private func unquoted(_ text: String) -> String {
    text.hasPrefix("'") ? String(text.dropFirst().dropLast()) : text
}

/// A response of one wording.
func text(_ source: String) -> ResponseReference { .inline(Response([template(source)])) }

/// A tree of one template.
func value(_ source: String) -> ValueTemplate { .template(template(source)) }

/// Names with templates, in order.
func members(_ pairs: KeyValuePairs<String, String>) -> [ValueTemplate.Member] {
    pairs.map { .init(name: $0.key, value: value($0.value)) }
}

/// One test of a path.
func condition(_ path: String, _ kind: Condition.Test.Kind) -> Condition {
    Condition([.init(path: path.split(separator: ".").map(String.init), kind: kind, range: .top(of: "test"))])
}

extension LocalTime {
    /// Monday 9 March 2026, 10:00 in London.
    static let monday = LocalTime(now: .monday, timezone: "Europe/London")
}

extension Timestamp {
    /// 2026-03-09T10:00:00Z.
    static let monday = Timestamp(milliseconds: 1_773_050_400_000)
}
