// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import WireProtocols
import YAMLTree

/// A part of a configuration file that is a mapping with known keys.
///
/// The initialiser declares each key once: its name, type, default and meaning. Run over a file it reads them;
/// run in describing mode it yields the JSON Schema. So a key, its default and its documentation cannot part.
protocol ConfigMap: Sendable {
    /// What the part is called in messages and in the schema: `an assistant file`, `a slot`.
    static var title: String { get }
    init(_ map: MapReader)
}

/// Reads the keys of one mapping, or records their declarations.
final class MapReader {
    /// One declared key, as the schema shows it.
    struct Declaration {
        var name: String
        var schema: JSON
        var isRequired: Bool
        var defaultText: String?
        var summary: String
    }

    private enum Mode {
        case reading([YAMLEntry], DecodeContext)
        case describing(SchemaBuilder)
    }

    private let mode: Mode
    private let title: String
    /// Where to point when a key is missing: the first key, or the empty mapping itself.
    let anchor: SourceRange
    private(set) var declarations: [Declaration] = []
    private(set) var exclusiveKeys: [String] = []
    private var missing: [(key: String, summary: String)] = []

    init(_ node: YAMLNode, title: String, in context: DecodeContext) {
        let entries = node.entries ?? []
        mode = .reading(entries, context)
        self.title = title
        anchor = entries.first?.key.range ?? node.range
    }

    init(describing builder: SchemaBuilder, title: String) {
        mode = .describing(builder)
        self.title = title
        anchor = .top(of: "")
    }

    /// A key that must be there.
    func required<T>(_ key: String, _ codec: Codec<T>, _ summary: String) -> T {
        declare(key, codec, isRequired: true, default: nil, summary)
        guard case .reading = mode else { return codec.placeholder() }
        if let entry = entry(key) { return read(entry, codec) ?? codec.placeholder() }
        missing.append((key, summary))
        return codec.placeholder()
    }

    /// A key that may be left out, without a default.
    func optional<T>(_ key: String, _ codec: Codec<T>, _ summary: String) -> T? {
        declare(key, codec, isRequired: false, default: nil, summary)
        return entry(key).flatMap { read($0, codec) }
    }

    /// A key that may be left out; `text` then stands in for it, read by the same rules as the author's own.
    func value<T>(_ key: String, _ codec: Codec<T>, default text: String, _ summary: String) -> T {
        declare(key, codec, isRequired: false, default: text, summary)
        guard case .reading(_, let context) = mode else { return codec.placeholder() }
        if let entry = entry(key), let value = read(entry, codec) { return value }
        return codec.read(YAMLNode(.scalar(text, .plain), at: anchor), context) ?? codec.placeholder()
    }

    /// Just one of these keys must be there; they are declared besides with `optional`.
    func exactlyOne(of keys: [String]) {
        exclusiveKeys = keys
        guard case .reading(let entries, let context) = mode else { return }
        let present = entries.filter { keys.contains($0.key.text ?? "") }
        for extra in present.dropFirst() {
            context.report(
                "key-conflict", at: extra.key.range,
                "\(title) has '\(present[0].key.text ?? "")' and '\(extra.key.text ?? "")', but may have only one of them"
            )
        }
    }

    /// Where a key stands; the anchor when it is absent.
    func range(of key: String) -> SourceRange { entry(key)?.key.range ?? anchor }

    /// True when the author wrote the key.
    func has(_ key: String) -> Bool { entry(key) != nil }

    /// The raw value of a key.
    func node(_ key: String) -> YAMLNode? { entry(key)?.value }

    /// Reports every key that was not declared.
    ///
    /// Called once, after the initialiser of the part.
    func finish() {
        guard case .reading(let entries, let context) = mode else { return }
        let known = declarations.map(\.name)
        var meant: Set<String> = []
        for entry in entries {
            guard let key = entry.key.text, !known.contains(key) else { continue }
            let near = nearestName(
                to: key, in: known.filter { name in !entries.contains { $0.key.text == name } })
            near.map { _ = (context.missedKeys.insert($0), meant.insert($0)) }
            context.report(
                "key-unknown", at: entry.key.range, "'\(key)' is not a key of \(title)",
                help: near.map { "did you mean '\($0)'?" } ?? "its keys are \(quotedList(known))")
        }
        reportMissing(context, meant: meant)
    }

    // A missing key that an unknown one was meant to be has been reported with that one.
    private func reportMissing(_ context: DecodeContext, meant: Set<String>) {
        for (key, summary) in missing where !meant.contains(key) {
            context.missedKeys.insert(key)
            context.report(
                "key-missing", at: anchor, "\(title) needs the key '\(key)'",
                help: "add '\(key): ...': \(summary)")
        }
        if !exclusiveKeys.isEmpty, !exclusiveKeys.contains(where: has), meant.isDisjoint(with: exclusiveKeys)
        {
            context.report(
                "key-missing", at: anchor, "\(title) needs one of the keys \(quotedList(exclusiveKeys))")
        }
    }

    private func entry(_ key: String) -> YAMLEntry? {
        guard case .reading(let entries, _) = mode else { return nil }
        return entries.first { $0.key.text == key }
    }

    private func read<T>(_ entry: YAMLEntry, _ codec: Codec<T>) -> T? {
        guard case .reading(_, let context) = mode else { return nil }
        let key = entry.key.text ?? ""
        context.key = key
        guard let value = codec.read(entry.value, context) else {
            context.missedKeys.insert(key)
            return nil
        }
        return value
    }

    private func declare<T>(
        _ key: String, _ codec: Codec<T>, isRequired: Bool, default text: String?, _ summary: String
    ) {
        guard case .describing(let builder) = mode else {
            declarations.append(
                Declaration(
                    name: key, schema: .null, isRequired: isRequired, defaultText: text, summary: summary))
            return
        }
        declarations.append(
            Declaration(
                name: key, schema: codec.schema(builder), isRequired: isRequired, defaultText: text,
                summary: summary))
    }
}

/// `'a', 'b' and 'c'`.
func quotedList(_ names: some Collection<String>) -> String {
    let quoted = names.map { "'\($0)'" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "none" }
    return quoted.dropLast().joined(separator: ", ") + " and " + last
}
