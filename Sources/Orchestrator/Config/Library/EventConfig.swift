// SPDX-License-Identifier: Apache-2.0
import Diagnostics

/// Something that another system tells about a person.
struct EventConfig: ConfigMap {
    static let title = "an event"

    let roles: [Located<String>]
    let data: [Named<Located<ValueType>>]
    let say: SayConfig
    let anchor: SourceRange

    init(_ map: MapReader) {
        roles = map.required("roles", .list(.name(.role)), "The roles whose keys may tell it.")
        data =
            map.optional(
                "data", .names(.type), "What is told with it, by name and type; all of it must come.") ?? []
        say = map.required("say", .say, "What the person is told; it sees `${event.NAME}`.")
        anchor = map.anchor
    }
}
