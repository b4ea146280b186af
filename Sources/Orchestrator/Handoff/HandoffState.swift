// SPDX-License-Identifier: Apache-2.0

/// Who answers in a conversation, with what belongs to it.
package enum HandoffState: Sendable, Hashable {
    /// The assistant. Next: `waiting`, `closed`.
    case assistant
    /// The assistant still answers while people are called. Next: `waiting` in another queue, `human`,
    /// `assistant`.
    case waiting(queue: String, until: Timestamp)
    /// A member of staff; the assistant is silent. Next: `assistant`, `closed`.
    case human(queue: String?, staff: String?)
    /// Nobody, until the person writes again. Next: `assistant`.
    case closed

    /// The state's name as it is stored and told.
    package var name: ConversationState {
        switch self {
        case .assistant: .assistant
        case .waiting: .waiting
        case .human: .human
        case .closed: .closed
        }
    }

    /// The queue it waits in or was claimed from.
    package var queue: String? {
        switch self {
        case .waiting(let queue, _): queue
        case .human(let queue, _): queue
        case .assistant, .closed: nil
        }
    }

    /// When waiting ends by itself.
    package var deadline: Timestamp? {
        if case .waiting(_, let until) = self { until } else { nil }
    }

    /// Who claimed it.
    package var staff: String? {
        if case .human(_, let staff) = self { staff } else { nil }
    }
}
