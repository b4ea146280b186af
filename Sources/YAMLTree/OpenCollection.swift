// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// A list or map whose end has not been read yet.
struct OpenCollection {
    /// What the next value of a map will be.
    private enum Expectation {
        case key
        case value(of: YAMLNode)
        /// The key was refused, so its value is dropped with it.
        case dropped
    }

    let isMapping: Bool
    let isFlow: Bool
    let start: SourcePosition
    let anchor: String?
    /// Where the last value so far ends.
    var end: SourcePosition
    /// Values in here, this one included.
    var nodes = 1
    /// How many levels stand inside this one, this one included.
    var height = 1

    private var items: [YAMLNode] = []
    private var entries: [YAMLEntry] = []
    private var expected = Expectation.key
    private var seen: [String: SourceRange] = [:]

    init(isMapping: Bool, isFlow: Bool, start: SourcePosition, anchor: String?, end: SourcePosition) {
        self.isMapping = isMapping
        self.isFlow = isFlow
        self.start = start
        self.anchor = anchor
        self.end = end
    }

    var content: YAMLNode.Content {
        isMapping ? .mapping(entries, isFlow: isFlow) : .sequence(items, isFlow: isFlow)
    }

    /// Takes the next value, or the next key, and says what is wrong with it.
    mutating func append(_ node: YAMLNode) -> Diagnostic? {
        guard isMapping else {
            items.append(node)
            return nil
        }
        switch expected {
        case .value(let key):
            entries.append(YAMLEntry(key: key, value: node))
            expected = .key
            return nil
        case .dropped:
            expected = .key
            return nil
        case .key:
            let problem = problem(withKey: node)
            expected = problem == nil ? .value(of: node) : .dropped
            return problem
        }
    }

    private mutating func problem(withKey node: YAMLNode) -> Diagnostic? {
        guard case .scalar(let text, let style) = node.content else { return notText(node) }
        if text == "<<", style == .plain {
            return Diagnostic(
                code: "yaml-merge-key", at: node.range,
                "'<<' would merge another map in here, which is not supported",
                help: "write the keys out")
        }
        if let first = seen[text] {
            return Diagnostic(
                code: "yaml-duplicate-key", at: node.range, "the key '\(text)' is here twice",
                help: "delete one of them, or join their contents under one",
                related: [.init(first, "'\(text)' is here first")])
        }
        seen[text] = node.range
        return nil
    }

    private func notText(_ node: YAMLNode) -> Diagnostic {
        let isTemplate = isFlow && node.entries != nil
        return Diagnostic(
            code: "yaml-key-not-text", at: node.range,
            isTemplate ? "'{{ }}' is read as a map inside a map" : "a key is a text, not a list or a map",
            help: isTemplate
                ? "to insert a value write \"${name}\", in quotes"
                : "a text that begins with '[' or '{' needs quotes")
    }
}
