// SPDX-License-Identifier: Apache-2.0
import Diagnostics
import WireProtocols
import YAMLTree

/// `settings:`: names and values of the author's choosing, four of which the server reads too.
struct SettingsConfig: Sendable {
    var timezone = Located("UTC", at: .top(of: ""))
    var languages: [Located<String>] = []
    /// How times of day are written; read from `values`.
    static let clocks = ["24h", "12h"]
    /// How `3/4` is read; read from `values`.
    static let dateOrders = ["day_first", "month_first"]
    var values = JSONObject()
    var names: [Located<String>] = []
}

extension Codec where Value == SettingsConfig {
    static var settings: Codec {
        let timezone = Codec<Located<String>>.text
        let languages = Codec<[Located<String>]>.list(.name())
        let clock = Codec<Located<String>>.word(SettingsConfig.clocks)
        let dates = Codec<Located<String>>.word(SettingsConfig.dateOrders)
        return Codec(
            schema: { builder in
                [
                    "type": "object", "propertyNames": ["pattern": .string(NameRule.id.pattern)],
                    "properties": [
                        "timezone": [
                            "type": "string", "default": "UTC",
                            "description":
                                "The IANA zone in which people's times are read and written. Default: UTC.",
                        ],
                        "languages": .object(
                            JSONObject(
                                [
                                    .init(
                                        name: "description",
                                        value:
                                            "The ISO 639-1 codes of the languages it is written for. Default: [en]."
                                    )
                                ] + (languages.schema(builder).members?.members ?? []))),
                        "clock": [
                            "enum": .array(SettingsConfig.clocks.map { .string($0) }), "default": "24h",
                            "description": "How times of day are written: 15:00 or 3:00 PM. Default: 24h.",
                        ],
                        "dates": [
                            "enum": .array(SettingsConfig.dateOrders.map { .string($0) }),
                            "default": "day_first",
                            "description":
                                "How 3/4 is read where both are dates: 3 April or March 4. Default: day_first.",
                        ],
                    ],
                ]
            },
            placeholder: { SettingsConfig() },
            read: { node, context in
                guard let entries = node.entries else {
                    context.reportType(node, wants: "names with a value each, one to a line")
                    return nil
                }
                var settings = SettingsConfig()
                for entry in entries {
                    let name = entry.key.text ?? ""
                    if !NameRule.id.allows(name) { context.reportName(name, at: entry.key.range, rule: .id) }
                    context.key = name
                    if name == "timezone" {
                        timezone.read(entry.value, context).map { settings.timezone = $0 }
                    }
                    if name == "clock" { _ = clock.read(entry.value, context) }
                    if name == "dates" { _ = dates.read(entry.value, context) }
                    if name == "languages" {
                        languages.read(entry.value, context).map { settings.languages = $0 }
                    }
                    settings.names.append(Located(name, at: entry.key.range))
                    settings.values[name] = context.plainJSON(entry.value)
                }
                return settings
            })
    }
}

extension Codec where Value == [Located<String>] {
    /// A list of sentences people say; each is one item on a line of its own.
    static var sentences: Codec {
        Codec(
            schema: { _ in ["type": "array", "items": ["type": "string"]] }, placeholder: { [] },
            read: { node, context in
                guard let items = node.items else {
                    context.reportType(
                        node, wants: "a list of sentences, each on a line that begins with '- '")
                    return nil
                }
                context.checkHumanText(node)
                let owner = context.key
                return items.compactMap { item in
                    guard let text = item.text, !text.isEmpty else {
                        context.missedKeys.insert(owner)
                        context.reportType(
                            item, wants: "a sentence", help: "put the sentence into quotation marks")
                        return nil
                    }
                    return Located(text, at: context.firstLine(of: item.range))
                }
            })
    }
}
