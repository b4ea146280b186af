// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// `output`: what a provider's answer must keep to.
struct OutputConfig: ConfigMap {
    static let title = "'output'"

    let maxCharacters: Located<Int>
    let links: [Located<String>]
    let isScreened: Located<Bool>

    init(_ map: MapReader) {
        maxCharacters = map.value(
            "max_characters", .integer(1...250_000), default: "20000",
            "An answer longer than this is cut there.")
        links = map.value(
            "links", .oneOrMore(.text), default: "all",
            "Which addresses an answer may show: `all`, `none`, or a list of hosts.")
        isScreened = map.value(
            "screened", .boolean, default: "true",
            "The safety floor reads along; the family's response takes the place of a sentence that is an alarm."
        )
    }

    /// The compiled rules.
    var rules: OutputRules {
        var rules = OutputRules()
        rules.maxCharacters = maxCharacters.value
        rules.isScreened = isScreened.value
        switch links.map(\.value) {
        case ["all"]: rules.links = .all
        case ["none"]: rules.links = .none
        case let hosts: rules.links = .hosts(hosts.map { $0.lowercased() })
        }
        return rules
    }
}
