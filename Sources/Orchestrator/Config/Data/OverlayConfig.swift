// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import WireProtocols
import YAMLTree

/// `kind: overlay`: values changed at run time through an API.
struct OverlayConfig: ConfigMap {
    static let title = "an overlay file"
    let channels: [Named<OverlayChannelConfig>]

    init(_ map: MapReader) {
        FileKind.declare(in: map, .overlay)
        channels = map.required(
            "channels", .names(.object(OverlayChannelConfig.self), rule: .kebab),
            "The channels whose values are changed.")
    }
}

struct OverlayChannelConfig: ConfigMap {
    static let title = "a channel of an overlay"
    let ai: OverlayValuesConfig

    init(_ map: MapReader) {
        ai = map.required("ai", .object(OverlayValuesConfig.self), "The channel's AI settings.")
    }
}

struct OverlayValuesConfig: ConfigMap {
    static let title = "'ai'"
    let enabled: Located<Bool>?
    let provider: Located<String>?
    let model: Located<String>?
    let systemPrompt: Located<String>?
    let temperature: Located<Double>?
    let maxTokens: Located<Int>?

    init(_ map: MapReader) {
        enabled = map.optional("enabled", .boolean, "Whether a provider answers at all.")
        provider = map.optional("provider", .name(), "The provider asked first.")
        model = map.optional("model", .verbatim, "The provider's model.")
        systemPrompt = map.optional("system_prompt", .verbatim, "Takes the place of the persona.")
        temperature = map.optional("temperature", .number(0...2), "How freely the model words its answers.")
        maxTokens = map.optional("max_tokens", .integer(1...1_000_000), "The longest answer, in tokens.")
    }

    /// The compiled values.
    var values: OverlayValues {
        var values = OverlayValues()
        values.isEnabled = enabled?.value
        values.provider = provider?.value
        values.model = model?.value
        values.systemPrompt = systemPrompt?.value
        values.temperature = temperature?.value
        values.maxTokens = maxTokens?.value
        return values
    }
}

extension Codec where Value == Located<String> {
    /// Text that came through an API: nothing is looked up in it, not even the environment, or whoever may
    /// change a prompt could read the server's secrets.
    static var verbatim: Codec {
        Codec(
            schema: { _ in ["type": "string"] }, placeholder: { Located("", at: .top(of: "")) },
            read: { node, context in
                guard let text = node.text else {
                    context.reportType(node, wants: "text")
                    return nil
                }
                return Located(text, at: context.firstLine(of: node.range))
            })
    }
}
