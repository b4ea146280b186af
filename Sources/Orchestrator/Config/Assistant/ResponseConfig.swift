// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import WireProtocols
import YAMLTree

/// A response by name, or written in place (DESIGN 3, rule 8).
enum SayConfig: Sendable {
    case named(Located<String>)
    case text(Template, SourceRange)
    case response(ResponseConfig)
}

/// A response with all it may have.
struct ResponseConfig: ConfigMap {
    static let title = "a response"

    let texts: [Template]
    let type: Located<String>?
    let buttons: [ButtonConfig]
    let data: ValueTemplate?
    let range: SourceRange

    init(_ map: MapReader) {
        texts = map.required("text", .wordings, "What is said; several wordings are taken in turn by chance.")
        type = map.optional("type", .name(), "What a channel calls this kind of answer.")
        buttons =
            map.optional(
                "buttons", .list(.object(ButtonConfig.self)), "Choices that a channel may show as buttons.")
            ?? []
        data = map.optional("data", .values, "Values for programs, sent beside the text.")
        range = map.anchor
    }

    init(texts: [Template], at range: SourceRange) {
        self.texts = texts
        type = nil
        buttons = []
        data = nil
        self.range = range
    }
}

struct ButtonConfig: ConfigMap {
    static let title = "a button"

    let type: Located<String>
    let label: Template
    let value: ValueTemplate?
    let each: Template?
    let limit: Located<Int>?

    init(_ map: MapReader) {
        type = map.required("type", .name(), "What a channel calls it.")
        label = map.required("label", .template, "The words on it.")
        value = map.optional("value", .values, "What it stands for.")
        each = map.optional(
            "each", .template, "A list: one button for each item, which `label` and `value` see as `item`.")
        limit = map.optional("limit", .integer(1...100), "At most so many buttons of `each`.")
    }
}

extension Codec where Value == SayConfig {
    /// A response's name, or text, or a response in place.
    static var say: Codec {
        let response = Codec<ResponseConfig>.object(ResponseConfig.self)
        return Codec(
            schema: { ["anyOf": [["type": "string"], response.schema($0)]] },
            placeholder: { .text(Template([]), .top(of: "")) },
            read: { node, context in
                if node.entries != nil { return response.read(node, context).map { .response($0) } }
                guard let text = node.text, !text.isEmpty else {
                    context.reportType(node, wants: "the name of a response, or text")
                    return nil
                }
                let range = context.firstLine(of: node.range)
                return NameRule.id.allows(text)
                    ? .named(Located(text, at: range)) : .text(context.template(node), range)
            })
    }
}

extension Codec where Value == [Template] {
    /// One wording or a list of them; human text in a flow list may have lost a comma.
    static var wordings: Codec {
        Codec(
            schema: { _ in
                [
                    "anyOf": [
                        ["type": "string"], ["type": "array", "items": ["type": "string"], "minItems": 1],
                    ]
                ]
            },
            placeholder: { [] },
            read: { node, context in
                if node.text != nil { return Codec<Template>.template.read(node, context).map { [$0] } }
                guard let items = node.items, !items.isEmpty else {
                    context.reportType(node, wants: "text, or a list of texts")
                    return nil
                }
                context.checkHumanText(node)
                return items.compactMap { Codec<Template>.template.read($0, context) }
            })
    }
}

extension Codec where Value == ResponseConfig {
    /// A value under `responses:`: always text, even when it looks like a name.
    static var response: Codec {
        let full = Codec.object(ResponseConfig.self)
        let wordings = Codec<[Template]>.wordings
        return Codec(
            schema: {
                [
                    "anyOf": [
                        ["type": "string"], ["type": "array", "items": ["type": "string"], "minItems": 1],
                        full.schema($0),
                    ]
                ]
            },
            placeholder: full.placeholder,
            read: { node, context in
                if node.entries != nil { return full.read(node, context) }
                return wordings.read(node, context).map {
                    ResponseConfig(texts: $0, at: context.firstLine(of: node.range))
                }
            })
    }
}

extension DecodeContext {
    /// Reports a list of sentences in square brackets that a comma has cut in pieces (DESIGN 3, rule 3).
    func checkHumanText(_ node: YAMLNode) {
        let trap = YAMLTraps.flowTextTrap(sequence: node, source: lines.joined(separator: "\n"))
        if let trap { report(trap) }
    }
}
