// SPDX-License-Identifier: Apache-2.0

/// Something an assistant says: text in one or several wordings, and what a channel may show beside it.
package struct Response: Sendable, Hashable {
    /// A choice shown as a button where a channel can; always also sayable in words.
    package struct Button: Sendable, Hashable {
        /// What a channel calls it: `call_emergency`.
        package var type: String
        /// The words on it.
        package var label: Template
        /// What it stands for; nil when the type says it all.
        package var value: ValueTemplate?
        /// A list: one button for each item, which `label` and `value` see as `item`.
        package var each: Template?
        /// At most so many buttons of `each`.
        package var limit: Int?

        /// A button, or with `each` a row of them.
        package init(
            type: String, label: Template, value: ValueTemplate?, each: Template? = nil, limit: Int? = nil
        ) {
            self.type = type
            self.label = label
            self.value = value
            self.each = each
            self.limit = limit
        }
    }

    /// Wordings of which one is chosen; at least one.
    package var alternatives: [Template]
    /// What a channel calls this kind of answer: `emergency`, `appointments_list`.
    package var type: String?
    /// Shown beside the text.
    package var buttons: [Button]
    /// Sent beside the text for programs.
    package var data: ValueTemplate?

    /// A response of these parts.
    package init(
        _ alternatives: [Template], type: String? = nil, buttons: [Button] = [], data: ValueTemplate? = nil
    ) {
        self.alternatives = alternatives
        self.type = type
        self.buttons = buttons
        self.data = data
    }
}

/// A response by its name, or one written where it is used.
package enum ResponseReference: Sendable, Hashable {
    /// Looked up in the current assistant, then in the pinned one.
    case named(String)
    /// Written in place.
    case inline(Response)
}
