// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import WireProtocols
import YAMLTree

/// Scalars that may also be given as `${env.NAME}`: how the schema says so.
private func orEnvironment(_ schema: JSON) -> JSON {
    ["anyOf": [schema, ["type": "string", "pattern": "^\\$\\{env\\."]]]
}

extension Codec where Value == Located<String> {
    /// Text on which nothing is looked up but the environment.
    static var text: Codec { scalar(schema: ["type": "string"], wants: "text", placeholder: "") { $0 } }

    /// A name: an id of our own or a reference to one.
    static func name(_ rule: NameRule = .id) -> Codec {
        Codec(
            schema: { _ in ["type": "string", "pattern": .string(rule.pattern)] },
            placeholder: { Located("", at: .top(of: "")) },
            read: { node, context in
                guard let text = node.text, !text.isEmpty else {
                    context.reportType(node, wants: "a name")
                    return nil
                }
                if !rule.allows(text) {
                    context.reportName(text, at: context.firstLine(of: node.range), rule: rule)
                }
                return Located(text, at: context.firstLine(of: node.range))
            })
    }

    /// One of a few words.
    static func word(_ words: [String]) -> Codec {
        let wants = (words.count > 1 ? "one of " : "") + quotedList(words)
        let only = words.count == 1 ? "write \(words[0])" : nil
        return Codec(
            schema: { _ in orEnvironment(["enum": .array(words.map { .string($0) })]) },
            placeholder: { Located(words[0], at: .top(of: "")) },
            read: { node, context in
                guard let text = context.expandedText(node) else {
                    if node.text == nil { context.reportType(node, wants: wants) }
                    return nil
                }
                guard words.contains(text) else {
                    let near = nearestName(to: text, in: words).map { "did you mean '\($0)'?" }
                    context.reportType(node, wants: wants, help: near ?? only)
                    return nil
                }
                return Located(text, at: context.firstLine(of: node.range))
            })
    }
}

extension Codec {
    /// A value read from expanded text by `convert`, which yields nil for text that is no such value.
    static func scalar<Inner>(
        schema: JSON, wants: String, help: @escaping (String) -> String? = { _ in nil },
        placeholder: Inner, convert: @escaping (String) -> Inner?
    ) -> Codec where Value == Located<Inner> {
        Codec(
            schema: { _ in schema["type"] == "string" ? schema : orEnvironment(schema) },
            placeholder: { Located(placeholder, at: .top(of: "")) },
            read: { node, context in
                guard node.text != nil else {
                    context.reportType(node, wants: wants)
                    return nil
                }
                guard let text = context.expandedText(node) else { return nil }
                guard let value = convert(text), !(text.isEmpty && node.content == .scalar("", .plain)) else {
                    context.reportType(node, wants: wants, help: help(text))
                    return nil
                }
                return Located(value, at: context.firstLine(of: node.range))
            })
    }
}

extension Codec where Value == Located<Bool> {
    /// `true` or `false`, spelt so.
    static var boolean: Codec {
        scalar(
            schema: ["type": "boolean"], wants: "true or false",
            help: {
                ["yes", "on", "1"].contains($0.lowercased())
                    ? "write true" : ["no", "off", "0"].contains($0.lowercased()) ? "write false" : nil
            },
            placeholder: false
        ) { $0 == "true" ? true : $0 == "false" ? false : nil }
    }
}

extension Codec where Value == Located<Int> {
    /// A whole number within a range.
    static func integer(_ range: ClosedRange<Int>) -> Codec {
        scalar(
            schema: [
                "type": "integer", "minimum": .integer(range.lowerBound),
                "maximum": .integer(range.upperBound),
            ],
            wants: range.count == 1
                ? "\(range.lowerBound)" : "a whole number from \(range.lowerBound) to \(range.upperBound)",
            placeholder: range.lowerBound
        ) { Int($0).flatMap { range.contains($0) ? $0 : nil } }
    }
}

extension Codec where Value == Located<Double> {
    /// A number within a range.
    static func number(_ range: ClosedRange<Double>) -> Codec {
        scalar(
            schema: [
                "type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound),
            ],
            wants: "a number from \(plain(range.lowerBound)) to \(plain(range.upperBound))",
            help: percentHelp, placeholder: range.lowerBound
        ) { Double($0).flatMap { range.contains($0) ? $0 : nil } }
    }
}

private func plain(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? String(number) }

/// `30%` as a number.
private func percentHelp(_ text: String) -> String? {
    guard text.hasSuffix("%"), let percent = Double(text.dropLast()) else { return nil }
    return "write \(plain(percent / 100))"
}

