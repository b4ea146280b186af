// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// A value named by an anchor, with what repeating it costs.
struct AnchoredValue {
    let node: YAMLNode
    let nodes: Int
    let height: Int
    /// Where the anchor is written.
    let range: SourceRange
    var isUsed = false
}

/// The anchors read so far and how much aliases have repeated of them.
struct AnchorTable {
    /// Values repeated by aliases so far.
    var expandedNodes = 0

    private var values: [String: AnchoredValue] = [:]
    private var replacedUnused: [(name: String, range: SourceRange)] = []

    /// The names an alias may use from here on.
    var names: [String] { Array(values.keys) }

    /// Anchors that no alias used, in file order.
    var unused: [(name: String, range: SourceRange)] {
        let open = values.filter { !$0.value.isUsed }.map { (name: $0.key, range: $0.value.range) }
        return (replacedUnused + open).sorted { $0.range.start < $1.range.start }
    }

    /// Names a value; a later anchor of the same name replaces the earlier.
    mutating func define(_ name: String, _ value: AnchoredValue) {
        if let old = values[name], !old.isUsed { replacedUnused.append((name, old.range)) }
        values[name] = value
    }

    /// The value of an alias; nil when nothing has that name.
    mutating func use(_ name: String) -> AnchoredValue? {
        values[name]?.isUsed = true
        return values[name]
    }
}
