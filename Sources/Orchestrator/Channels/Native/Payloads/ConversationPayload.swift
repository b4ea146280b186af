// SPDX-License-Identifier: Apache-2.0

import WireProtocols

extension ConversationRecord {
    /// What a new conversation is answered with.
    var startPayload: JSONObject {
        var object = JSONObject()
        object["id"] = .string(self.id)
        object["assistant"] = .string(self.assistant)
        object["epoch"] = .string(self.epoch)
        object["created_at"] = .string(self.createdAt.iso8601)
        object["state"] = .string(self.state.rawValue)
        return object
    }

    /// What lists show.
    var listPayload: JSONObject {
        var object = startPayload
        object["updated_at"] = .string(self.updatedAt.iso8601)
        object["sequence"] = .integer(self.sequence)
        if let queue = self.queue { object["queue"] = .string(queue) }
        if let staff = self.staff { object["staff"] = .string(staff) }
        return object
    }

    /// One conversation: also its open flow and what that has gathered, without what is sensitive.
    ///
    /// Slots are shown by the definition that is being served; those of a flow it does not have are not shown.
    func detailPayload(_ snapshot: Snapshot) -> JSONObject {
        var object = listPayload
        guard let open = ConversationContext(self.dialogue).dialogue.open else { return object }
        object["flow"] = .string(open.name)
        object["slots"] = .object(visibleSlots(snapshot))
        return object
    }

    /// What the open flow has gathered, without what is sensitive.
    func visibleSlots(_ snapshot: Snapshot) -> JSONObject {
        guard let open = ConversationContext(self.dialogue).dialogue.open else { return JSONObject() }
        let flow = snapshot.assistant(self.assistant)?.parts.flows[open.name]
        return Self.visible(open.slots, flow?.slots ?? [])
    }

    private static func visible(_ values: JSONObject, _ slots: [Slot]) -> JSONObject {
        var shown = JSONObject()
        for slot in slots where !slot.isSensitive {
            guard let value = values[slot.name] else { continue }
            guard case .group(let parts, _) = slot.kind else {
                shown[slot.name] = value
                continue
            }
            let items = (value.list ?? []).map { JSON.object(visible($0.members ?? JSONObject(), parts)) }
            shown[slot.name] = .array(items)
        }
        return shown
    }
}
