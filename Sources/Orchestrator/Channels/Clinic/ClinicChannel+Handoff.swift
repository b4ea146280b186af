// SPDX-License-Identifier: Apache-2.0

import WireProtocols

extension ClinicChannel {
    /// A conversation that a member of staff has taken over, as a room that goes by the conversation's id.
    func handedRoom(_ id: String, to identity: Identity) async -> ClinicRoom? {
        guard id.utf8.count <= 64,
            let record = try? await services.service.conversation(id, caller: identity.caller)
        else { return nil }
        return ClinicRoom(handed: record, to: identity.user)
    }

    /// Takes over what waits in a queue that the channel serves; nil when it is not theirs to have.
    func claim(_ id: String, by identity: Identity) async -> ClinicRoom? {
        let staff = StaffMember(identity.caller, channel: name)
        guard id.utf8.count <= 64, services.snapshots.current().isStaff(identity.role),
            let claim = try? await services.service.claim(id, by: staff)
        else { return nil }
        return ClinicRoom(handed: claim.conversation, to: identity.user)
    }

    /// The rooms that a member of staff has from queues.
    func handedRooms(to identity: Identity) async -> [ClinicRoom] {
        let staff = StaffMember(identity.caller, channel: name)
        guard services.snapshots.current().isStaff(identity.role),
            let records = try? await services.service.claimed(by: staff, limit: ClinicSocket.maxRooms)
        else { return [] }
        return records.filter { ConversationContext($0.dialogue).claimedOn == name }
            .compactMap { ClinicRoom(handed: $0, to: identity.user) }
    }
}

extension ClinicRoom {
    /// A conversation that somebody has taken over; nil when they have not.
    init?(handed record: ConversationRecord, to staff: String) {
        guard record.state == .human, record.staff == staff else { return nil }
        name = record.id
        conversation = record.id
        members = [record.user, staff]
        createdAt = record.createdAt
        count = record.sequence
        isHanded = true
    }
}