extension Codec where Value == Located<Duration> {
    /// A length of time with its unit: `20ms`, `5s`, `10m`, `24h`, `365d`.
    static var duration: Codec {
        scalar(
            schema: ["type": "string", "pattern": "^[0-9]+(ms|s|m|h|d)$|^\\$\\{env\\."],
            wants: "a length of time with its unit, as in 30s",
            help: { Int($0).map { "say the unit: \($0)s, \($0)m or \($0)h" } }, placeholder: .zero,
            convert: parseDuration)
    }
}

/// `90s` and the like; nil for anything else.
func parseDuration(_ text: String) -> Duration? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int(digits), count <= 1_000_000_000 else { return nil }
    switch text.dropFirst(digits.count) {
    case "ms": return .milliseconds(count)
    case "s": return .seconds(count)
    case "m": return .seconds(count * 60)
    case "h": return .seconds(count * 3600)
    case "d": return .seconds(count * 86400)
    default: return nil
    }
}

extension Duration {
    /// A length of time as configuration files write it: `90s`, `24h`; nil for anything else.
    package init?(written text: String) {
        guard let duration = parseDuration(text) else { return nil }
        self = duration
    }
}

extension Codec where Value == Located<Secret> {
    /// A secret, which only the environment may hold.
    static var secret: Codec {
        Codec(
            schema: { _ in ["type": "string", "pattern": "^\\$\\{env\\.[A-Za-z_][A-Za-z0-9_]*( *\\|.*)?\\}$"]
            },
            placeholder: { Located(Secret(""), at: .top(of: "")) },
            read: { node, context in
                guard let text = node.text, text.hasPrefix("${"), text.hasSuffix("}") else {
                    context.report(
                        "secret-literal", at: context.firstLine(of: node.range),
                        "'\(context.key)' holds a secret in plain text",
                        help: "put it into the file .env beside bots/ and write ${env.NAME} here")
                    return nil
                }
                return context.expandedText(node).map {
                    Located(Secret($0), at: context.firstLine(of: node.range))
                }
            })
    }
}

extension Codec where Value == Template {
    /// Human text with `${...}`.
    static var template: Codec {
        Codec(
            schema: { _ in ["type": "string"] }, placeholder: { Template([]) },
            read: { node, context in
                guard node.text != nil else {
                    context.reportType(node, wants: "text", help: unquotedTemplateHelp(node, context))
                    return nil
                }
                return context.template(node)
            })
    }
}

/// `{ a: ${x} }` without quotation marks reads as a mapping in a mapping: the corrected text.
private func unquotedTemplateHelp(_ node: YAMLNode, _ context: DecodeContext) -> String? {
    guard node.entries != nil else { return nil }
    return "quote text that holds '${...}' or ': '"
}

extension Codec where Value == JSON {
    /// Any value as it stands: scalars typed as YAML's core rules would (true, false, null, numbers), for data.
    static var json: Codec {
        Codec(
            schema: { _ in true }, placeholder: { .null }, read: { node, context in context.plainJSON(node) })
    }
}

extension Codec where Value == ValueTemplate {
    /// A value, or a tree of values, whose texts may hold `${...}`.
    static var values: Codec {
        Codec(
            schema: { _ in true }, placeholder: { .literal(.null) },
            read: { node, context in context.valueTemplate(node) })
    }
}

extension DecodeContext {
    func valueTemplate(_ node: YAMLNode) -> ValueTemplate {
        switch node.content {
        case .scalar(let text, let style):
            if text.contains("${") { return .template(template(node)) }
            return .literal(style == .plain ? Self.typed(text) : .string(text))
        case .sequence(let items, _): return .list(items.map(valueTemplate))
        case .mapping(let entries, _):
            return .object(entries.map { .init(name: $0.key.text ?? "", value: valueTemplate($0.value)) })
        }
    }

    func plainJSON(_ node: YAMLNode) -> JSON {
        switch node.content {
        case .scalar(let text, let style):
            let expanded = expandedText(node) ?? text
            return style == .plain ? Self.typed(expanded) : .string(expanded)
        case .sequence(let items, _): return .array(items.map(plainJSON))
        case .mapping(let entries, _):
            return .object(
                JSONObject(entries.map { .init(name: $0.key.text ?? "", value: plainJSON($0.value)) }))
        }
    }

    // `no`, `on`, `012`, `1e3` and dates stay text: only what reads the same to everybody is typed.
    static func typed(_ text: String) -> JSON {
        switch text {
        case "true": return true
        case "false": return false
        case "null", "": return .null
        default: break
        }
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let isNumeral =
            digits.first?.isNumber == true
            && (digits.first != "0" || digits.count == 1 || digits.hasPrefix("0."))
        guard isNumeral, digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }) else {
            return .string(text)
        }
        return Int(text).map { .integer($0) } ?? Double(text).map { .number($0) } ?? .string(text)
    }
}
