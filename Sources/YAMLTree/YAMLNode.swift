// SPDX-License-Identifier: Apache-2.0
public import Diagnostics

/// A value of a YAML file with the place it stands at; scalars stay text, typed later by whoever reads them.
public struct YAMLNode: Sendable, Hashable {
    /// How a scalar was written; `plain` is the only style in which YAML 1.1 would have guessed a type.
    public enum Style: Sendable, Hashable {
        case plain, singleQuoted, doubleQuoted, literal, folded
    }

    /// What the value is.
    public enum Content: Sendable, Hashable {
        /// Text as written, after YAML's own unquoting and folding.
        case scalar(String, Style)
        /// A list; `isFlow` when written in square brackets.
        case sequence([YAMLNode], isFlow: Bool)
        /// Keys and values in file order; `isFlow` when written in curly brackets.
        case mapping([YAMLEntry], isFlow: Bool)
    }

    /// What the value is.
    public var content: Content
    /// Where it stands; a block collection starts at its first item or key.
    public var range: SourceRange

    /// A value at its place.
    public init(_ content: Content, at range: SourceRange) {
        self.content = content
        self.range = range
    }

    /// The text of a scalar; nil for a collection.
    public var text: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    /// The items of a list; nil for anything else.
    public var items: [YAMLNode]? {
        if case .sequence(let items, _) = content { items } else { nil }
    }

    /// The keys and values of a mapping; nil for anything else.
    public var entries: [YAMLEntry]? {
        if case .mapping(let entries, _) = content { entries } else { nil }
    }

    /// The value under a key; nil when this is no mapping or lacks the key.
    public subscript(key: String) -> YAMLNode? {
        entries?.first { $0.key.text == key }?.value
    }
}

/// One key of a mapping and its value; the key is always a scalar.
public struct YAMLEntry: Sendable, Hashable {
    /// The key with its place.
    public var key: YAMLNode
    /// The value with its place; an absent value is an empty plain scalar just after the colon.
    public var value: YAMLNode

    /// A key and its value.
    public init(key: YAMLNode, value: YAMLNode) {
        self.key = key
        self.value = value
    }
}
