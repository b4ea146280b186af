// SPDX-License-Identifier: Apache-2.0

/// What a model's answer must keep to before it is seen.
package struct OutputRules: Sendable, Hashable {
    /// Which addresses an answer may show.
    package enum Links: Sendable, Hashable {
        case all
        case none
        /// Those of these hosts, and of hosts below them.
        case hosts([String])

        /// True when an address on that host may be shown.
        func allows(_ host: String) -> Bool {
            switch self {
            case .all: true
            case .none: false
            case .hosts(let hosts): hosts.contains { host == $0 || host.hasSuffix("." + $0) }
            }
        }
    }

    /// An answer longer than this is cut there.
    package var maxCharacters = 20_000
    /// Which addresses it may show.
    package var links = Links.all
    /// The safety floor reads along, and its answer takes the place of a sentence that is an alarm.
    package var isScreened = true

    /// The usual rules.
    package init() {}
}
