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
    let ai: ChannelAIConfig

    init(_ map: MapReader) {
        ai = map.required("ai", .object(OverlayAIConfig.self), "The channel's AI settings.").config
    }
}

/// The keys of ``ChannelAIConfig`` with texts that are taken as they are.
struct OverlayAIConfig: ConfigMap {
    static let title = ChannelAIConfig.title
    let config: ChannelAIConfig

    init(_ map: MapReader) { config = ChannelAIConfig(map, text: .verbatim) }
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
