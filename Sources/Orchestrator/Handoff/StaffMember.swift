// SPDX-License-Identifier: Apache-2.0

/// A member of staff, and the channel they act from.
package struct StaffMember: Sendable, Hashable {
    /// Who.
    package var caller: Caller
    /// Where: ``NativeChannel/mainName`` for the main port.
    package var channel: String

    /// A member of staff at a channel.
    package init(_ caller: Caller, channel: String) {
        self.caller = caller
        self.channel = channel
    }
}

extension Snapshot {
    /// True when that role answers people.
    package func isStaff(_ role: String) -> Bool { parts.server.roles[role]?.isStaff ?? false }

    /// True when a member of staff may take what waits in a queue: their role is among the queue's, or the channel
    /// vouches for them, and the channel serves the queue.
    package func mayClaim(_ queue: String, _ staff: StaffMember) -> Bool {
        let serves = parts.server.channels[staff.channel]?.serves
        guard staff.channel == NativeChannel.mainName || serves?.contains(queue) == true else { return false }
        if staff.caller.staffOf == staff.channel { return parts.queues[queue] != nil }
        return isStaff(staff.caller.role)
            && parts.queues[queue]?.roles.contains(staff.caller.role) == true
    }

    /// True when they may step into a conversation that has not asked for people: staff of a queue at the main port,
    /// and staff whom a channel vouches for in what was begun there.
    package func mayStepIn(_ record: ConversationRecord, _ staff: StaffMember) -> Bool {
        if let channel = staff.caller.staffOf { return record.channel == channel }
        return staff.channel == NativeChannel.mainName && isStaff(staff.caller.role)
            && !queues(for: staff.caller.role).isEmpty
    }

    /// The channels that announce what waits in a queue.
    package func channels(serving queue: String) -> [String] {
        parts.server.channels.values.filter { $0.serves.contains(queue) }.map(\.name).sorted()
    }
}
