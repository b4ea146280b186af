// SPDX-License-Identifier: Apache-2.0

/// The stretch of a line that an author meant as one value between `[ ]` or `{ }`.
struct BracketItem {
    /// Where it stands in the line, counted from 0.
    let range: Range<Int>

    /// `index` is any place in the value; brackets inside `${...}` and `[word](entity)` belong to it.
    init(_ scalars: [Unicode.Scalar], around index: Int) {
        let start = BracketItem.start(scalars, index)
        range = start..<BracketItem.end(scalars, from: start, atLeast: index)
    }

    /// Back to the comma, the key's colon or the opening bracket before the value.
    private static func start(_ scalars: [Unicode.Scalar], _ index: Int) -> Int {
        var start = min(index, scalars.count)
        while start > 0 {
            let before = scalars[start - 1]
            let isKeyColon = before == ":" && start < scalars.count && LineShape.isBlank(scalars[start])
            let isInterpolation = before == "{" && start > 1 && scalars[start - 2] == "$"
            if before == "," || before == "[" || isKeyColon || (before == "{" && !isInterpolation) { break }
            start -= 1
        }
        while start < scalars.count, start < index, LineShape.isBlank(scalars[start]) { start += 1 }
        return start
    }

    /// On to the comma or bracket that ends it, past brackets opened inside.
    private static func end(_ scalars: [Unicode.Scalar], from start: Int, atLeast index: Int) -> Int {
        var depth = 0
        var end = start
        while end < scalars.count {
            let scalar = scalars[end]
            if depth == 0, end > index, scalar == "," { break }
            if scalar == "{" || scalar == "[" { depth += 1 }
            if scalar == "}" || scalar == "]" {
                if depth == 0 { break }
                depth -= 1
            }
            end += 1
        }
        while end > start, LineShape.isBlank(scalars[end - 1]) { end -= 1 }
        return end
    }
}

extension BracketItem {
    /// The texts between the commas of a list, brackets and quotes inside a text respected.
    static func split(_ scalars: [Unicode.Scalar]) -> [String] {
        var items: [[Unicode.Scalar]] = [[]]
        var depth = 0
        var quote: Unicode.Scalar?
        for scalar in scalars {
            if quote == nil, depth == 0, scalar == "," {
                items.append([])
                continue
            }
            if scalar == quote {
                quote = nil
            } else if quote == nil,
                scalar == "\"" || (scalar == "'" && items[items.count - 1].allSatisfy(LineShape.isBlank))
            {
                quote = scalar
            }
            if "[({".unicodeScalars.contains(scalar) { depth += 1 }
            if "])}".unicodeScalars.contains(scalar) { depth -= 1 }
            items[items.count - 1].append(scalar)
        }
        return items.map { item in
            LineShape.text(
                item.drop(while: LineShape.isBlank).reversed().drop(while: LineShape.isBlank).reversed())
        }.filter { !$0.isEmpty }
    }
}

extension LineShape {
    /// The text as a list item, in quotes only where its first character or a colon in it needs them.
    static func quotedIfNeeded(_ text: String) -> String {
        guard let first = text.unicodeScalars.first, first != "\"", first != "'" else { return text }
        let isSpecial = "[]{},#|>@`%*&!?-".unicodeScalars.contains(first)
        return isSpecial || text.contains(": ") || text.contains(" #") || text.hasSuffix(":")
            ? quoted(text) : text
    }
}
