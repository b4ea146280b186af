// SPDX-License-Identifier: Apache-2.0

import WireProtocols

/// A room between a doctor and a patient: a conversation that nobody but people answers in.
struct ClinicRoom: Sendable, Hashable {
    /// The history of a room that its clients are shown.
    static let keptMessages = 100

    /// `chat_` and the two ids.
    let name: String
    let conversation: String
    /// The two ids.
    let members: [String]
    let createdAt: Timestamp
    /// Messages so far.
    let count: Int
    /// It is a conversation with an assistant that one of the two has taken over.
    let isHanded: Bool

    init?(_ found: AliasedConversation) {
        guard found.conversation.assistant == ConversationService.relay, found.alias.user.isEmpty else {
            return nil
        }
        name = found.alias.externalID
        conversation = found.conversation.id
        members = [found.conversation.user] + found.conversation.participants
        createdAt = found.createdAt
        count = found.conversation.sequence
        isHanded = false
    }

    /// `chat_`, the smaller id and the larger one.
    static func name(_ doctor: String, _ patient: String) -> String {
        // By the order of their scalars, as everywhere in this dialect; Swift's own order is another.
        let isOrdered = !patient.unicodeScalars.lexicographicallyPrecedes(doctor.unicodeScalars) {
            $0.value < $1.value
        }
        return isOrdered ? "chat_\(doctor)_\(patient)" : "chat_\(patient)_\(doctor)"
    }

    func has(_ user: String) -> Bool { members.contains(user) }
}

extension String.UnicodeScalarView {
    fileprivate func lexicographicallyPrecedes(
        _ other: String.UnicodeScalarView, by isSmaller: (Unicode.Scalar, Unicode.Scalar) -> Bool
    ) -> Bool { Array(self).lexicographicallyPrecedes(Array(other), by: isSmaller) }
}
