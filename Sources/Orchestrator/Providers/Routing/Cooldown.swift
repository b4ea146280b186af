// SPDX-License-Identifier: Apache-2.0

/// Leaves a provider alone that fails again and again, and tries it with one question now and then.
///
///     working --failures--> resting --time is up--> probing --answer--> working
///                              ^------- failure, twice as long ---'
struct Cooldown: Sendable, Hashable {
    /// What becomes of a question.
    enum Admission: Sendable, Hashable {
        case open
        /// This one question finds out whether it works again.
        case probe
        case closed
    }

    private enum State: Sendable, Hashable {
        /// May become resting.
        case working
        /// May become probing.
        case resting(until: Duration, length: Duration, asked: Duration)
        /// May become working or resting.
        case probing(length: Duration, since: Duration)
    }

    private var state = State.working
    private var failures: [Duration] = []
    /// Why it is left alone.
    private(set) var cause: ProviderCause?

    /// True while it is not asked as usual.
    var isResting: Bool { state != .working }

    /// Whether a question may be put now.
    ///
    /// Where there is nobody else to ask (`isLastHope`), a long rest is interrupted each `rule.rest`: people
    /// who would get no answer anyway find out that the provider is back.
    mutating func admit(at now: Duration, _ rule: CooldownRule, isLastHope: Bool = false) -> Admission {
        switch state {
        case .working: return .open
        case .probing(let length, let since):
            // A probe whose outcome was never told must not close the door for ever.
            guard now - since > .seconds(120) else { return .closed }
            state = .probing(length: length, since: now)
            return .probe
        case .resting(let until, let length, let asked):
            guard now >= until || (isLastHope && now - asked >= rule.rest) else { return .closed }
            state = .probing(length: length, since: now)
            return .probe
        }
    }

    /// It has answered.
    mutating func succeeded() {
        state = .working
        failures = []
        cause = nil
    }

    /// It has failed; `retryAfter` is what it asks for, already capped.
    mutating func failed(
        _ cause: ProviderCause, at now: Duration, _ rule: CooldownRule, retryAfter: Duration? = nil
    ) {
        self.cause = cause
        switch state {
        case .working:
            failures = (failures + [now]).filter { now - $0 <= rule.within }.suffix(rule.failures)
            guard failures.count >= rule.failures else { return }
            failures = []
            rest(rule.rest, at: now, retryAfter)
        case .probing(let length, _): rest(min(length * 2, rule.longestRest), at: now, retryAfter)
        case .resting: break
        }
    }

    /// A probe was given up without an outcome: the next question may probe.
    mutating func abandoned(at now: Duration) {
        if case .probing(let length, _) = state { state = .resting(until: now, length: length, asked: now) }
    }

    private mutating func rest(_ length: Duration, at now: Duration, _ retryAfter: Duration?) {
        state = .resting(until: now + max(length, retryAfter ?? .zero), length: length, asked: now)
    }
}
