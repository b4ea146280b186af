// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What each route has spent today (UTC), in all and for each person.
package final class BudgetBook: Sendable {
    /// People counted apart in a day; those beyond share one count.
    static let maxPeople = 100_000

    fileprivate struct Spent {
        var tokens = 0
        var dollars = 0.0
    }

    fileprivate struct Key: Hashable {
        var route: String
        /// Empty for all together.
        var user: String
    }

    fileprivate struct State {
        var day = 0
        var spent: [Key: Spent] = [:]
    }

    private let state = Mutex(State())

    /// Nothing is spent yet.
    package init() {}

    /// True while the route may spend more for that person.
    func allows(_ budget: Budget?, route: String, user: String, at now: Timestamp) -> Bool {
        guard let budget else { return true }
        return state.withLock { state in
            state.turn(to: now)
            let own = state.spent[state.key(route, user)] ?? Spent()
            let all = state.spent[Key(route: route, user: "")] ?? Spent()
            return Self.isBelow(own.tokens, budget.tokensPerUser)
                && Self.isBelow(own.dollars, budget.dollarsPerUser)
                && Self.isBelow(all.tokens, budget.tokens) && Self.isBelow(all.dollars, budget.dollars)
        }
    }

    /// Adds what an answer took.
    func add(_ usage: TokenUsage, dollars: Double, route: String, user: String, at now: Timestamp) {
        state.withLock { state in
            state.turn(to: now)
            for key in [state.key(route, user), Key(route: route, user: "")] {
                state.spent[key, default: Spent()].tokens += usage.input + usage.output
                state.spent[key, default: Spent()].dollars += dollars
            }
        }
    }

    private static func isBelow<Number: Comparable>(_ value: Number, _ limit: Number?) -> Bool {
        limit.map { value < $0 } ?? true
    }
}

extension BudgetBook.State {
    fileprivate mutating func turn(to now: Timestamp) {
        let today = now.seconds / 86_400
        guard today != day else { return }
        day = today
        spent = [:]
    }

    fileprivate func key(_ route: String, _ user: String) -> BudgetBook.Key {
        let key = BudgetBook.Key(route: route, user: user.isEmpty ? "?" : user)
        let isFull = spent.count >= BudgetBook.maxPeople && spent[key] == nil
        return isFull ? BudgetBook.Key(route: route, user: "?") : key
    }
}
