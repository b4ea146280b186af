// SPDX-License-Identifier: Apache-2.0
import Diagnostics

extension AssistantLinker {
    mutating func linkEvents() {
        for (name, (config, range)) in names.events.values.sorted(by: { $0.key < $1.key }) {
            let owner = "the event '\(name)'"
            for role in config.roles { index.roles.resolve(role, for: owner, &findings) }
            if config.roles.isEmpty {
                findings.error(
                    "roles-empty", at: range, "\(owner) has no roles, so no key may tell it",
                    help: "name those of the keys that may: roles: [SYSTEM]")
            }
            let data = config.data.map { ValueType.Field(name: $0.name.value, type: $0.value.value) }
            say(config.say, in: scope.with("event", .object(data)), for: owner)
            parts.events[name] = InboundEvent(
                name: name, roles: config.roles.map(\.value), data: data, say: config.say.reference)
        }
    }
}
