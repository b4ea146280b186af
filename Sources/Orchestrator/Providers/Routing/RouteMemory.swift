// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What routes remember from one turn to the next, and over reloads.
package final class RouteMemory: Sendable {
    private let states = Mutex<[String: ProviderState]>([:])
    let budgets = BudgetBook()
    let cache = AnswerCache()

    /// Nothing is remembered yet.
    package init() {}

    /// What is known of a provider; names come from the configuration, so there are few.
    package func state(of provider: String) -> ProviderState {
        states.withLock { states in
            if let known = states[provider] { return known }
            let state = ProviderState()
            states[provider] = state
            return state
        }
    }
}
