// SPDX-License-Identifier: Apache-2.0

/// Moves a conversation between the assistant and people.
///
/// Pure: it says what to do and does none of it.
///
///     assistant --request--> waiting --deadline--> otherwise: say, another queue, or the assistant again
///     assistant, waiting, closed --claim--> human --release, transfer--> waiting
///                                           human --close, idle--> assistant or closed
///
/// A queue that is closed falls through to its `otherwise` at once. Each queue is entered at most once a
/// step, so a step ends whatever the queues say about each other.
package struct HandoffMachine: Sendable {
    /// What follows from a step.
    package struct Step: Sendable {
        /// The state after it.
        package var state: HandoffState
        /// Said to the person, in order.
        package var says: [ResponseReference] = []
        /// Queues entered on the way, with whether they were open.
        package var entered: [(queue: String, isOpen: Bool)] = []
        /// True when the person is being handed to a queue that is open, and should be told.
        package var isHandingOver = false
    }

    let queues: [String: Queue]

    /// A machine over the snapshot's queues.
    package init(queues: [String: Queue]) { self.queues = queues }

    /// Someone is asked to take over.
    ///
    /// Nothing changes while people have it or it waits in that queue already, and waiting goes on when the other
    /// queue is closed.
    package func request(_ queue: String, in state: HandoffState, at now: Timestamp) -> Step {
        switch state {
        case .human: return Step(state: state)
        case .waiting(let current, _) where current == queue: return Step(state: state)
        case .assistant, .waiting, .closed: break
        }
        var step = Step(state: .assistant)
        var visited: Set<String> = []
        enter(queue, at: now, &step, &visited)
        // Whoever is awaited elsewhere is not given up for a queue in which nobody is there.
        if case .waiting = state, step.state == .assistant { step.state = state }
        return step
    }

    /// Time has passed; only a waiting state whose deadline has come changes.
    package func tick(_ state: HandoffState, at now: Timestamp) -> Step {
        guard case .waiting(let queue, let until) = state, until <= now else { return Step(state: state) }
        var step = Step(state: .assistant)
        var visited: Set<String> = [queue]
        fallBack(from: queue, at: now, &step, &visited)
        return step
    }

    /// A message of the person reopens what was closed.
    package func reopened(_ state: HandoffState) -> HandoffState { state == .closed ? .assistant : state }

    func enter(_ name: String, at now: Timestamp, _ step: inout Step, _ visited: inout Set<String>) {
        guard visited.insert(name).inserted, let queue = queues[name] else { return }
        let isOpen = queue.hours?.contains(now) ?? true
        step.entered.append((name, isOpen))
        guard isOpen else { return fallBack(from: name, at: now, &step, &visited) }
        step.state = .waiting(queue: name, until: now + queue.claimWithin)
        step.isHandingOver = true
    }

    private func fallBack(
        from name: String, at now: Timestamp, _ step: inout Step, _ visited: inout Set<String>
    ) {
        for fallback in queues[name]?.otherwise ?? [] {
            switch fallback {
            case .say(let response): step.says.append(response)
            case .handoff(let next): return enter(next, at: now, &step, &visited)
            case .end: return
            }
        }
    }
}
