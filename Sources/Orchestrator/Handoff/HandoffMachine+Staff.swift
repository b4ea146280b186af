// SPDX-License-Identifier: Apache-2.0

/// Why a member of staff may not do what they ask.
package enum StaffRefusal: Error, Sendable, Hashable {
    /// Somebody else has the conversation.
    case alreadyClaimed
    /// They do not have the conversation.
    case notClaimed
    /// There is no such queue.
    case unknownQueue
    /// Nobody of the queue is there at this hour.
    case queueClosed
}

extension HandoffMachine {
    /// A member of staff takes the conversation; from a queue, or stepping in.
    ///
    /// Claiming again what one has changes nothing.
    package func claim(_ state: HandoffState, by staff: String) throws(StaffRefusal) -> HandoffState {
        switch state {
        case .human(_, let owner):
            guard owner == staff else { throw .alreadyClaimed }
            return state
        case .waiting(let queue, _): return .human(queue: queue, staff: staff)
        case .assistant, .closed: return .human(queue: nil, staff: staff)
        }
    }

    /// They leave it: it waits again where it was claimed from, or is the assistant's where they had stepped in.
    package func release(
        _ state: HandoffState, by staff: String, at now: Timestamp
    ) throws(StaffRefusal) -> Step {
        let queue = try claimed(state, by: staff)
        var step = Step(state: .assistant)
        var visited: Set<String> = []
        if let queue { enter(queue, at: now, &step, &visited) }
        return step
    }

    /// They pass it on to another queue, which must be open.
    package func transfer(
        _ state: HandoffState, by staff: String, to queue: String, at now: Timestamp
    ) throws(StaffRefusal) -> Step {
        _ = try claimed(state, by: staff)
        guard let target = queues[queue] else { throw .unknownQueue }
        guard target.hours?.contains(now) ?? true else { throw .queueClosed }
        var step = Step(state: .assistant)
        var visited: Set<String> = []
        enter(queue, at: now, &step, &visited)
        return step
    }

    /// They have finished: the assistant's again, or closed until the person writes.
    package func close(
        _ state: HandoffState, by staff: String, _ rule: HumanRule
    ) throws(StaffRefusal) -> HandoffState {
        _ = try claimed(state, by: staff)
        return rule.backWhenClosed ? .assistant : .closed
    }

    private func claimed(_ state: HandoffState, by staff: String) throws(StaffRefusal) -> String? {
        guard case .human(let queue, let owner) = state else { throw .notClaimed }
        guard owner == staff else { throw .alreadyClaimed }
        return queue
    }
}
