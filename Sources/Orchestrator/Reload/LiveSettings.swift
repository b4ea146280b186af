// SPDX-License-Identifier: Apache-2.0
package import Diagnostics

/// Why a change of live settings was not made; all are answered with 409.
package enum LiveSettingsError: Error, Sendable, Hashable {
    /// The tree cannot be written to.
    case readOnly
    /// The change does not pass what every edit must pass.
    case rejected([Diagnostic])
}

/// Changes a channel's AI settings while the server runs: as an overlay file, through the same checks, gate and
/// reload as any edit, so that the files stay the one truth.
package struct LiveSettings: Sendable {
    let reloader: Reloader
    let snapshots: SnapshotStore

    /// Changes through that reloader.
    package init(reloader: Reloader, snapshots: SnapshotStore) {
        self.reloader = reloader
        self.snapshots = snapshots
    }

    /// A channel's settings as they serve now.
    package func current(_ channel: String) -> ChannelAI {
        snapshots.current().parts.server.channels[channel]?.ai ?? ChannelAI()
    }

    /// Changes a channel's settings; returns once they serve.
    ///
    /// Changes are made one after another, each on what the one before it has left.
    /// - Throws: ``LiveSettingsError``; nothing has changed then.
    package func change(
        _ channel: String, _ change: @escaping @Sendable (inout ChannelAI) -> Void
    ) async throws(LiveSettingsError) -> ChannelAI {
        let edit = TreeEdit(path: "overlays/\(channel).yaml") { running in
            var values = running.parts.overlays[channel] ?? ChannelAI()
            change(&values)
            return Array(OverlayText.text(channel, values).utf8)
        }
        guard channel.isKebab else { throw .rejected([]) }
        let report = await reloader.reload("api", edit: edit)
        switch report.outcome {
        case .applied, .unchanged, .valid: return current(channel)
        case .readOnly: throw .readOnly
        case .rejected: throw .rejected(report.diagnostics.filter { $0.severity == .error })
        }
    }
}

/// An overlay file's text.
enum OverlayText {
    static func text(_ channel: String, _ values: ChannelAI) -> String {
        var lines = [
            "# Written by the server; changed through an API. An edit here is taken like any other.",
            "kind: overlay", "version: 1", "channels:", "  \(channel):", "    ai:",
        ]
        if let isEnabled = values.enabled { lines.append("      enabled: \(isEnabled)") }
        if let provider = values.provider { lines.append("      provider: \(quoted(provider))") }
        if let model = values.model { lines.append("      model: \(quoted(model))") }
        if let prompt = values.systemPrompt { lines.append("      system_prompt: \(quoted(prompt))") }
        if let temperature = values.temperature { lines.append("      temperature: \(temperature)") }
        if let maxTokens = values.maxTokens { lines.append("      max_tokens: \(maxTokens)") }
        if lines.last == "    ai:" { lines[lines.count - 1] = "    ai: {}" }
        return lines.joined(separator: "\n") + "\n"
    }

    // Double quotation marks, with everything escaped that YAML would read otherwise; control characters, which
    // no prompt needs and no file may hold, are left out.
    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value): break
            case "\u{A0}", "\u{2028}", "\u{2029}", "\u{FEFF}":
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}

extension String {
    fileprivate var isKebab: Bool { NameRule.kebab.allows(self) }
}
