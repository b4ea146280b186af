// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// The responses that can be said in a turn: those of the current assistant, then of the revision a flow is pinned
/// to, then the built-in ones.
package struct ResponseBook: Sendable {
    /// The assistant as it is now.
    package let current: Assistant
    /// The assistant as it was when the open flow began; nil when that is the current one.
    package let pinned: Assistant?

    /// The responses of an assistant and, behind it, of an earlier revision.
    package init(current: Assistant, pinned: Assistant? = nil) {
        self.current = current
        self.pinned = pinned
    }

    /// The response behind a reference; a name nobody knows says that something went wrong.
    package func response(_ reference: ResponseReference) -> Response {
        switch reference {
        case .inline(let response): response
        case .named(let name):
            current.parts.responses[name] ?? pinned?.parts.responses[name] ?? BuiltinResponse.named(name)
                ?? Response([Template(literal: "Sorry, something went wrong.")], type: "error")
        }
    }

    /// The message a reference becomes: one of its wordings by chance, its buttons, its data.
    ///
    /// One that shows a slot of `sensitive` is marked: its text must not be kept.
    package func reply(
        _ reference: ResponseReference, in scope: @autoclosure () -> Scope,
        random: inout some RandomNumberGenerator, sensitive: Set<String> = []
    ) -> Reply {
        let response = response(reference)
        let wording = response.alternatives.randomElement(using: &random)
        // Plain words look nothing up, and to gather all that could be costs more than the rest of a fixed reply.
        if let text = wording?.literal, response.buttons.isEmpty, response.data == nil {
            return Reply(
                text: trimmedEnd(text), type: response.type,
                isSensitive: !sensitive.isEmpty && response.shows(sensitive))
        }
        let scope = scope()
        let buttons = response.buttons.flatMap { $0.values(in: scope) }
        return Reply(
            text: wording.map { trimmedEnd($0.text(in: scope)) } ?? "", type: response.type,
            buttons: buttons.isEmpty ? nil : .array(buttons), data: response.data?.value(in: scope),
            isSensitive: !sensitive.isEmpty && response.shows(sensitive))
    }

    // A YAML block text ends in a line break that nobody means.
    private func trimmedEnd(_ text: String) -> String {
        var text = text
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }
}

extension Response.Button {
    /// The button, or with `each` one for each item.
    fileprivate func values(in scope: Scope) -> [JSON] {
        guard let each else { return [value(in: scope)] }
        let items = each.value(in: scope).items
        return items.prefix(limit ?? items.count).map { value(in: scope.adding("item", $0)) }
    }

    private func value(in scope: Scope) -> JSON {
        var button: JSONObject = JSONObject([
            .init(name: "type", value: .string(type)),
            .init(name: "label", value: .string(label.text(in: scope))),
        ])
        if let value { button["value"] = value.value(in: scope) }
        return .object(button)
    }
}

extension Response {
    /// True when a template in it looks up one of these slots, or all of them.
    fileprivate func shows(_ slots: Set<String>) -> Bool {
        let inButtons = buttons.flatMap {
            $0.label.expressions + ($0.value?.expressions ?? []) + ($0.each?.expressions ?? [])
        }
        let all = alternatives.flatMap(\.expressions) + inButtons + (data?.expressions ?? [])
        return all.contains { $0.shows(slots) }
    }
}

extension Template.Expression {
    /// True when it looks up one of these slots, or all of them.
    func shows(_ slots: Set<String>) -> Bool {
        path.first == "slots" && (path.count < 2 || slots.contains(path[1]))
    }
}
