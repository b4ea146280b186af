// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// One line of `tools`: an action that a model may ask for.
struct ToolConfig: ConfigMap {
    static let title = "a tool"

    let action: Located<String>
    let summary: Located<String>
    let confirm: SayConfig?
    let say: SayConfig?

    init(_ map: MapReader) {
        action = map.required("action", .name(), "The action that a model may ask for.")
        summary = map.required("summary", .text, "What it does, in a sentence for the model.")
        confirm = map.optional(
            "confirm", .say,
            "Asked before an action that changes anything; sees its input as `tool`. Nothing is changed without a yes."
        )
        say = map.optional("say", .say, "Said when it is done.")
    }
}
