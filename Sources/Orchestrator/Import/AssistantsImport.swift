// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// Turns a widget's `assistants.json` into files of a tree.
///
/// Each type becomes an assistant whose every text goes to a route of its own, with the vendor's assistant behind it.
package struct AssistantsImport: Sendable {
    /// Why a file is none of these.
    package struct Problem: Error, Sendable, Hashable {
        /// One sentence for whoever runs the command.
        package let message: String
    }

    private struct Entry {
        let type: String
        let id: String
        let provider: String
        let assistantID: String
        let name: String
        let description: String
        let instructions: String
    }

    private static let vendors = [
        "openai": ("openai-assistants", "OPENAI_API_KEY"), "anthropic": ("anthropic", "ANTHROPIC_API_KEY"),
        "google": ("google", "GOOGLE_API_KEY"),
    ]

    private static let address = "${env.OPENAI_BASE_URL | default: 'https://api.openai.com/v1'}"

    /// The files by their names under `bots/`.
    package let files: [(name: String, text: String)]
    /// What to write under `assistants:` of the widget's channel.
    package let channel: String

    /// Reads the file's bytes.
    package init(_ bytes: [UInt8]) throws(Problem) {
        let root: JSON
        do { root = try JSON.parse(bytes) } catch {
            throw Problem(message: "the file is not JSON, at byte \(error.offset)")
        }
        guard let members = root.members?.members, !members.isEmpty else {
            throw Problem(message: "the file must be an object with an entry for each type")
        }
        var entries: [Entry] = []
        for member in members {
            let entry = try Self.entry(member)
            guard !entries.contains(where: { $0.id == entry.id }) else {
                throw Problem(message: "two types would both be called '\(entry.id)'")
            }
            entries.append(entry)
        }
        files =
            [("imported_routing.yaml", Self.routing(entries))]
            + entries.map { ("imported_\($0.id).yaml", Self.assistant($0)) }
        let choices = entries.map { "\(Self.quoted($0.type)): imported_\($0.id)" }
        channel = "{ " + choices.joined(separator: ", ") + " }"
    }

    private static func entry(_ member: JSONObject.Member) throws(Problem) -> Entry {
        let type = shortened(member.name)
        guard member.value.members != nil else { throw Problem(message: "'\(type)' is not an object") }
        func text(_ key: String) throws(Problem) -> String {
            guard let value = member.value[key], !value.isNull else { return "" }
            guard let text = value.text else { throw Problem(message: "'\(type).\(key)' is not a text") }
            return text
        }
        let provider = try text("provider").lowercased()
        guard vendors[provider] != nil || provider.isEmpty else {
            throw Problem(
                message: "'\(type)' names the provider '\(shortened(provider))', which cannot be taken over")
        }
        let corrected = NameRule.id.allows(member.name) ? member.name : NameRule.id.corrected(member.name)
        guard let id = corrected else {
            throw Problem(message: "'\(type)' cannot be made a name")
        }
        return Entry(
            type: member.name, id: id,
            provider: provider.isEmpty ? "openai" : provider,
            assistantID: try text("assistantId"), name: try text("name"),
            description: try text("description"), instructions: try text("instructions"))
    }

    private static func routing(_ entries: [Entry]) -> String {
        var text = "kind: routing\nversion: 1\nproviders:\n"
        for entry in entries {
            let (type, key) = vendors[entry.provider] ?? ("openai-assistants", "OPENAI_API_KEY")
            text += "  imported_\(entry.id):\n    type: \(type)\n"
            if entry.provider == "openai" { text += "    url: \"\(address)\"\n" }
            text += "    key: \"${env.\(key) | default: ''}\"\n"
            if type == "openai-assistants" {
                let own =
                    entry.assistantID.isEmpty ? "${env.OPENAI_ASSISTANT_ID | default: ''}" : entry.assistantID
                text += "    assistant_id: \(quoted(own))\n"
            }
        }
        text += "routes:\n"
        for entry in entries {
            text += "  imported_\(entry.id):\n    mid_stream: stop\n    try:\n"
            text += "      - { provider: imported_\(entry.id) }\n      - { fail: unavailable }\n"
        }
        return text
    }

    private static func assistant(_ entry: Entry) -> String {
        var text = "kind: assistant\nversion: 1\nid: imported_\(entry.id)\n"
        if !entry.name.isEmpty { text += "name: \(quoted(entry.name))\n" }
        if !entry.description.isEmpty { text += "description: \(quoted(entry.description))\n" }
        // An emergency is answered before anything is passed on.
        text += "use: [medical, emergency, clinic_records]\nroles: [anonymous]\n"
        text +=
            "settings: { emergency_number: \"911\", crisis_line: \"988\", timezone: UTC, languages: [en] }\n"
        if !entry.instructions.isEmpty { text += "persona: \(quoted(entry.instructions))\n" }
        return text + "otherwise:\n  - { route: imported_\(entry.id), history: 10 }\n"
    }

    // JSON's quotation is YAML's too; `${` would be looked up.
    private static func quoted(_ text: String) -> String { JSON.string(text).encodedText }
}
